import {
  GetCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { PaymentProvider } from '../../../shared/payments/provider.ts';
import { listPayments, readPayment } from '../../../shared/payments/store.ts';
import { userIdSchema, type OrderId } from '../../../shared/platform/ids.ts';
import { applyPayment } from '../../../shared/paying/apply-payment.ts';
import { cancelOrder } from '../../../shared/selling/cancel-order.ts';
import { startPayment } from '../../../shared/paying/start-payment.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { closeForEnd, releaseForEnd } from '../../support/order-by-id.ts';
import { by } from '../../support/faulty-table.ts';
import { purchaseWorld, type PurchaseWorld } from '../../support/purchase-world.ts';

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

const openRun = () => world.openRun('2026-12-20', 1);

/** Closes the run's one shard, as a change of the run does for a while. */
const closeShards = ({ runId }: Run) =>
  world.inventory.client.send(
    new UpdateCommand({
      TableName: world.inventory.name,
      Key: { pk: `${runId}#second#0` },
      ConditionExpression: 'attribute_exists(pk)',
      UpdateExpression: 'SET closed = :change',
      ExpressionAttributeValues: { ':change': 1 },
    }),
  );

/** T22: the run, and then its one shard. */
const closeForGood = async (run: Run): Promise<void> => {
  await world.timetable.client.send(
    new UpdateCommand({
      TableName: world.timetable.name,
      Key: { pk: `frozen#${run.serviceDate}`, sk: run.runId },
      ConditionExpression: 'attribute_exists(pk)',
      UpdateExpression: 'SET #state = :closed',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':closed': 'closed' },
    }),
  );
  await closeShards(run);
};

/** An order that ended unpaid, and whose money comes now. */
const paidTooLate = async (run: Run) => {
  const orderId = await world.held(run, [1]);
  const payment = await world.pay(orderId, { handOut: false });
  world.pass(1300);
  await world.sweep();
  await world.standing(orderId, 'expired');
  world.buyerPays(payment);
  await world.notify(payment);
  return { orderId, payment };
};

const begin = (orderId: OrderId, provider: PaymentProvider) =>
  startPayment(world.dependencies)({
    orderId,
    userId: userIdSchema.parse('user-1'),
    provider,
    method: 'page',
    device: { userAgent: '' },
    returnUrl: undefined,
    scope: { userId: userIdSchema.parse('user-1'), route: 'payments', key: 'key', bodyHash: '' },
  });

describe('a payment that is closed while it is begun at its provider', () => {
  test('T6: is closed there, too, so that nobody can pay it', async () => {
    const run = await openRun();
    const orderId = await world.held(run, [1]);
    const outcome = await begin(orderId, {
      ...world.bank.provider,
      begin: async (payment, wish) => {
        await cancelOrder(world)(orderId, userIdSchema.parse('user-1'));
        world.bank.trades.set(payment.paymentId, { state: 'pending' });
        return world.bank.provider.begin(payment, wish);
      },
    });
    expect(outcome).toEqual({ outcome: 'rejected', reason: 'order-not-held' });
    const [payment] = await listPayments(world.bookings, orderId);
    expect(payment?.state).toBe('closed');
    expect(world.bank.trades.get(`${orderId}_1`)).toEqual({ state: 'closed' });
  });
});

describe('a payment that its provider does not know', () => {
  test('T12: once handed out, is open until a minute after its time: the buyer may be at the cashier', async () => {
    const orderId = await world.held(await openRun(), [1]);
    const payment = await world.pay(orderId, { handOut: false });
    const stateAt = async (seconds: number) => {
      world.time.now = payment.createdAt;
      world.pass(seconds);
      await closeForEnd(world)(orderId, 'expired');
      return (await readPayment(world.bookings, payment.paymentId))?.state;
    };
    expect(await stateAt(900)).toBe('pending');
    expect(await stateAt(959)).toBe('pending');
    await world.standing(orderId, 'closing');
    expect(await stateAt(960)).toBe('closed');
    await world.standing(orderId, 'releasing');
  });

  test('T12: never handed out, is closed at once', async () => {
    const orderId = await world.held(await openRun(), [1]);
    const silent = { ...world.bank.provider, begin: () => Promise.reject(new Error('no answer')) };
    await expect(begin(orderId, silent)).rejects.toThrow('no answer');
    expect(await cancelOrder(world)(orderId, userIdSchema.parse('user-1'))).toMatchObject({
      order: { state: 'cancelled' },
    });
    expect((await listPayments(world.bookings, orderId)).map(({ state }) => state)).toEqual(['closed']);
  });
});

describe('T7, money that comes while its order is closed', () => {
  test.each([
    ['before the payments are looked at', QueryCommand],
    ['between the look at them and the write', TransactWriteCommand],
  ])('%s keeps the seats', async (_, kind) => {
    const run = await openRun();
    const orderId = await world.held(run, [1]);
    const payment = await world.pay(orderId);
    // The provider says that it is closed, and has the money after all: its notification comes now.
    let came = false;
    const bookings = by(world.bookings, async (command, send) => {
      if (command instanceof kind && !came) {
        came = true;
        await world.notify(payment);
      }
      return send(command);
    });
    await cancelOrder({ ...world.dependencies, bookings })(orderId, userIdSchema.parse('user-1'));
    expect(came).toBe(true);
    await applyPayment(world)(payment.paymentId);
    await world.standing(orderId, 'paid');
    expect(await world.owned(run)).toHaveLength(1);
  });
});

describe('T10, money that comes after its order has ended', () => {
  test('takes the seats again, up to the departure', async () => {
    const run = await openRun();
    const { orderId, payment } = await paidTooLate(run);
    world.time.now = run.stops[0]!.departs;
    world.pass(-0.001);
    expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ now: 'paid' });
    await world.standing(orderId, 'paid');
  });

  test('goes back when the train has left, though the seats are free', async () => {
    const run = await openRun();
    const { orderId, payment } = await paidTooLate(run);
    world.time.now = run.stops[0]!.departs;
    expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ now: 'refund-requested' });
    await world.standing(orderId, 'refunding');
    expect(await world.owned(run)).toHaveLength(0);
  });

  test('goes back when a passenger travels with another order', async () => {
    const run = await openRun();
    const { payment } = await paidTooLate(run);
    await world.held(run, [1], { user: 'again' });
    expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ now: 'refund-requested' });
    expect(await world.owned(run)).toHaveLength(1);
  });

  test('goes back when the run is closed', async () => {
    const run = await openRun();
    const { payment } = await paidTooLate(run);
    await closeForGood(run);
    expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ now: 'refund-requested' });
    expect(await world.owned(run)).toHaveLength(0);
  });

  test('goes back when the run is closed between the look at it and the hold', async () => {
    const run = await openRun();
    const { orderId, payment } = await paidTooLate(run);
    const inventory = by(world.inventory, async (command, send) => {
      if (command instanceof GetCommand) await closeForGood(run);
      return send(command);
    });
    expect(await applyPayment({ ...world.dependencies, inventory })(payment.paymentId)).toMatchObject({
      now: 'refund-requested',
    });
    await world.standing(orderId, 'refunding');
    expect(await world.owned(run)).toHaveLength(0);
  });

  test('waits while its seats are released', async () => {
    const run = await openRun();
    const orderId = await world.held(run, [1]);
    const payment = await world.pay(orderId, { handOut: false });
    world.pass(1300);
    expect(await closeForEnd(world)(orderId, 'expired')).toMatchObject({ now: 'releasing' });
    world.buyerPays(payment);
    await world.notify(payment);
    expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ reason: 'seats-busy' });
    await world.standing(orderId, 'releasing');
    expect(await releaseForEnd(world)(orderId)).toMatchObject({ outcome: 'accepted' });
    expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ now: 'paid' });
    expect(await world.owned(run)).toHaveLength(1);
  });
});

describe('T8, an order that is released', () => {
  test('ends only when every piece was answered for', async () => {
    const run = await openRun();
    const orderId = await world.held(run, [1, 2]);
    world.pass(901);
    expect(await closeForEnd(world)(orderId, 'expired')).toMatchObject({ now: 'releasing' });
    let answers = 0;
    const inventory = by(world.inventory, (command, send) =>
      command instanceof UpdateCommand && (answers += 1) === 2
        ? Promise.reject(new Error('no answer'))
        : send(command),
    );
    await expect(releaseForEnd({ ...world.dependencies, inventory })(orderId)).rejects.toThrow('no answer');
    await world.standing(orderId, 'releasing');
    expect(await releaseForEnd(world)(orderId)).toMatchObject({ outcome: 'accepted' });
    expect(await world.owned(run)).toHaveLength(0);
  });
});

describe('a hold on a run that is open, and whose shards are closed', () => {
  test('takes nothing', async () => {
    const run = await openRun();
    await world.held(run, [1]);
    await closeShards(run);
    const before = await world.pieces(run);
    expect(await world.order(run, [2])).toMatchObject({ outcome: 'rejected' });
    expect(await world.pieces(run)).toEqual(before);
    const { Items = [] } = await world.bookings.client.send(
      new ScanCommand({ TableName: world.bookings.name }),
    );
    expect(Items.filter(({ state }) => state === 'held')).toHaveLength(1);
  });
});
