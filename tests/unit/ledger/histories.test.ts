import fc from 'fast-check';
import { lookupsOf } from '../../../shared/audit/lookups.ts';
import { usualBounds, type OrderPart } from '../../../shared/audit/model.ts';
import { auditMoney } from '../../../shared/audit/money.ts';
import { addingUp, sumsOf } from '../../../shared/ledger/balances.ts';
import { entryKinds } from '../../../shared/ledger/model.ts';
import { imbalanceOf } from '../../../shared/ledger/rules.ts';
import {
  isBack,
  isCaptured,
  isPaidTwice,
  isReturned,
  providerSchema,
  takenOf,
  wasPaidTwice,
  type CapturedPayment,
} from '../../../shared/payments/model.ts';
import { money } from '../../../shared/platform/money.ts';
import { history } from './history.ts';

type History = ReturnType<typeof history>;
type Step = { does: string; to: (world: History) => void };

const index = fc.nat(2);
const provider = fc.constantFrom(...providerSchema.options);
const person = fc.constantFrom('zhang', 'zhang', 'li');
const otherAmount = fc.record({
  amount: fc.integer({ min: 1, max: 200_000 }),
  currency: fc.constantFrom('CNY', 'USD'),
});

const step = <Facts>(does: string, facts: fc.Arbitrary<Facts>, to: (world: History, facts: Facts) => void) =>
  facts.map((chosen): Step => ({
    does: `${does} ${JSON.stringify(chosen)}`,
    to: (world) => to(world, chosen),
  }));

const declined = { state: 'failed', why: 'a test' } as const;

const steps = fc.oneof(
  step('begin', provider, (world, name) => world.begin(name)),
  step('capture', index, (world, n) => world.capture(n)),
  step('capture another amount', fc.tuple(index, otherAmount), (world, [n, paid]) =>
    world.capture(n, money(paid.amount, paid.currency)),
  ),
  step('apply', fc.tuple(index, fc.boolean()), (world, [n, seatsAreFree]) =>
    world.apply(n, { seatsAreFree }),
  ),
  step('issue', fc.constant(0), (world) => {
    world.issue();
    world.issueTickets();
  }),
  step('give a ticket back', fc.tuple(fc.nat(1), fc.nat(100)), (world, [n, percent]) =>
    world.giveBack(n, percent),
  ),
  step('give up', fc.constant(0), (world) => world.giveUp()),
  step('expire', fc.constant(0), (world) => world.expire()),
  step('grant', fc.integer({ min: 1, max: 60_000 }), (world, amount) => world.grant(amount)),
  step('confirm', index, (world, n) => world.answer(n, { state: 'succeeded' })),
  step('decline', index, (world, n) => world.answer(n, declined)),
  step('wait', index, (world, n) => world.answer(n, { state: 'processing' })),
  step('take in hand', fc.tuple(index, person), (world, [n, by]) => world.takeInHand(n, by)),
  step('hand back', fc.tuple(index, person), (world, [n, by]) => world.handBack(n, by)),
  step('finish', fc.tuple(index, person), (world, [n, by]) => world.finish(n, by)),
  step(
    'costs',
    fc.tuple(provider, fc.integer({ min: 1, max: 999 }), fc.boolean()),
    (world, [name, amount, back]) => world.costs(name, back ? -amount : amount),
  ),
  step('pass', fc.constantFrom(1, 60, 3600), (world, seconds) => world.pass(seconds)),
);

const total = (amounts: readonly { amount: number; currency: string }[]): number =>
  amounts.reduce((sum, { amount, currency }) => sum + (currency === 'CNY' ? amount : 0), 0);

const nothing = { amount: 0, currency: 'CNY' };

const capturedOf = ({ payments }: Pick<OrderPart, 'payments'>): CapturedPayment[] =>
  payments.flatMap((payment) => (isCaptured(payment) ? [payment] : []));

/** What must stand on the accounts in yuan, from the states alone. */
const standsByStates = ({ order, payments, refunds, tickets }: OrderPart): Record<string, number> => {
  const taken = capturedOf({ payments }).map(takenOf);
  const owed = refunds.map(({ amount }) => amount);
  const fare = order?.state === 'issued' ? order.amount.amount : 0;
  const ofIssued = order?.state === 'issued' ? order.paidBy : undefined;
  const granted = total(
    refunds.filter(({ paymentId }) => paymentId === ofIssued).map(({ amount }) => amount),
  );
  const of = (isOne: (refund: OrderPart['refunds'][number]) => boolean) =>
    total(refunds.filter(isOne).map(({ amount }) => amount));
  const fees = total(tickets.map((ticket) => (ticket.state === 'refunded' ? ticket.refund.fee : nothing)));
  const atProvider = of(
    (each) =>
      (each.state === 'succeeded' && !isReturned(each)) || (each.state === 'settled' && isPaidTwice(each)),
  );
  const byHand = of((each) => each.state === 'settled' || wasPaidTwice(each));
  return {
    clearing: total(taken) - atProvider,
    passengers: -(total(taken) - fare - (total(owed) - granted)),
    fares: -(fare - granted - fees),
    fees: -fees,
    'refunds-payable': -(total(owed) - of(isBack)),
    'by-hand': -byHand,
    overpaid: of(isPaidTwice),
  };
};

/** The balances of the order's entries in yuan, all providers together. */
const standsByBooks = ({ entries }: OrderPart): Map<string, number> => {
  const sums = addingUp();
  for (const entry of entries) sums.add(entry);
  const stands = new Map<string, number>();
  for (const { account, currency, balance } of sums.standing())
    if (currency === 'CNY') stands.set(account, (stands.get(account) ?? 0) + Number(balance));
  return stands;
};

const expectSound = (world: History): void => {
  const { part, entries, now } = world.stored();
  const sums = addingUp();
  for (const entry of entries) {
    expect(imbalanceOf(entry)).toBe(0n);
    sums.add(entry);
  }
  for (const { balance } of sumsOf(sums.standing())) expect(balance).toBe(0n);
  for (const payment of capturedOf(part)) {
    const back = part.refunds.filter(({ paymentId }) => paymentId === payment.paymentId);
    const sum = back.reduce((all, { amount }) => all + amount.amount, 0);
    expect(payment.refundable + sum).toBe(takenOf(payment).amount);
    const paidBack = total(back.filter(isBack).map(({ amount }) => ({ ...amount, currency: 'CNY' })));
    expect(payment.paidBack ?? 0).toBe(paidBack);
    expect(payment.state === 'refunded').toBe(paidBack === takenOf(payment).amount);
  }
  const books = standsByBooks(part);
  for (const [account, amount] of Object.entries(standsByStates(part)))
    expect([account, books.get(account) ?? 0]).toEqual([account, amount + 0]);
  const nothing = {
    runs: [],
    claims: [],
    userCounts: [],
    indexedItems: [],
    costs: [],
    bills: [],
    toldCosts: [],
    cancellations: [],
  };
  const snapshot = { ...nothing, now, orders: [part] };
  expect(auditMoney(part, lookupsOf(snapshot, { ...usualBounds, overdueSeconds: 1e9 }))).toEqual([]);
};

test('whatever happens to an order’s money, its books are equal, say what its states say, and pass the audit', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 40, size: 'max' }), (all) => {
      const world = history();
      for (const { to } of all) {
        to(world);
        expectSound(world);
      }
    }),
    { numRuns: 150 },
  );
}, 60_000);

/** A history in which everything happens once, so that the steps above are known to lead there. */
const everything: ((world: History) => void)[] = [
  ...providerSchema.options.map((name) => (world: History) => world.begin(name)),
  ...[0, 1].map((n) => (world: History) => world.capture(n)),
  (world) => world.capture(2, money(1, 'USD')),
  ...[0, 1].map((n) => (world: History) => world.apply(n, { seatsAreFree: true })),
  (world) => world.issue(),
  ...[500, 700].map((amount) => (world: History) => world.grant(amount)),
  (world) => world.issueTickets(),
  (world) => world.giveBack(0, 20),
  // The other amount, the surplus, and two parts of the fare.
  (world) => world.answer(0, { state: 'succeeded' }),
  ...[1, 2].flatMap((n) => [
    (world: History) => world.answer(n, declined),
    (world: History) => world.takeInHand(n, 'zhang'),
  ]),
  (world) => world.answer(1, { state: 'succeeded' }),
  ...[1, 2].map((n) => (world: History) => world.finish(n, 'zhang')),
  (world) => world.answer(2, { state: 'succeeded' }),
  // The other amount comes back from the buyer's bank, and so does what the provider had paid as well.
  (world) => world.answer(0, declined),
  ...[1, 2].map((n) => (world: History) => world.answer(n, declined)),
  (world) => world.costs('alipay', 32),
];

test('a history can have every kind of entry', () => {
  const world = history();
  for (const step of everything) {
    step(world);
    expectSound(world);
  }
  const { entries, part } = world.stored();
  expect(new Set(entries.map(({ kind }) => kind))).toEqual(new Set(entryKinds));
  expect(part.refunds.map(({ state }) => state)).toEqual([
    'failed',
    'succeeded',
    'settled',
    'requested',
    'requested',
  ]);
});
