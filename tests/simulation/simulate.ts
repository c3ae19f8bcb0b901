import { replaceChance } from '../../shared/platform/random.ts';
import { instantSchema, millisecondsOf } from '../../shared/platform/time.ts';
import { testTables, type TestTables } from '../support/dynamo.ts';
import { stillMoving } from './at-rest.ts';
import { notedRuns } from './runs-follow.ts';
import { openBooks } from './books.ts';
import { makeBuyers } from './buyers.ts';
import { simulatedCarrier } from './carriers.ts';
import { makeCashier } from './cashier.ts';
import { beginDemand } from './demand.ts';
import { dependenciesOf } from './dependencies.ts';
import { drawProfile, type FaultKind, type FaultProfile } from './faults.ts';
import { makeFunctions } from './functions.ts';
import { beginImports } from './imports.ts';
import { makeGate } from './gate.ts';
import { makeMirror } from './mirror.ts';
import { makePersons } from './persons.ts';
import type { Wrong } from './safety.ts';
import { makeScheduler } from './scheduler.ts';
import { seeded } from './seeded.ts';
import { makeStateMachine } from './state-machine.ts';
import { workflowTasks } from './tasks.ts';
import { drawTimetable } from './timetable.ts';
import { unexpectedError } from './unexpected.ts';
import { checkAtRest, watchTables } from './watch-tables.ts';

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
  trace: readonly string[];
};

const start = instantSchema.parse('2026-12-01T00:00:00.000Z');

/** Once nobody new comes and nothing fails any more, all must be at rest within this time. */
const restSecondsMax = 6 * 3600;

/**
 * A provider that changes its mind does so within hours, what it was not asked for is asked about every six, and people
 * come every two.
 */
const oddRestSecondsMax = 24 * 3600;

/** One world from one seed: `calls` calls with faults and new buyers, then quiet, then rest. */
export const simulate = async ({
  seed: number,
  calls,
  focus = {},
}: {
  seed: number;
  calls: number;
  /** What is not left to the seed: to look for one kind of fault in worlds where it is likely. */
  focus?: Partial<FaultProfile>;
}): Promise<Simulated> => {
  const tables = await testTables();
  try {
    return await simulateIn(tables, number, calls, focus);
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
  const seed = seeded(number);
  const scheduler = makeScheduler(seed, millisecondsOf(start));
  replaceChance({
    bytes: seed.bytes,
    fraction: seed.fraction,
    sleep: (milliseconds) => scheduler.sleep(scheduler.current(), milliseconds),
  });
  const wrong: Wrong[] = [];
  const answers = new Map<string, string>();
  const failed = (name: string, error: unknown): void => {
    const what = unexpectedError(error);
    if (what) wrong.push({ rule: 'unexpected-error', what: `${name}: ${what}` });
  };
  const drawn = { ...drawProfile(seed), ...focus };
  let isQuiet = false;
  const profile = (): FaultProfile | undefined => (isQuiet ? undefined : drawn);
  const { runs, nextVersion } = await drawTimetable(tables, seed, start);
  const mirror = makeMirror();
  const books = openBooks(scheduler, () => profile()?.oddProvider === true);
  const carrier = simulatedCarrier(drawn);
  const watch = await watchTables(tables, {
    scheduler,
    carrier,
    mirror,
    wrong,
    lateRequests: () => drawn.probability > 0 && drawn.kinds.some((kind) => lateKinds.has(kind)),
    offer: (...records) => {
      functions.publishEvents.offer(records[0]);
      functions.updateAvailability.offer(records[1]);
      functions.watchHolds.offer(records[1]);
    },
  });
  const gate = makeGate(scheduler, { profile, onWrite: watch.written });
  const machine = makeStateMachine(scheduler, {
    tasks: workflowTasks((actor) => dependencies(actor)),
    loses: () => !isQuiet && seed.happens(drawn.probability / 4),
    died: (orderId, execution) => {
      if (isQuiet || !seed.happens(0.2)) functions.executionDied(orderId, execution);
    },
    failed,
  });
  const dependencies = dependenciesOf({ scheduler, carrier, gate, tables, books, machine });
  const isDue = (): boolean => (mirror.nextDue() ?? '9') <= scheduler.clock();
  const functions = makeFunctions({ scheduler, gate, profile, dependenciesOf: dependencies, failed, isDue });
  const cashier = makeCashier({ scheduler, books, profile, dependenciesOf: dependencies, failed });
  const buyers = makeBuyers({
    scheduler,
    dependenciesOf: dependencies,
    cashier,
    lateMoney: drawn.lateMoney,
    oddMoney: drawn.oddProvider,
    users: drawn.tightBudgets ? 4 : 8,
    failed,
    answered: (key, answer) => {
      const before = answers.get(key) ?? answer;
      answers.set(key, before);
      if (before !== answer) wrong.push({ rule: 'one-answer', what: `${key} was answered in two ways` });
    },
  });

  const persons = makePersons({
    scheduler,
    dependenciesOf: dependencies,
    books,
    wrong,
    failed,
    isQuiet: () => isQuiet,
    stay: drawn.oddProvider && seed.happens(0.7),
  });
  if (drawn.oddProvider) persons.begin();
  const { closeRun } = functions;
  beginDemand({
    scheduler,
    buyers,
    books,
    runs,
    closeRun,
    isQuiet: () => isQuiet,
    isOdd: drawn.oddProvider,
  });
  beginImports(scheduler, nextVersion, { importVersion: functions.importVersion, isQuiet: () => isQuiet });

  while (gate.calls() < calls && wrong.length === 0 && (await scheduler.step()));
  isQuiet = true;
  scheduler.note('quiet');
  const quietSince = scheduler.now();
  const isAtRest = (): boolean =>
    scheduler.now() - quietSince > (drawn.lostBatches > 0 ? sweptSecondsMin : quietSecondsMin) * 1000 &&
    buyers.busy() + persons.busy() + machine.running() + functions.pending() === 0 &&
    !books.isSilent() &&
    !books.refunds.isRestless() &&
    !watch.isBehind() &&
    stillMoving(mirror.snapshot(scheduler.clock()), ending).length + notedRuns(mirror).length === 0;
  const ending = { books, peopleStay: persons.stay };
  const restSeconds = drawn.oddProvider ? oddRestSecondsMax : restSecondsMax;
  const restBy = Math.max(quietSince, books.silentUntil()) + restSeconds * 1000;
  for (let n = 1; wrong.length === 0 && scheduler.now() < restBy; n += 1) {
    await scheduler.step();
    if (n % 20 === 0 && isAtRest()) break;
  }
  if (wrong.length === 0) wrong.push(...(await checkAtRest({ tables, mirror, scheduler, ...ending })));
  watch.stop();
  const snapshot = mirror.snapshot(scheduler.clock());
  return {
    seed: number,
    wrong,
    calls: gate.calls(),
    events: scheduler.happened(),
    simulatedSeconds: Math.round((scheduler.now() - millisecondsOf(start)) / 1000),
    buyers: buyers.count(),
    injected: gate.injected,
    transitions: watch.transitions,
    ends: countBy(snapshot.orders.map(({ order }) => order?.state ?? 'absent')),
    trace: scheduler.trace,
  };
};

const lateKinds: ReadonlySet<FaultKind> = new Set(['lands-later', 'crash-and-lands-later']);

/** Late requests, frozen functions, redeliveries and late notifications of before are over by then. */
const quietSecondsMin = 45 * 60;

/** What streams have lost is found by the next sweep, which comes within the hour there. */
const sweptSecondsMin = 75 * 60;

const countBy = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};
