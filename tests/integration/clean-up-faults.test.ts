import { DynamoDBClient, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';

import { dueOf } from '../../shared/bookings/due.ts';
import { documentClient, type Table } from '../../shared/platform/dynamo.ts';

import { submitRefund } from '../../shared/paying/submit-refund.ts';

import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import { refundPaidOrder } from '../support/order-by-id.ts';
import { by } from '../support/faulty-table.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeAll(async () => {
  world = await purchaseWorld();
});
afterAll(() => world.stop());

describe('the clean-up', () => {
  const poison = (dueShard: string) =>
    Array.from({ length: 60 }, (_, n) => ({
      pk: `ORDER#01ARZ3NDEKTSV4RRFFQ69G5F${String(n).padStart(2, '0')}`,
      sk: 'ORDER',
      state: 'unheard-of',
      dueShard,
      dueAt: '2026-12-01T00:00:00.000Z',
    }));

  test('gets past any number of items that fail, and tells of each', async () => {
    const orderId = await world.held(await world.nextRun(), [400]);
    const { dueShard } = dueOf(orderId, world.time.now);
    const stuck = poison(dueShard);
    const { client, name: TableName } = world.bookings;
    for (const Item of stuck) await client.send(new PutCommand({ TableName, Item }));
    world.pass(901);
    const report = await cleanUp(world.dependencies)({ hasTime: () => true });
    await world.standing(orderId, 'expired');
    expect(report.failed).toHaveLength(stuck.length);
    for (const { pk, sk } of stuck) {
      await client.send(new DeleteCommand({ TableName, Key: { pk, sk } }));
    }
  });

  test('is done with an order whose refund was confirmed while its seats were released', async () => {
    const run = await world.nextRun();
    const orderId = await world.held(run, [402]);
    const payment = await world.pay(orderId);
    world.buyerPays(payment);
    await world.notify(payment);
    await applyPayment(world)(payment.paymentId);
    await refundPaidOrder(world)(orderId);
    const number = `${payment.paymentId}_whole`;
    // Between reading the order and writing that it is refunded, its seats are released.
    await submitRefund({
      ...world,
      bookings: by(world.bookings, async (command, send) => {
        if (command instanceof TransactWriteCommand)
          await cleanUp(world.dependencies)({ hasTime: () => true });
        return send(command);
      }),
    })(orderId, number);
    const order = await world.standing(orderId, 'refunded');
    expect(order.items['1']).toMatchObject({ state: 'released' });
    expect(order.items['1']).not.toHaveProperty('releaseDue');
    world.pass(60);
    await cleanUp(world.dependencies)({ hasTime: () => true });
    expect((await world.standing(orderId, 'refunded')).dueAt).toBeUndefined();
    expect(await world.owned(run)).toHaveLength(0);
  });

  test('puts an order that waits for a silent provider behind all else', async () => {
    const orderId = await world.held(await world.nextRun(), [401]);
    await world.pay(orderId);
    world.bank.state.silent = true;
    world.pass(901);
    await cleanUp(world.dependencies)({ hasTime: () => true });
    await cleanUp(world.dependencies)({ hasTime: () => true });
    world.bank.state.silent = false;
    const order = await world.standing(orderId, 'closing');
    expect(order.dueAt! > world.time.now).toBe(true);
  });
});

describe('a write of an item that a transaction has in hand', () => {
  const conflicting = (times: number): Table => {
    let left = times;
    const base = new DynamoDBClient({
      endpoint: world.tables.endpoint,
      region: 'local',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    base.middlewareStack.add(
      (next, { commandName }) =>
        (request) =>
          commandName === 'UpdateItemCommand' && (left -= 1) >= 0
            ? Promise.reject(new TransactionConflictException({ message: 'ongoing', $metadata: {} }))
            : next(request),
      { step: 'deserialize', priority: 'low' },
    );
    return { ...world.bookings, client: documentClient(base) };
  };

  test('is repeated: an order can be cancelled while it is being read for a payment', async () => {
    const orderId = await world.held(await world.nextRun(), [420]);
    const { userId } = await world.standing(orderId, 'held');
    const outcome = await cancelOrder({ ...world, bookings: conflicting(2) })(orderId, userId);
    expect(outcome).toMatchObject({ outcome: 'accepted', order: { state: 'cancelled' } });
  });

  test('is given up after a while', async () => {
    const orderId = await world.held(await world.nextRun(), [421]);
    const { userId } = await world.standing(orderId, 'held');
    const giveUp = cancelOrder({ ...world, bookings: conflicting(100) })(orderId, userId);
    await expect(giveUp).rejects.toMatchObject({ name: 'TransactionConflictException' });
  });
});
