import { auditTables } from '../../shared/audit/scan.ts';
import { listPayments } from '../../shared/payments/store.ts';
import { readRefund } from '../../shared/payments/refunds-store.ts';
import { addingUp } from '../../shared/ledger/balances.ts';
import { listEntries } from '../../shared/ledger/entries-store.ts';
import type { ProviderRefund } from '../../shared/payments/provider.ts';
import { plusSeconds } from '../../shared/platform/time.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { submitRefund } from '../../shared/paying/submit-refund.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { settle } from '../../shared/upkeep/attention.ts';
import { declinedRefund } from '../support/declined-refund.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

/*
 * A refund that a provider declined, that a person pays, that the provider pays as well, and that comes back from the
 * passenger's bank: in every order. The books always say who has the money.
 */

let world: PurchaseWorld;
let run: Run;
beforeEach(async () => {
  world = await purchaseWorld();
  run = await world.openRun('2026-12-20', 2);
});
afterEach(() => world.stop());

type Fact = 'take' | 'paid by hand' | 'paid by provider' | 'taken back' | 'hand back';

/** All orders in which the facts of both sides can come. */
const orders = (hand: readonly Fact[], provider: readonly Fact[]): Fact[][] => {
  const [first, ...more] = hand;
  const [theirs, ...others] = provider;
  if (first === undefined) return [[...provider]];
  if (theirs === undefined) return [[...hand]];
  return [
    ...orders(more, provider).map((rest) => [first, ...rest]),
    ...orders(hand, others).map((rest) => [theirs, ...rest]),
  ];
};

const zhang = { by: 'zhang', reason: 'transfer 4711' };

type Made = Awaited<ReturnType<typeof declinedRefund>>;

const histories = [
  ...orders(['take', 'paid by hand'], ['paid by provider', 'taken back']),
  ...orders(['take', 'hand back'], ['paid by provider', 'taken back']),
];

const answers = (answer: ProviderRefund): void => {
  Object.assign(world.bank.provider, { queryRefund: () => Promise.resolve(answer) });
};

const news = async (
  { orderId, number, payment }: Made,
  answer: ProviderRefund,
  told: boolean,
): Promise<void> => {
  answers(answer);
  if (told)
    await recordNotification(world)('alipay', {
      notificationId: `${number}-${answer.state}-${world.clock()}`,
      paymentNumber: payment.paymentId,
      says: { kind: 'refunded', refundNumber: number },
    });
  await submitRefund(world)(orderId, number);
};

const standing = ({ orderId, number }: Made) => readRefund(world.bookings, orderId, number);

/** Lets a fact happen; false if it cannot, because the provider or the person knows better by then. */
const happens = async (made: Made, fact: Fact): Promise<boolean> => {
  world.pass(60);
  switch (fact) {
    case 'take':
      return (await settle(world)(made.number, zhang)).outcome === 'accepted';
    case 'hand back':
      return (await settle(world)(made.number, zhang, { giveBack: true })).outcome === 'accepted';
    case 'paid by hand':
      return (await settle(world)(made.number, zhang, { paid: true })).outcome === 'accepted';
    case 'paid by provider':
      await news(made, { state: 'succeeded' }, true);
      return true;
    case 'taken back':
      await news(made, { state: 'failed', why: 'lost_or_stolen_card' }, true);
      return true;
  }
};

const li = { by: 'li', reason: 'transfer 4712' };

test('what comes back from under the hands of a person stays there: nobody else pays it as well', async () => {
  const made = await declinedRefund(world, run);
  for (const fact of ['take', 'paid by provider', 'taken back'] as const) await happens(made, fact);
  expect(await settle(world)(made.number, li)).toMatchObject({ reason: 'in-other-hands' });
  expect(await happens(made, 'hand back')).toBe(true);
  expect(await settle(world)(made.number, li)).toMatchObject({ now: 'pay-by-hand' });
  expect(await settle(world)(made.number, li, { paid: true })).toMatchObject({ now: 'settled' });
  expect(await books()).toEqual({ clearing: 30_000, 'by-hand': -30_000 });
});

/** What stands on the accounts now, in minor units. */
const books = async (): Promise<Record<string, number>> => {
  const sums = addingUp();
  const span = { from: plusSeconds(world.clock(), -10 * 86_400), until: plusSeconds(world.clock(), 1) };
  for await (const entry of listEntries(world.bookings, span)) sums.add(entry);
  return Object.fromEntries(sums.standing().map(({ account, balance }) => [account, Number(balance)]));
};

const amount = 30_000;

/** What must stand there, from the facts alone. */
const expected = (facts: ReadonlySet<Fact>): Record<string, number> => {
  const byHand = facts.has('paid by hand') ? amount : 0;
  const byProvider = facts.has('paid by provider') && !facts.has('taken back') ? amount : 0;
  const owed = byHand + byProvider === 0 ? amount : 0;
  const all = {
    clearing: amount - byProvider,
    'refunds-payable': -owed,
    'by-hand': -byHand,
    overpaid: Math.max(0, byHand + byProvider - amount),
  };
  return Object.fromEntries(Object.entries(all).filter(([, balance]) => balance !== 0));
};

const findings = async () => {
  await world.count(run);
  const { findings: found } = await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 });
  return found.map(({ what }) => what);
};

test.each(histories.map((history) => [history.join(', '), history] as const))(
  'after each of these the books say who has the money: %s',
  async (_, history) => {
    const made = await declinedRefund(world, run);
    const happened = new Set<Fact>();
    for (const fact of history) {
      if (await happens(made, fact)) happened.add(fact);
      expect([fact, await books()]).toEqual([fact, expected(happened)]);
      expect(await findings()).toEqual([]);
      // What is told twice is booked once.
      if (fact === 'paid by provider' || fact === 'taken back') {
        await happens(made, fact);
        expect([fact, 'again', await books()]).toEqual([fact, 'again', expected(happened)]);
      }
      const back = expected(happened)['refunds-payable'] === undefined;
      const [payment] = await listPayments(world.bookings, made.orderId);
      expect(payment).toMatchObject({ state: back ? 'refunded' : 'captured' });
    }
    // Whoever still owes it can pay it, and then everything is settled.
    if ((await standing(made))?.state === 'failed') await happens(made, 'take');
    if ((await standing(made))?.state === 'settling') {
      await happens(made, 'paid by hand');
      happened.add('paid by hand');
    }
    expect(await books()).toEqual(expected(happened));
    expect(await findings()).toEqual([]);
    const refund = (await standing(made))!;
    if (refund.attention) await settle(world)(made.number, zhang);
    expect((await standing(made))?.attention).toBeUndefined();
    for (let hours = 0; hours < 3; hours += 1) {
      world.pass(6 * 3600);
      await world.sweep();
    }
    expect(await books()).toEqual(expected(happened));
    expect(await findings()).toEqual([]);
  },
);
