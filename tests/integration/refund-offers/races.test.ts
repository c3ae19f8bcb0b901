import { closeRun } from '../../../shared/runs/close-run.ts';
import { orderIdOf } from '../../../shared/bookings/keys.ts';
import { giveRefund } from '../../../shared/paying/give-refund.ts';
import { nameOfGrant } from '../../../shared/paying/name-of-grant.ts';
import { submitRefund } from '../../../shared/paying/submit-refund.ts';
import { acceptRefundOffer } from '../../../shared/after-sale/accept-offer.ts';
import { userIdSchema, type OrderId } from '../../../shared/platform/ids.ts';
import { made, refundWorld, type RefundWorld } from '../../support/refund-world.ts';
import { dyingAt, stoppingAt, type Sent } from '../../support/stopping-table.ts';

/* Offers and acceptances that meet each other, the clean-up, or the end of their function. */

let world: RefundWorld;
beforeEach(async () => {
  world = await refundWorld();
});
afterEach(() => world.stop());

const outcomesOf = (answers: { outcome: string; reason?: string }[]): string[] =>
  answers.map(({ outcome, reason }) => reason ?? outcome).sort();

/** Each refund of the order goes to its provider, and the clean-up has its turns. */
const comeToRest = async (orderId: OrderId): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) {
    world.pass(40);
    await world.sweep();
  }
  for (const { refundNumber } of (await world.stored(orderId)).refunds)
    await submitRefund(world.dependencies)(orderId, refundNumber);
};

const isTransaction = ({ input }: Sent): boolean => 'TransactItems' in input;
const isReleaseDone = ({ input }: Sent): boolean =>
  orderIdOf(input.Key?.pk ?? '') !== undefined && (input.UpdateExpression ?? '').includes(':released');

describe('at the same moment', () => {
  test('one acceptance of an offer works, and the others hear that it was used', async () => {
    const run = await world.openRun('2026-12-05', 1);
    const orderId = await world.issued(run, [1, 2]);
    const offer = await made(world.offer(orderId, 'user-1'));
    const answers = await Promise.all([1, 2, 3, 4].map(() => world.accept(offer, 'user-1')));
    expect(outcomesOf(answers)).toEqual(['accepted', 'offer-used', 'offer-used', 'offer-used']);
    await comeToRest(orderId);
    const { payments, refunds } = await world.stored(orderId);
    expect(refunds).toHaveLength(1);
    expect(world.bank.backOf(payments[0]!.paymentId)).toBe(48_000);
    await world.expectClean(run);
  });

  test('of two offers for one ticket one is made', async () => {
    const run = await world.openRun('2026-12-05', 1);
    const orderId = await world.issued(run, [1, 2]);
    const answers = await Promise.all([
      world.offer(orderId, 'user-1', [1, 2]),
      world.offer(orderId, 'user-1', [1]),
      world.offer(orderId, 'user-1', [1]),
    ]);
    expect(outcomesOf(answers)).toEqual(['accepted', 'offer-open', 'offer-open']);
  });

  test('one request for an offer, sent twice, gets one offer', async () => {
    const run = await world.openRun('2026-12-05', 1);
    const orderId = await world.issued(run, [1]);
    const [one, other] = await Promise.all([
      world.offer(orderId, 'user-1', undefined, 'key'),
      world.offer(orderId, 'user-1', undefined, 'key'),
    ]);
    expect(one).toEqual(other);
    expect(one).toMatchObject({ outcome: 'accepted' });
  });

  test('offers for different tickets of one order are accepted side by side', async () => {
    const run = await world.openRun('2026-12-05', 1);
    const orderId = await world.issued(run, [1, 2, 3]);
    const offers = [
      await made(world.offer(orderId, 'user-1', [1])),
      await made(world.offer(orderId, 'user-1', [2])),
      await made(world.offer(orderId, 'user-1', [3])),
    ];
    const answers = await Promise.all(offers.map((offer) => world.accept(offer, 'user-1')));
    expect(outcomesOf(answers)).toEqual(['accepted', 'accepted', 'accepted']);
    await comeToRest(orderId);
    const { payments, refunds } = await world.stored(orderId);
    expect(refunds).toHaveLength(3);
    expect(payments).toMatchObject([{ refundable: 18_000 }]);
    expect(world.bank.backOf(payments[0]!.paymentId)).toBe(72_000);
    expect(await world.owned(run)).toEqual([]);
    await world.expectClean(run);
  });

  test('the clean-up and an acceptance release the same seat once', async () => {
    const run = await world.openRun('2026-12-05', 1);
    const orderId = await world.issued(run, [1]);
    const offer = await made(world.offer(orderId, 'user-1'));
    const bookings = stoppingAt(world.bookings, isReleaseDone);
    const accepting = world.accept(offer, 'user-1', { bookings: bookings.table });
    await bookings.reached;
    world.pass(40);
    await world.sweep();
    expect(await world.owned(run)).toEqual([]);
    // Somebody buys the seat before the first function goes on.
    await world.issued(run, [2], { user: 'user-2' });
    bookings.goOn();
    expect(await accepting).toMatchObject({ outcome: 'accepted' });
    expect(await world.owned(run)).toHaveLength(1);
    await world.expectClean(run);
  });

  test('a seat that is given back while another one is recorded as released stays due', async () => {
    const run = await world.openRun('2026-12-05', 1);
    const orderId = await world.issued(run, [1, 2]);
    const first = await made(world.offer(orderId, 'user-1', [1]));
    const second = await made(world.offer(orderId, 'user-1', [2]));
    const bookings = stoppingAt(world.bookings, isReleaseDone);
    const accepting = world.accept(first, 'user-1', { bookings: bookings.table });
    await bookings.reached;
    // The second function dies after its transaction: only the order tells that a seat is due.
    const { tables, death } = dyingAt([world.bookings], 1, 'after');
    void world.accept(second, 'user-1', { bookings: tables[0]! });
    await death;
    bookings.goOn();
    await accepting;
    expect(await world.stored(orderId)).toMatchObject({ order: { inDueIndex: true } });
    await comeToRest(orderId);
    expect(await world.owned(run)).toEqual([]);
    await world.expectClean(run);
  });

  test('an acceptance and an operator who gives money back: together no more than was paid', async () => {
    const run = await world.openRun('2026-12-05', 1);
    const orderId = await world.issued(run, [1]);
    const offer = await made(world.offer(orderId, 'user-1'));
    const give = (key: string) =>
      giveRefund(world.dependencies)(orderId, {
        amount: { amount: 4000, currency: 'CNY' },
        person: { by: 'li', reason: 'goodwill' },
        name: nameOfGrant(key),
      });
    const answers = await Promise.all([
      give('a'),
      world.accept(offer, 'user-1'),
      give('b'),
      world.accept(offer, 'user-1'),
      give('c'),
    ]);
    await comeToRest(orderId);
    const { payments, refunds, tickets } = await world.stored(orderId);
    const back = world.bank.backOf(payments[0]!.paymentId);
    expect(back).toBe(refunds.reduce((sum, { amount }) => sum + amount.amount, 0));
    expect(back).toBeLessThanOrEqual(30_000);
    expect(payments).toMatchObject([{ refundable: 30_000 - back }]);
    // Two grants and the ticket come to more than was paid: whoever is too late is told so.
    const isBack = tickets[0]?.state === 'refunded';
    expect(outcomesOf(answers)).toEqual(
      isBack
        ? ['accepted', 'accepted', 'not-enough-left', 'not-enough-left', 'offer-used']
        : ['accepted', 'accepted', 'accepted', 'money-gone-back', 'money-gone-back'],
    );
    await world.expectClean(run);
  });

  test('an acceptance and the end of its run: the ticket goes back, by the offer or free of charge', async () => {
    const run = await world.openRun('2026-12-05', 1);
    const orderId = await world.issued(run, [1]);
    const offer = await made(world.offer(orderId, 'user-1'));
    const bookings = stoppingAt(world.bookings, isTransaction);
    const accepting = world.accept(offer, 'user-1', { bookings: bookings.table });
    await bookings.reached;
    await closeRun(world, run.runId);
    bookings.goOn();
    expect(await accepting).toMatchObject({ outcome: 'accepted' });
    expect((await world.stored(orderId)).tickets).toMatchObject([{ state: 'refunded' }]);
    await comeToRest(orderId);
    await world.expectClean(run);
  });
});

describe('a function that dies', () => {
  test.each([1, 2, 3].flatMap((write) => [[write, 'before'] as const, [write, 'after'] as const]))(
    'at write %i, %s it takes effect, leaves the ticket valid, or given back with its seat on sale',
    async (write, when) => {
      const run = await world.openRun('2026-12-05', 1);
      const orderId = await world.issued(run, [1]);
      const offer = await made(world.offer(orderId, 'user-1'));
      const { tables, death } = dyingAt([world.bookings, world.inventory], write, when);
      const [bookings, inventory] = tables as [typeof world.bookings, typeof world.inventory];
      void acceptRefundOffer({ ...world.dependencies, bookings, inventory })(
        offer.offerId,
        userIdSchema.parse('user-1'),
      );
      await death;
      await comeToRest(orderId);
      const isBack = write > 1 || when === 'after';
      const { tickets, refunds, payments } = await world.stored(orderId);
      expect(tickets).toMatchObject([{ state: isBack ? 'refunded' : 'issued' }]);
      expect(refunds).toHaveLength(isBack ? 1 : 0);
      expect(world.bank.backOf(payments[0]!.paymentId)).toBe(isBack ? 24_000 : 0);
      expect(await world.owned(run)).toHaveLength(isBack ? 0 : 1);
      await world.expectClean(run);
      // The passenger who got no answer asks again.
      const again = await world.accept(offer, 'user-1');
      expect(outcomesOf([again])).toEqual([isBack ? 'offer-used' : 'accepted']);
    },
  );
});
