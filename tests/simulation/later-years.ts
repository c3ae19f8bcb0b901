import { createHash } from 'node:crypto';
import { DeleteCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { auditTables } from '../../shared/audit/scan.ts';
import { replaceChance } from '../../shared/platform/random.ts';
import { accepted } from '../../shared/platform/outcome.ts';
import { deriveKey } from '../../shared/platform/secrets.ts';
import { instantSchema, plusSeconds, type Instant } from '../../shared/platform/time.ts';
import { listWhatNeedsAPerson, settle } from '../../shared/upkeep/attention.ts';
import { findSubject } from '../../shared/upkeep/find-subject.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import type { PurchaseWorkflow } from '../../shared/paying/workflow.ts';
import type { TestTables } from '../support/dynamo.ts';
import { sampleCarrier } from '../support/sample-carrier.ts';
import { by } from '../support/faulty-table.ts';
import { endedTooSoon, everythingIn, leftOver, personalTexts, stillMoved, stillNamed } from './forgotten.ts';
import { makeLateMoney } from './later-money.ts';
import { laterProviders } from './later-provider.ts';
import type { Item } from './protocol.ts';
import type { Wrong } from './wrong.ts';
import { seeded } from './seeded.ts';

const day = 86_400;

/** Days after the journeys on which is looked; money comes late on the way, and none in the quiet at the end. */
const weeks = [30, 31, 32, 34, 36, 40];
const quietWeeks = [44, 46, 48, 75, 76, 77];
const years = [1099, 1101, 1104, 1107, 1114];
const quietYears = [1118, 1120, 1122, 1138, 1140, 1156, 1157];

type Later = {
  tables: TestTables;
  /** Of the world that has come to rest. */
  seed: number;
};

/**
 * What becomes of a world that has come to rest, weeks and years later: the clean-up dies and loses answers, money comes
 * for what had long ended, and the data of every order ends all the same, in its time and not before. What happens is
 * drawn by the names of things, since several orders are worked on at once.
 */
export const laterYears = async (later: Later): Promise<Wrong[]> => {
  const { bytes, fraction } = seeded(later.seed);
  const sleep = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());
  replaceChance({ bytes, fraction, sleep });
  const world = await beginLater(later);
  const { texts, arrival, bookings } = world;

  await world.live([29], 'faults');
  world.judge(endedTooSoon(await everythingIn(bookings), 'names'));
  await world.live(weeks, 'faults and late money');
  await world.live(quietWeeks, 'faults');
  world.judge(stillNamed(await everythingIn(bookings), texts));
  await world.audit();
  world.moveTo(plusSeconds(arrival, 1096 * day));
  world.judge(endedTooSoon(await everythingIn(bookings), 'orders'));
  await world.live(years, 'faults and late money');
  await world.live(quietYears, 'faults');
  await world.expire('some');
  await world.audit();
  await world.expire('all');
  await world.audit();
  world.judge(leftOver(await everythingIn(bookings)));
  world.judge(world.notBack().map((what) => ({ rule: 'late-money-back', what: `${what} is not back` })));
  return world.wrong;
};

/** What is drawn by names: the same in every run of a seed, whatever is worked on first. */
const drawByName =
  (seed: number) =>
  (probability: number, ...names: unknown[]): boolean => {
    const hash = createHash('sha256')
      .update(JSON.stringify([seed, ...names]))
      .digest();
    return hash.readUInt32BE() / 2 ** 32 < probability;
  };

const beginLater = async ({ tables, seed }: Later) => {
  const wrong: Wrong[] = [];
  const { bookings } = tables;
  const before = await everythingIn(bookings);
  const arrivals = before.flatMap(({ arrivesAt }) => (arrivesAt ? [instantSchema.parse(arrivesAt)] : []));
  const arrival = arrivals.toSorted().at(-1) ?? instantSchema.parse('2026-12-02T00:00:00.000Z');
  const time = { now: arrival, lateMoney: false };
  const clock = () => time.now;
  const draw = drawByName(seed);
  const happens = (probability: number, ...names: unknown[]) => draw(probability, time.now, ...names);
  const { findProvider, take, notBack } = laterProviders(clock);
  const dependencies = {
    ...tables,
    clock,
    carrier: sampleCarrier,
    workflow: nobodyWaits,
    findProvider,
    signingKey: () =>
      Promise.resolve({ seed: deriveKey('simulation', 'sign-tickets'), carrierId: 'simulated' }),
    // Nobody waits for seats any more.
    random: () => 0,
  };
  await seeToAll(dependencies);
  const payLate = makeLateMoney({ ...dependencies, take, draw, happens });

  /** Requests to the table on their way: lost, answered in vain, or overtaken by money. */
  const odd = by(bookings, async (command, send) => {
    const step = command instanceof TransactWriteCommand && stepIn(command);
    if (!step) return send(command);
    if (happens(0.15, 'lost', step)) throw new Error('the request was lost');
    if (time.lateMoney && happens(0.3, 'overtaken', step)) await payLate(step.pk);
    const answer = await send(command);
    wrong.push(...(await stillMoved(bookings, step.pk, step.state)));
    if (happens(0.15, 'answer', step)) throw new Error('the answer was lost');
    return answer;
  });

  return {
    wrong,
    bookings,
    arrival,
    notBack,
    texts: personalTexts(before),
    judge: (found: readonly Wrong[]) => void wrong.push(...found),
    moveTo: (instant: Instant) => (time.now = instant),
    live: async (days: readonly number[], how: 'faults' | 'faults and late money'): Promise<void> => {
      for (const each of days) {
        Object.assign(time, { now: plusSeconds(arrival, each * day), lateMoney: how !== 'faults' });
        const orders = new Set((await everythingIn(bookings)).map(({ pk }) => String(pk)));
        for (const pk of orders) if (time.lateMoney && happens(0.4, 'late', pk)) await payLate(pk);
        await cleanUp({ ...dependencies, bookings: odd })({ hasTime: () => true });
        Object.assign(time, { now: plusSeconds(time.now, 120), lateMoney: false });
        await cleanUp(dependencies)({ hasTime: () => true });
      }
    },
    /** What DynamoDB does with what is past its time, sooner or later and in any order. */
    expire: async (which: 'some' | 'all'): Promise<void> => {
      for (const { pk, sk, ttl } of await everythingIn(bookings)) {
        if (ttl === undefined || Number(ttl) * 1000 > Date.parse(time.now)) continue;
        if (which === 'some' && happens(0.5, 'stays', pk, sk)) continue;
        await bookings.client.send(new DeleteCommand({ TableName: bookings.name, Key: { pk, sk } }));
      }
    },
    audit: async (): Promise<void> => {
      const { findings } = await auditTables({ ...tables, clock, secondLookMilliseconds: 1 });
      wrong.push(...findings.map(({ invariant, what }) => ({ rule: invariant, what })));
    },
  };
};

/** Whoever was asked for has seen to it by then. */
const seeToAll = async (dependencies: Parameters<typeof settle>[0]): Promise<void> => {
  const { bookings } = dependencies;
  for (const { id } of (await listWhatNeedsAPerson(bookings, { perShardMax: 100 })).items) {
    const subject = await findSubject(bookings, id);
    const inHands = subject?.kind === 'refund' && 'settledBy' in subject.item && subject.item.settledBy;
    const by = inHands || 'later';
    const seenTo = await settle(dependencies)(id, { by, reason: 'seen to' });
    const isToBePaid = seenTo.outcome === 'accepted' && seenTo.now === 'pay-by-hand';
    if (isToBePaid) await settle(dependencies)(id, { by, reason: 'transferred' }, { paid: true });
  }
};

const nobodyWaits: PurchaseWorkflow = {
  start: () => Promise.resolve(accepted({})),
  wakePaid: () => Promise.resolve(),
  wakeCancelled: () => Promise.resolve(),
};

/** The step of an order's data that a transaction takes. */
const stepIn = ({ input }: TransactWriteCommand): { pk: string; state: string } | undefined => {
  const update = input.TransactItems?.map(({ Update }) => Update).find(
    (each) => (each?.Key as Item | undefined)?.['sk'] === 'RETENTION',
  );
  const state: unknown = update?.ExpressionAttributeValues?.[':state'];
  const isEnding =
    state === 'leaving' || (state === 'stripped' && !update?.UpdateExpression?.includes('endsAt'));
  return isEnding ? { pk: String(update?.Key?.['pk']), state: String(state) } : undefined;
};
