import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { listPayments, readPayment } from '../../shared/payments/store.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { awaitPayment } from '../../shared/selling/await-payment.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import { listTickets } from '../../shared/tickets/store.ts';
import { readRefund } from '../../shared/payments/refunds-store.ts';
import { paymentIdSchema, userIdSchema } from '../../shared/platform/ids.ts';
import { closeForEnd, issuePaidOrder, releaseForEnd } from '../support/order-by-id.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeAll(async () => {
  world = await purchaseWorld();
});
afterAll(() => world.stop());

describe('the good way', () => {
  test('a held order that is paid is issued once, however often each step is done', async () => {
    const run = await world.nextRun();
    const orderId = await world.held(run, [1, 2]);
    await awaitPayment(world)(orderId, 'token-1');
    const payment = await world.pay(orderId);
    world.buyerPays(payment);
    expect(await world.notify(payment, { paid: { amount: 60_000, currency: 'CNY' } })).toMatchObject({
      now: 'recorded',
    });
    expect(await world.notify(payment, { paid: { amount: 60_000, currency: 'CNY' } })).toMatchObject({
      now: 'already-known',
    });
    expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ now: 'paid' });
    expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ now: 'nothing-to-apply' });
    expect(world.woken).toContain('paid token-1');
    expect(await issuePaidOrder(world)(orderId)).toMatchObject({ outcome: 'accepted' });
    expect(await issuePaidOrder(world)(orderId)).toMatchObject({ outcome: 'accepted' });

    const order = await world.standing(orderId, 'issued');
    expect(order.history.map(({ event }) => event)).toEqual(['order-held', 'order-paid', 'order-issued']);
    expect((await listTickets(world.bookings, orderId)).map(({ seat }) => seat)).toHaveLength(2);
    expect(await world.owned(run)).toHaveLength(2);
    expect((await world.sweep()).seen).toBe(0);
  });

  test('money that is brought again wakes a workflow that was not woken', async () => {
    const orderId = await world.held(await world.nextRun(), [4]);
    const payment = await world.pay(orderId);
    await awaitPayment(world)(orderId, 'token-again');
    await world.notify(payment);
    const dies = {
      ...world,
      workflow: { ...world.workflow, wakePaid: () => Promise.reject(new Error('died')) },
    };
    await expect(applyPayment(dies)(payment.paymentId)).rejects.toThrow('died');
    expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ now: 'nothing-to-apply' });
    expect(world.woken).toContain('paid token-again');
  });

  test('a workflow that comes to wait after the money was there does not wait', async () => {
    const orderId = await world.held(await world.nextRun(), [3]);
    const payment = await world.pay(orderId);
    await world.notify(payment);
    await applyPayment(world)(payment.paymentId);
    await awaitPayment(world)(orderId, 'token-late');
    expect(world.woken).toContain('paid token-late');
  });
});

describe('a hold always ends', () => {
  test('one that is not paid gives its seats, its claims and its place among the open orders back', async () => {
    const run = await world.nextRun();
    const orderId = await world.held(run, [10, 11], { user: 'ender' });
    world.pass(901);
    expect(await closeForEnd(world)(orderId, 'expired')).toMatchObject({ now: 'releasing' });
    expect(await releaseForEnd(world)(orderId)).toMatchObject({ outcome: 'accepted' });
    expect(await releaseForEnd(world)(orderId)).toMatchObject({ reason: 'not-releasing' });
    await world.standing(orderId, 'expired');
    expect(await world.owned(run)).toHaveLength(0);
    await expect(world.held(run, [10, 11], { user: 'ender' })).resolves.toBeDefined();
  });

  test('not a second before its deadline', async () => {
    const orderId = await world.held(await world.nextRun(), [12]);
    world.pass(899);
    expect(await closeForEnd(world)(orderId, 'expired')).toMatchObject({ reason: 'not-due' });
    await world.standing(orderId, 'held');
    world.pass(1);
    expect(await closeForEnd(world)(orderId, 'expired')).toMatchObject({ now: 'releasing' });
    await releaseForEnd(world)(orderId);
  });

  test('the clean-up alone ends it, from wherever the workflow died', async () => {
    const run = await world.nextRun();
    const orderIds = [await world.held(run, [13]), await world.held(run, [14]), await world.held(run, [15])];
    world.pass(901);
    await closeForEnd(world)(orderIds[1]!, 'expired');
    await world.sweep();
    for (const orderId of orderIds) await world.standing(orderId, 'expired');
    expect(await world.owned(run)).toHaveLength(0);
  });

  test('cancelling is at once where no provider has to be asked, and only for its owner', async () => {
    const run = await world.nextRun();
    const orderId = await world.held(run, [16], { user: 'canceller' });
    const stranger = await cancelOrder(world)(orderId, userIdSchema.parse('somebody'));
    expect(stranger).toEqual({ outcome: 'rejected', reason: 'not-found' });
    await awaitPayment(world)(orderId, 'token-cancelled');
    const outcome = await cancelOrder(world)(orderId, userIdSchema.parse('canceller'));
    expect(world.woken).toContain('cancelled token-cancelled');
    expect(outcome).toMatchObject({ outcome: 'accepted', order: { state: 'cancelled' } });
    expect(await world.owned(run)).toHaveLength(0);
  });

  test('a silent provider keeps the seats five minutes and no longer', async () => {
    const run = await world.nextRun();
    const orderId = await world.held(run, [17]);
    await world.pay(orderId);
    world.bank.state.silent = true;
    world.pass(901);
    await world.sweep();
    await world.standing(orderId, 'closing');
    world.pass(300);
    await world.sweep();
    world.bank.state.silent = false;
    await world.standing(orderId, 'expired');
    expect(await world.owned(run)).toHaveLength(0);
    world.pass(120);
    await world.sweep();
    expect((await listPayments(world.bookings, orderId)).map(({ state }) => state)).toEqual(['closed']);
  });
});

describe('money is never lost', () => {
  test('paid at the provider and never notified: the clean-up asks and the ticket is issued', async () => {
    const orderId = await world.held(await world.nextRun(), [20]);
    const payment = await world.pay(orderId);
    world.buyerPays(payment);
    world.pass(121);
    await world.sweep();
    await world.sweep();
    const order = await world.standing(orderId, 'paid');
    world.time.now = order.dueAt!;
    await world.sweep();
    await world.standing(orderId, 'issued');
  });

  test('found paid while closing: the order is paid after all', async () => {
    const orderId = await world.held(await world.nextRun(), [21]);
    const payment = await world.pay(orderId);
    world.buyerPays(payment);
    world.pass(901);
    expect(await closeForEnd(world)(orderId, 'expired')).toMatchObject({ reason: 'already-paid' });
  });

  test('late money takes the same seats again while they are free', async () => {
    const run = await world.nextRun();
    const orderId = await world.held(run, [22, 23]);
    const payment = await world.pay(orderId);
    world.bank.trades.delete(payment.paymentId);
    world.pass(1300);
    await world.sweep();
    await world.standing(orderId, 'expired');
    await world.notify(payment, { paid: { amount: 60_000, currency: 'CNY' } });
    expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ now: 'paid' });
    expect(await issuePaidOrder(world)(orderId)).toMatchObject({ outcome: 'accepted' });
    expect(await world.owned(run)).toHaveLength(2);
  });

  test('late money whose seat is gone goes back in full, once', async () => {
    const run = await world.nextRun(1);
    const orderId = await world.held(run, [24]);
    const payment = await world.pay(orderId);
    world.bank.trades.delete(payment.paymentId);
    world.pass(1300);
    await world.sweep();
    for (const n of [30, 31, 32, 33, 34]) await world.held(run, [n]);
    world.buyerPays(payment);
    await world.notify(payment);
    expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ now: 'refund-requested' });
    world.pass(31);
    await world.sweep();
    world.pass(31);
    await world.sweep();
    await world.standing(orderId, 'refunded');
    expect(world.bank.refunds.get(`${payment.paymentId}_whole`)).toBe(30_000);
    expect((await readPayment(world.bookings, payment.paymentId))?.state).toBe('refunded');
  });

  test('of two payments one pays the order and the other goes back', async () => {
    const orderId = await world.held(await world.nextRun(), [25]);
    const [first, second] = [await world.pay(orderId), await world.pay(orderId)];
    await world.notify(first);
    await world.notify(second);
    const applied = await Promise.all([first, second].map(({ paymentId }) => applyPayment(world)(paymentId)));
    expect(applied.map((each) => each.outcome === 'accepted' && each.now).toSorted()).toEqual([
      'paid',
      'refund-requested',
    ]);
    const order = await world.standing(orderId, 'paid');
    const surplus = order.paidBy === first.paymentId ? second : first;
    expect((await readRefund(world.bookings, orderId, `${surplus.paymentId}_whole`))?.reason).toBe(
      'surplus-payment',
    );
  });

  test('another amount than asked for is no payment', async () => {
    const orderId = await world.held(await world.nextRun(), [26]);
    const payment = await world.pay(orderId);
    expect(await world.notify(payment, { paid: { amount: 1, currency: 'CNY' } })).toMatchObject({
      reason: 'amount-mismatch',
    });
    const { Item: refused } = await world.bookings.client.send(
      new GetCommand({
        TableName: world.bookings.name,
        Key: { pk: `NOTIFICATION#alipay#n-${payment.paymentId}`, sk: 'REFUSED' },
      }),
    );
    expect(refused).toMatchObject({ paymentId: payment.paymentId, why: 'amount-mismatch' });
    expect((await readPayment(world.bookings, payment.paymentId))?.state).toBe('pending');
    expect(
      await world.notify({ ...payment, paymentId: paymentIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV_1') }),
    ).toMatchObject({ reason: 'unknown-payment' });
  });
});

describe('a seat is never sold twice', () => {
  test('fifty buyers at once for the last seat: one has it', async () => {
    const run = await world.nextRun(1);
    for (const n of [40, 41, 42, 43]) await world.held(run, [n]);
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, n) => world.order(run, [100 + n])));
    expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
    expect(await world.owned(run)).toHaveLength(5);
  });

  test('a seat is sold again on the stretches that nobody sits on it', async () => {
    const run = await world.nextRun(1);
    for (const n of [50, 51, 52, 53, 54]) await world.held(run, [n], { from: 0, to: 1 });
    for (const n of [60, 61, 62, 63, 64]) await world.held(run, [n], { from: 1, to: 3 });
    const third = await world.order(run, [70], { from: 0, to: 3 });
    expect(third).toEqual({ outcome: 'rejected', reason: 'sold-out' });
    expect(await world.owned(run)).toHaveLength(10);
  });

  test('sold out in the view is refused without a write', async () => {
    const run = await world.nextRun(1);
    for (const n of [80, 81, 82, 83, 84]) await world.held(run, [n]);
    await world.count(run);
    expect(await world.order(run, [85])).toEqual({ outcome: 'rejected', reason: 'sold-out' });
  });
});

describe('the commit', () => {
  test('a passenger cannot be on two runs at one time, and can be on the next', async () => {
    const run = await world.nextRun();
    await world.held(run, [90], { from: 0, to: 1 });
    expect(await world.order(run, [90], { from: 0, to: 2 })).toEqual({
      outcome: 'rejected',
      reason: 'passenger-time-conflict',
    });
    await expect(world.held(run, [90], { from: 2, to: 3 })).resolves.toBeDefined();
    expect(await world.order(run, [91, 91])).toMatchObject({ reason: 'passenger-time-conflict' });
  });

  test('ten orders may be open, not eleven, and none of the eleventh stays behind', async () => {
    const run = await world.nextRun(4);
    for (let n = 0; n < 10; n += 1) await world.held(run, [200 + n], { user: 'many' });
    expect(await world.order(run, [210], { user: 'many' })).toMatchObject({ reason: 'too-many-open-orders' });
    expect(await world.owned(run)).toHaveLength(10);
  });

  test('a repeated request has the same answer, one with another body is refused, and seats are held once', async () => {
    const run = await world.nextRun();
    const again = { user: 'repeater', key: 'once' };
    const first = await world.order(run, [220], again);
    expect(await world.order(run, [220], again)).toEqual(first);
    expect(await world.order(run, [221], again)).toEqual({ outcome: 'rejected', reason: 'key-reused' });
    const racing = { user: 'repeater', key: 'racing' };
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => world.order(run, [222], racing)));
    const answers = outcomes.flatMap((each) => (each.outcome === 'accepted' ? [each.answer] : []));
    expect(new Set(answers).size).toBe(1);
    expect(await world.owned(run)).toHaveLength(2);
  });
});
