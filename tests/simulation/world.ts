import { replaceChance } from '../../shared/platform/random.ts';
import { instantSchema, millisecondsOf } from '../../shared/platform/time.ts';
import type { TestTables } from '../support/dynamo.ts';
import { openBooks } from './books.ts';
import { makeBuyers } from './buyers.ts';
import { simulatedCarrier } from './carriers.ts';
import { makeCashier } from './cashier.ts';
import { dependenciesOf, simulatedKey } from './dependencies.ts';
import { drawProfile, type FaultKind, type FaultProfile } from './faults.ts';
import { makeDisruptions } from './disruptions.ts';
import { makeExchanges } from './exchanges.ts';
import { makeGiveBacks } from './give-backs.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { makeFunctions } from './functions.ts';
import { makeGates } from './gate-actor.ts';
import { makeGate } from './gate.ts';
import { makeGrants } from './grants.ts';
import { makeMirror } from './mirror.ts';
import { makePersons } from './persons.ts';
import { makeScheduler } from './scheduler.ts';
import { seeded } from './seeded.ts';
import { makeStateMachine } from './state-machine.ts';
import { simulatedTasks } from './tasks.ts';
import { drawTimetable } from './timetable.ts';
import { unexpectedError } from './unexpected.ts';
import { watchTables } from './watch-tables.ts';
import type { Wrong } from './wrong.ts';

export const start = instantSchema.parse('2026-12-01T00:00:00.000Z');

const lateKinds: ReadonlySet<FaultKind> = new Set(['lands-later', 'crash-and-lands-later']);

/** What a seed decides before anything happens, and where everything that was wrong is noted. */
const makeSetting = (number: number, focus: Partial<FaultProfile>) => {
  const seed = seeded(number);
  const scheduler = makeScheduler(seed, millisecondsOf(start));
  replaceChance({
    bytes: seed.bytes,
    fraction: seed.fraction,
    sleep: (milliseconds) => scheduler.sleep(scheduler.current(), milliseconds),
  });
  const wrong: Wrong[] = [];
  const drawn = { ...drawProfile(seed), ...focus };
  let quiet = false;
  return {
    scheduler,
    wrong,
    drawn,
    failed: (name: string, error: unknown): void => {
      const what = unexpectedError(error);
      if (what) wrong.push({ rule: 'unexpected-error', what: `${name}: ${what}` });
    },
    isQuiet: (): boolean => quiet,
    /** From now on nobody new comes and nothing fails any more. */
    becomeQuiet: (): void => {
      quiet = true;
      scheduler.note('quiet');
    },
    profile: (): FaultProfile | undefined => (quiet ? undefined : drawn),
  };
};
type Setting = ReturnType<typeof makeSetting>;

/** The tables, what watches them, the way to them, the workflow, and everything that runs by itself. */
const makeSystem = async (tables: TestTables, setting: Setting) => {
  const { scheduler, wrong, drawn, failed, isQuiet, profile } = setting;
  const { seed } = scheduler;
  const mirror = makeMirror();
  const books = openBooks(scheduler, () => profile()?.oddProvider === true);
  const carrier = simulatedCarrier(drawn);
  const watch = await watchTables(tables, {
    scheduler,
    carrier,
    mirror,
    books,
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
    tasks: simulatedTasks((actor) => dependencies(actor)),
    loses: () => !isQuiet() && seed.happens(drawn.probability / 4),
    died: (orderId, execution) => {
      if (isQuiet() || !seed.happens(0.2)) functions.executionDied(orderId, execution);
    },
    failed,
  });
  const dependencies = dependenciesOf({ scheduler, carrier, gate, tables, books, machine });
  const isDue = (): boolean => (mirror.nextDue() ?? '9') <= scheduler.clock();
  const functions = makeFunctions({
    scheduler,
    gate,
    profile,
    dependenciesOf: dependencies,
    failed,
    isDue,
    isWaiting: () => isQuiet() && books.isSilent(),
  });
  return { mirror, books, watch, gate, machine, dependencies, functions };
};
type System = Awaited<ReturnType<typeof makeSystem>>;

/** Those who buy, and those who operate. */
const makePeople = (
  { scheduler, wrong, drawn, failed, isQuiet, profile }: Setting,
  { books, dependencies, mirror }: System,
  runs: readonly Run[],
) => {
  const answers = new Map<string, string>();
  const all = { scheduler, dependenciesOf: dependencies, books, failed };
  const cashier = makeCashier({ ...all, profile, wrong });
  const buyers = makeBuyers({
    ...all,
    cashier,
    lateMoney: drawn.lateMoney,
    families: drawn.families,
    oddMoney: drawn.oddProvider,
    providers: drawn.providers,
    seatChanges: drawn.seatChanges,
    users: drawn.tightBudgets ? 4 : 8,
    answered: (key, answer) => {
      const before = answers.get(key) ?? answer;
      answers.set(key, before);
      if (before !== answer) wrong.push({ rule: 'one-answer', what: `${key} was answered in two ways` });
    },
  });
  const stay = drawn.oddProvider && scheduler.seed.happens(0.7);
  return {
    buyers,
    cashier,
    persons: makePersons({ ...all, wrong, isQuiet, stay }),
    grants: makeGrants({ ...all, mirror, isQuiet }),
    giveBacks: makeGiveBacks({ ...all, mirror, isQuiet }),
    gates: makeGates({ ...all, mirror, isQuiet, signingKey: simulatedKey }),
    exchanges: makeExchanges({ ...all, mirror, isQuiet, runs, cashier, providers: drawn.providers }),
  };
};

export type World = Awaited<ReturnType<typeof makeWorld>>;

/** One world from one seed, in which nothing has happened yet. */
export const makeWorld = async (tables: TestTables, number: number, focus: Partial<FaultProfile>) => {
  const setting = makeSetting(number, focus);
  const timetable = await drawTimetable(tables, setting, start);
  const system = await makeSystem(tables, setting);
  const disruptions = makeDisruptions({
    ...setting,
    dependenciesOf: system.dependencies,
    mirror: system.mirror,
    runs: timetable.runs,
  });
  return { ...setting, ...timetable, ...system, ...makePeople(setting, system, timetable.runs), disruptions };
};
