import type { Payment } from '../../shared/payments/model.ts';
import type { ProviderPayment } from '../../shared/payments/provider.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { reconcileDay } from '../../shared/reconciliation/reconcile-day.ts';
import {
  morningAfter,
  reconciledDay,
  reconcilingWorld,
  type ReconcilingWorld,
} from '../support/reconciling-world.ts';

jest.setTimeout(60_000);

/** More than are asked about at once. */
const lostThere = 20;
const lostHere = 2;

let world: ReconcilingWorld;
let lost: Payment[];
beforeEach(async () => {
  world = await reconcilingWorld();
  const run = await world.nextRun(30);
  world.wait(instantSchema.parse('2026-12-01T08:00:00.000Z'));
  lost = [];
  for (let person = 1; person <= lostHere; person += 1)
    lost.push(await world.sell(run, person, { isTold: false }));
  for (let person = 1; person <= lostThere; person += 1)
    await world.sell(run, lostHere + person, { isInBill: false });
  world.wait(morningAfter);
});
afterEach(() => world.stop());

type Ask = (payment: Payment) => Promise<ProviderPayment>;

/** A run that ends after so many answers, and about which payments it asked. */
const runFor = async ({
  answers = Infinity,
  query,
}: { answers?: number; query?: (ask: Ask) => Ask } = {}) => {
  const asked: string[] = [];
  let answered = 0;
  const provider = world.findProvider();
  const ask: Ask = (payment) => provider.query(payment);
  const counting: Ask = async (payment) => {
    asked.push(payment.paymentId);
    const answer = await (query?.(ask) ?? ask)(payment);
    answered += 1;
    return answer;
  };
  const findProvider = () => ({ ...provider, query: counting });
  const result = await reconcileDay({ ...world.dependencies, findProvider })(
    reconciledDay,
    () => answered < answers,
  );
  return { asked, result };
};

const countOf = ({ result }: Awaited<ReturnType<typeof runFor>>) => {
  if (result.outcome === 'rejected') return result.reason;
  const sorts = Object.groupBy(result.differences, ({ class: of, state }) => `${of} ${state}`);
  return Object.fromEntries(Object.entries(sorts).map(([sort, all]) => [sort, all?.length]));
};

const whole = { 'missing-here repaired': lostHere, 'missing-there open': lostThere };

test('a day with more questions than one call has time for ends in the next ones, each asked once', async () => {
  const asked: string[] = [];
  let last = await runFor({ answers: 1 });
  for (let calls = 1; last.result.outcome === 'rejected' && calls < 9; calls += 1) {
    expect(last.result.reason).toBe('out-of-time');
    asked.push(...last.asked);
    world.pass(3600);
    last = await runFor({ answers: 1 });
  }
  asked.push(...last.asked);
  expect(countOf(last)).toEqual(whole);
  expect(asked.length).toBeGreaterThan(last.asked.length);
  expect(new Set(asked).size).toBe(asked.length);
  expect(asked).toHaveLength(lostHere + lostThere);
});

test('after its report a day is asked about anew', async () => {
  await runFor({ answers: 1 });
  expect(countOf(await runFor())).toEqual(whole);
  const again = await runFor();
  expect(again.asked).toHaveLength(lostThere);
  expect(countOf(again)).toEqual(whole);
});

test('answers that are a day old count no more', async () => {
  const first = await runFor({ answers: 1 });
  world.pass(86_400);
  const second = await runFor();
  expect(second.asked).toEqual(expect.arrayContaining(first.asked.filter((id) => !isLost(id))));
  expect(second.asked).toHaveLength(lostThere);
});

const isLost = (id: string): boolean => lost.some(({ paymentId }) => paymentId === id);

const silence = Object.assign(new Error('no answer'), { name: 'TimeoutError' });

test('an answer that is lost now and then ends no run, and each is asked for again', async () => {
  const silentOnce = new Set<string>();
  const run = await runFor({
    query: (ask) => async (payment) => {
      if (silentOnce.size >= 5 || silentOnce.has(payment.paymentId)) return ask(payment);
      silentOnce.add(payment.paymentId);
      throw silence;
    },
  });
  expect(run.asked).toHaveLength(lostHere + lostThere + 5);
  expect(countOf(run)).toEqual(whole);
});

test('a provider that falls silent ends the run at once, and what it has said is not asked again', async () => {
  let answers = 0;
  const first = await runFor({
    query: (ask) => async (payment) => {
      if ((answers += 1) > 4) throw silence;
      return ask(payment);
    },
  });
  expect(countOf(first)).toBe('provider-silent');
  const second = await runFor();
  expect(second.asked).toHaveLength(lostHere + lostThere - 4);
  expect(countOf(second)).toEqual(whole);
  const dead = await runFor({ query: () => () => Promise.reject(silence) });
  expect(countOf(dead)).toBe('provider-silent');
  // Eight at once, and those that were under way.
  expect(dead.asked.length).toBeLessThanOrEqual(16);
});
