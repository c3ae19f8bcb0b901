import { applyPayment } from '../../../shared/paying/apply-payment.ts';
import { submitRefund } from '../../../shared/paying/submit-refund.ts';
import { closeRun } from '../../../shared/runs/close-run.ts';
import type { OrderId } from '../../../shared/platform/ids.ts';
import { exchangeWorld, offered, type ExchangeWorld } from '../../support/exchange-world.ts';
import { issuePaidOrder, refundIfNoTravel } from '../../support/order-by-id.ts';
import { made } from '../../support/refund-world.ts';
import { dyingAt, stoppingAt, type Sent } from '../../support/stopping-table.ts';

/* Exchanges that meet each other, refunds, payments and the clean-up, or the end of their function. */

let world: ExchangeWorld;
beforeEach(async () => {
  world = await exchangeWorld();
});
afterEach(() => world.stop());

const two = async () => [await world.openRun('2026-12-20', 1), await world.openRun('2026-12-21', 1)] as const;

const outcomesOf = (answers: { outcome: string; reason?: string }[]): string[] =>
  answers.map(({ outcome, reason }) => reason ?? outcome).sort();

/** The clean-up has its turns, and each refund goes to its provider. */
const comeToRest = async (...orderIds: OrderId[]): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) {
    world.pass(40);
    await world.sweep();
  }
  for (const orderId of orderIds)
    for (const { refundNumber } of (await world.stored(orderId)).refunds)
      await submitRefund(world.dependencies)(orderId, refundNumber);
};

const isTransaction = ({ input }: Sent): boolean => 'TransactItems' in input;

const readsTickets = ({ input, constructor }: Sent): boolean =>
  constructor.name === 'QueryCommand' && JSON.stringify(input).includes('TICKET#');

describe('at the same moment', () => {
  test('one acceptance works, and the others hear that the offer was used', async () => {
    const [run, other] = await two();
    const orderId = await world.issued(run, [1, 2]);
    const { offerId } = await offered(world.change(orderId, 'user-1', other, { to: 2 }));
    const answers = await Promise.all([1, 2, 3, 4].map(() => world.take(offerId, 'user-1')));
    expect(outcomesOf(answers)).toEqual(['accepted', 'offer-used', 'offer-used', 'offer-used']);
    await comeToRest(orderId);
    expect(world.bank.backOf((await world.stored(orderId)).payments[0]!.paymentId)).toBe(20_000);
    await world.expectClean(run, other);
  });

  test('an acceptance that reads the tickets after another has worked says that the offer was used', async () => {
    const [run, other] = await two();
    const orderId = await world.issued(run, [1]);
    const { offerId } = await offered(world.change(orderId, 'user-1', other, { to: 2 }));
    const late = stoppingAt(world.dependencies.bookings, readsTickets);
    const answer = world.take(offerId, 'user-1', { bookings: late.table });
    await late.reached;
    expect((await world.take(offerId, 'user-1')).outcome).toBe('accepted');
    late.goOn();
    expect(outcomesOf([await answer])).toEqual(['offer-used']);
  });

  test('of two offers for one ticket one is made, whatever they are for', async () => {
    const [run, other] = await two();
    const third = await world.openRun('2026-12-22', 1);
    const orderId = await world.issued(run, [1]);
    const answers = await Promise.all([
      world.change(orderId, 'user-1', other),
      world.change(orderId, 'user-1', third),
      world.offer(orderId, 'user-1'),
    ]);
    expect(outcomesOf(answers)).toEqual(['accepted', 'offer-open', 'offer-open']);
    expect([...(await world.owned(other)), ...(await world.owned(third))].length).toBeLessThanOrEqual(1);
    await world.expectClean(run, other, third);
  });

  test('one request, sent twice, gets one offer', async () => {
    const [run, other] = await two();
    const orderId = await world.issued(run, [1]);
    const answers = await Promise.all(
      [1, 2].map(() => world.change(orderId, 'user-1', other, { key: 'key' })),
    );
    expect(answers.some(({ outcome }) => outcome === 'accepted')).toBe(true);
    const again = await world.change(orderId, 'user-1', other, { key: 'key' });
    for (const answer of answers) if (answer.outcome === 'accepted') expect(answer).toEqual(again);
    expect(await world.owned(other)).toHaveLength(1);
    await world.expectClean(run, other);
  });

  test('two passengers of one order exchange for themselves', async () => {
    const [run, other] = await two();
    const orderId = await world.issued(run, [1, 2]);
    const offers = [
      await offered(world.change(orderId, 'user-1', other, { items: [1] })),
      await offered(world.change(orderId, 'user-1', other, { items: [2] })),
    ];
    const answers = await Promise.all(offers.map(({ offerId }) => world.take(offerId, 'user-1')));
    expect(outcomesOf(answers)).toEqual(['accepted', 'accepted']);
    await comeToRest(orderId);
    expect(await world.ticketStates(orderId)).toEqual(['1 exchanged', '2 exchanged']);
    expect(await world.owned(run)).toEqual([]);
    expect(await world.owned(other)).toHaveLength(2);
    await world.expectClean(run, other);
  });

  test('an exchange, a cancellation of it and its deadline: it ends one way', async () => {
    const [run, other] = await two();
    const orderId = await world.issued(run, [1]);
    const { offerId, newOrderId } = await offered(world.change(orderId, 'user-1', other));
    const [taken, cancelled] = await Promise.all([
      world.take(offerId, 'user-1'),
      world.cancel(newOrderId, 'user-1'),
      world.sweep(),
    ]);
    expect([taken.outcome, cancelled.outcome].sort()).toEqual(['accepted', 'rejected']);
    await comeToRest(orderId);
    const isTaken = taken.outcome === 'accepted';
    expect(await world.ticketStates(orderId)).toEqual([isTaken ? '1 exchanged' : '1 issued']);
    expect(await world.owned(other)).toHaveLength(isTaken ? 1 : 0);
    expect(await world.owned(run)).toHaveLength(isTaken ? 0 : 1);
    await world.expectClean(run, other);
  });

  test('a payment that comes after the offer, and a refund of the ticket meanwhile', async () => {
    const [run, other] = await two();
    const orderId = await world.issued(run, [1], { to: 1 });
    const { newOrderId } = await offered(world.change(orderId, 'user-1', other));
    const payment = await world.pay(newOrderId);
    world.buyerPays(payment);
    world.pass(901);
    await world.notify(payment);
    await applyPayment(world.dependencies)(payment.paymentId);
    await world.standing(newOrderId, 'paid');
    // The offer has run out, so the ticket is free for another; whichever comes first ends it.
    const refund = await made(world.offer(orderId, 'user-1'));
    const [issued, accepted] = await Promise.all([
      issuePaidOrder(world)(newOrderId),
      world.accept(refund, 'user-1'),
    ]);
    const isExchanged = issued.outcome === 'accepted';
    expect(accepted).toMatchObject(isExchanged ? { reason: 'ticket-not-valid' } : { outcome: 'accepted' });
    await comeToRest(orderId, newOrderId);
    expect(await world.ticketStates(orderId)).toEqual([isExchanged ? '1 exchanged' : '1 refunded']);
    await world.standing(newOrderId, isExchanged ? 'issued' : 'refunded');
    expect(world.bank.backOf(payment.paymentId)).toBe(isExchanged ? 0 : 20_000);
    await world.expectClean(run, other);
  });

  test('a refund that wins sends the payment of the exchange back', async () => {
    const [run, other] = await two();
    const orderId = await world.issued(run, [1], { to: 1 });
    const { newOrderId } = await offered(world.change(orderId, 'user-1', other));
    const payment = await world.pay(newOrderId);
    world.buyerPays(payment);
    world.pass(901);
    await world.accept(await made(world.offer(orderId, 'user-1')), 'user-1');
    await world.notify(payment);
    await applyPayment(world.dependencies)(payment.paymentId);
    expect(await issuePaidOrder(world)(newOrderId)).toMatchObject({ reason: 'no-travel' });
    expect(await refundIfNoTravel(world)(newOrderId)).toMatchObject({ outcome: 'accepted' });
    expect((await world.stored(newOrderId)).refunds).toMatchObject([{ reason: 'ticket-gone' }]);
    await comeToRest(orderId, newOrderId);
    expect(await world.owned(other)).toEqual([]);
    await world.expectClean(run, other);
  });

  test('late money exchanges as long as the ticket is valid and the seats are free', async () => {
    const [run, other] = await two();
    const orderId = await world.issued(run, [1], { to: 1 });
    const { newOrderId } = await offered(world.change(orderId, 'user-1', other));
    const payment = await world.pay(newOrderId);
    world.pass(1300);
    await world.sweep();
    await world.standing(newOrderId, 'expired');
    world.buyerPays(payment);
    await world.notify(payment);
    await applyPayment(world.dependencies)(payment.paymentId);
    expect(await issuePaidOrder(world)(newOrderId)).toMatchObject({ outcome: 'accepted' });
    await comeToRest(orderId, newOrderId);
    expect(await world.ticketStates(orderId)).toEqual(['1 exchanged']);
    await world.expectClean(run, other);
  });

  test('the end of the new run: the exchange does not happen', async () => {
    const [run, other] = await two();
    const orderId = await world.issued(run, [1], { to: 1 });
    const { newOrderId } = await offered(world.change(orderId, 'user-1', other));
    await closeRun(world, other.runId);
    const payment = await world.pay(newOrderId).catch(() => undefined);
    expect(payment).toBeUndefined();
    world.pass(1300);
    await comeToRest(orderId, newOrderId);
    await world.standing(newOrderId, 'expired');
    expect(await world.ticketStates(orderId)).toEqual(['1 issued']);
    await world.expectClean(run, other);
  });

  test('the end of the earlier run while the exchange is accepted', async () => {
    const [run, other] = await two();
    const orderId = await world.issued(run, [1]);
    const { offerId } = await offered(world.change(orderId, 'user-1', other));
    const bookings = stoppingAt(world.bookings, isTransaction);
    const taking = world.take(offerId, 'user-1', { bookings: bookings.table });
    await bookings.reached;
    await closeRun(world, run.runId);
    bookings.goOn();
    expect(await taking).toMatchObject({ outcome: 'accepted' });
    await comeToRest(orderId);
    await world.expectClean(run, other);
  });
});

describe('a function that dies', () => {
  const moments = (writes: number[]) =>
    writes.flatMap((write) => [[write, 'before'] as const, [write, 'after'] as const]);

  test.each(moments([1, 2, 3, 4]))(
    'at write %i of an acceptance, %s it takes effect, leaves one valid ticket and one seat',
    async (write, when) => {
      const [run, other] = await two();
      const orderId = await world.issued(run, [1]);
      const { offerId, newOrderId } = await offered(world.change(orderId, 'user-1', other, { to: 2 }));
      const { tables, death } = dyingAt([world.bookings, world.inventory], write, when);
      const [bookings, inventory] = tables as [typeof world.bookings, typeof world.inventory];
      const taking = world.take(offerId, 'user-1', { bookings, inventory });
      await Promise.race([death, taking]);
      await comeToRest(orderId);
      const isDone = write > 1 || when === 'after';
      expect(await world.ticketStates(orderId)).toEqual([isDone ? '1 exchanged' : '1 issued']);
      expect(await world.ticketStates(newOrderId)).toEqual(isDone ? ['1 issued'] : []);
      expect(await world.owned(run)).toHaveLength(isDone ? 0 : 1);
      await world.expectClean(run, other);
      expect(outcomesOf([await world.take(offerId, 'user-1')])).toEqual([isDone ? 'offer-used' : 'accepted']);
    },
  );

  test.each(moments([1, 2, 3]))(
    'at write %i of an offer, %s it takes effect, leaves the ticket valid and no seat behind',
    async (write, when) => {
      const [run, other] = await two();
      const orderId = await world.issued(run, [1]);
      const { tables, death } = dyingAt([world.bookings, world.inventory], write, when);
      const [bookings, inventory] = tables as [typeof world.bookings, typeof world.inventory];
      const asking = world.change(orderId, 'user-1', other, {}, { bookings, inventory });
      await Promise.race([death, asking]);
      world.pass(1300);
      await comeToRest(orderId);
      expect(await world.ticketStates(orderId)).toEqual(['1 issued']);
      const { openOffer } = (await world.stored(orderId)).tickets[0] as {
        openOffer?: { validUntil: string };
      };
      expect(openOffer === undefined || openOffer.validUntil <= world.time.now).toBe(true);
    },
  );

  test.each(moments([1, 2, 3]))(
    'at write %i of the issue, %s it takes effect, leaves one valid ticket',
    async (write, when) => {
      const [run, other] = await two();
      const orderId = await world.issued(run, [1], { to: 1 });
      const { newOrderId } = await offered(world.change(orderId, 'user-1', other));
      const payment = await world.pay(newOrderId);
      world.buyerPays(payment);
      await world.notify(payment);
      await applyPayment(world.dependencies)(payment.paymentId);
      const { tables, death } = dyingAt([world.bookings, world.inventory], write, when);
      const [bookings, inventory] = tables as [typeof world.bookings, typeof world.inventory];
      const issuing = issuePaidOrder({ ...world.dependencies, bookings, inventory })(newOrderId);
      await Promise.race([death, issuing]);
      await comeToRest(orderId, newOrderId);
      expect(await world.ticketStates(orderId)).toEqual(['1 exchanged']);
      expect(await world.ticketStates(newOrderId)).toEqual(['1 issued']);
      expect(await world.owned(run)).toEqual([]);
      await world.expectClean(run, other);
    },
  );
});
