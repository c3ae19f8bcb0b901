import { millisecondsOf } from '../../shared/platform/time.ts';
import { testTables, type TestTables } from '../support/dynamo.ts';
import { stillMoving } from './at-rest.ts';
import { beginDemand } from './demand.ts';
import type { FaultKind, FaultProfile } from './faults.ts';
import { historiesIn, sumsOf, type SumsByCurrency } from './histories.ts';
import { beginImports } from './imports.ts';
import { laterYears } from './later-years.ts';
import { notedRuns } from './runs-follow.ts';
import { checkAtRest } from './watch-tables.ts';
import { makeWorld, start, type World } from './world.ts';
import type { Wrong } from './wrong.ts';

export type Simulated = {
  seed: number;
  wrong: Wrong[];
  calls: number;
  events: number;
  simulatedSeconds: number;
  buyers: number;
  injected: ReadonlyMap<FaultKind, number>;
  transitions: ReadonlyMap<string, number>;
  ends: Readonly<Record<string, number>>;
  /** How many orders somebody began to pay, and how their money stands by our own books: at the end, and when quiet began. */
  histories: { count: number; atRest: SumsByCurrency; whenQuiet: SumsByCurrency };
  trace: readonly string[];
};

/** Once nobody new comes and nothing fails any more, all must be at rest within this time. */
const restSecondsMax = 6 * 3600;

/**
 * A provider that changes its mind does so within hours, what it was not asked for is asked about every six, and people
 * come every hour.
 */
const oddRestSecondsMax = 24 * 3600;

/** One world from one seed: `calls` calls with faults and new buyers, then quiet, then rest. */
export const simulate = async ({
  seed: number,
  calls,
  focus = {},
  withLaterYears = true,
}: {
  seed: number;
  calls: number;
  /** Whether the years after the journeys are simulated as well, until the data of all orders has ended. */
  withLaterYears?: boolean;
  /** What is not left to the seed: to look for one kind of fault in worlds where it is likely. */
  focus?: Partial<FaultProfile>;
}): Promise<Simulated> => {
  const tables = await testTables();
  try {
    const simulated = await simulateIn(tables, number, calls, focus);
    if (withLaterYears && simulated.wrong.length === 0)
      simulated.wrong.push(...(await laterYears({ tables, seed: number })));
    return simulated;
  } finally {
    await tables.stop();
  }
};

const simulateIn = async (
  tables: TestTables,
  number: number,
  calls: number,
  focus: Partial<FaultProfile>,
): Promise<Simulated> => {
  const world = await makeWorld(tables, number, focus);
  const { scheduler, wrong, gate, watch, mirror, books, persons, functions, isQuiet } = world;
  const isOdd = world.drawn.oddProvider;
  if (isOdd) persons.begin();
  if (world.drawn.grants) world.grants.begin();
  if (world.drawn.giveBacks) world.giveBacks.begin();
  if (world.drawn.disruptions) world.disruptions.begin();
  if (world.drawn.gates) world.gates.begin();
  if (world.drawn.exchanges) world.exchanges.begin();
  beginDemand({ ...world, closeRun: functions.closeRun, isOdd, providers: world.drawn.providers });
  beginImports(scheduler, world.nextVersion, { importVersion: functions.importVersion, isQuiet });

  while (gate.calls() < calls && wrong.length === 0 && (await scheduler.step()));
  world.becomeQuiet();
  const whenQuiet = sumsOf(historiesIn(mirror));
  await comeToRest(world);
  if (wrong.length === 0)
    wrong.push(
      ...(await checkAtRest({ tables, mirror, scheduler, books, peopleStay: persons.stay })),
      ...world.grants.check(),
      ...world.giveBacks.check(),
      ...world.disruptions.check(),
      ...world.gates.check(),
      ...world.exchanges.check(),
    );
  watch.stop();
  const snapshot = mirror.snapshot(scheduler.clock());
  const histories = historiesIn(mirror);
  return {
    seed: number,
    wrong,
    calls: gate.calls(),
    events: scheduler.happened(),
    simulatedSeconds: Math.round((scheduler.now() - millisecondsOf(start)) / 1000),
    buyers: world.buyers.count(),
    injected: gate.injected,
    transitions: watch.transitions,
    ends: countBy(snapshot.orders.map(({ order }) => order?.state ?? 'absent')),
    histories: { count: histories.length, atRest: sumsOf(histories), whenQuiet },
    trace: scheduler.trace,
  };
};

/** Lets everything happen until nothing moves any more, or its time is over. */
const comeToRest = async (world: World): Promise<void> => {
  const { scheduler, wrong, drawn, books, persons, mirror } = world;
  const quietSince = scheduler.now();
  const quietSeconds = drawn.lostBatches > 0 ? sweptSecondsMin : quietSecondsMin;
  const isAtRest = (): boolean =>
    scheduler.now() - quietSince > quietSeconds * 1000 &&
    isIdle(world) &&
    stillMoving(mirror.snapshot(scheduler.clock()), { books, peopleStay: persons.stay }).length === 0 &&
    notedRuns(mirror).length === 0;
  const restSeconds = drawn.oddProvider ? oddRestSecondsMax : restSecondsMax;
  const restBy = Math.max(quietSince, books.silentUntil()) + restSeconds * 1000;
  for (let n = 1; wrong.length === 0 && scheduler.now() < restBy; n += 1) {
    await scheduler.step();
    if (n % 20 === 0 && isAtRest()) return;
  }
};

/** Nobody and nothing is at work, and the provider has nothing up its sleeve. */
const isIdle = ({
  buyers,
  cashier,
  persons,
  grants,
  giveBacks,
  disruptions,
  gates,
  exchanges,
  machine,
  functions,
  books,
  watch,
}: World): boolean =>
  buyers.busy() +
    persons.busy() +
    grants.busy() +
    giveBacks.busy() +
    disruptions.busy() +
    gates.busy() +
    exchanges.busy() ===
    0 &&
  machine.running() + functions.pending() === 0 &&
  !books.isSilent() &&
  !books.isProcessing() &&
  !books.refunds.isRestless() &&
  !cashier.isTelling() &&
  !watch.isBehind();

/** Late requests, frozen functions, redeliveries and late notifications of before are over by then. */
const quietSecondsMin = 45 * 60;

/** What streams have lost is found by the next sweep, which comes within the hour there. */
const sweptSecondsMin = 75 * 60;

const countBy = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};
