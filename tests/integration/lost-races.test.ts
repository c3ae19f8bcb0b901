import { TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { auditTables } from '../../shared/audit/scan.ts';
import { keyOfOrder } from '../../shared/orders/change-store.ts';
import { readPayment } from '../../shared/payments/store.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { settlePayment } from '../../shared/paying/settle-payment.ts';
import { closeForEnd, releaseForEnd } from '../support/order-by-id.ts';
import { by } from '../support/faulty-table.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

/*
 * Whoever loses a race looks again at once: nobody's seats wait for the next turn of the clean-up because two of its
 * lanes were at work on one order.
 */

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

const sweep = (bookings = world.bookings) =>
  cleanUp({ ...world.dependencies, bookings })({ hasTime: () => true });

/** An order of five minutes after its grace, whose payment nobody has closed: both are due. */
const overdue = async () => {
  const run = await world.openRun('2026-12-20', 1);
  const orderId = await world.held(run, [1]);
  const payment = await world.pay(orderId, { handOut: false });
  world.pass(1300);
  return { run, orderId, payment };
};

/** A table where `meanwhile` happens before each write that gives up seats. */
const beforeT7 = (meanwhile: (nth: number) => Promise<unknown>) => {
  const seen = { writes: 0 };
  const table = by(world.bookings, async (command, send) => {
    const isT7 =
      command instanceof TransactWriteCommand &&
      command.input.TransactItems?.some(({ Update }) =>
        Update?.UpdateExpression?.includes('#state = :releasing'),
      );
    if (isT7) await meanwhile((seen.writes += 1));
    return send(command);
  });
  return { table, seen };
};

describe('T7 that is refused because a payment changed meanwhile', () => {
  test('is written at once with what stands now: the other lane has closed it', async () => {
    const { run, orderId, payment } = await overdue();
    const { table, seen } = beforeT7((nth) =>
      nth === 1 ? settlePayment(world.dependencies)(payment) : Promise.resolve(),
    );
    expect(await closeForEnd({ ...world.dependencies, bookings: table })(orderId, 'expired')).toMatchObject({
      now: 'releasing',
    });
    expect(seen.writes).toBe(2);
    expect((await readPayment(world.bookings, payment.paymentId))?.state).toBe('closed');
    expect(await releaseForEnd(world)(orderId)).toMatchObject({ outcome: 'accepted' });
    expect((await world.pieces(run)).every(({ owner }) => owner === 'free')).toBe(true);
  });

  test('ends the order in the very same sweep', async () => {
    const { orderId, payment } = await overdue();
    const { table } = beforeT7((nth) =>
      nth === 1 ? settlePayment(world.dependencies)(payment) : Promise.resolve(),
    );
    // Its own lane comes to the payment only in the moment in which this one gives up the seats.
    await world.bookings.client.send(
      new UpdateCommand({
        TableName: world.bookings.name,
        Key: { pk: `ORDER#${orderId}`, sk: `PAYMENT#${payment.paymentId}` },
        UpdateExpression: 'REMOVE dueShard, dueAt',
      }),
    );
    await sweep(table);
    await world.standing(orderId, 'expired');
  });

  test('finds the money that has come, and keeps the seats for it', async () => {
    const { run, orderId, payment } = await overdue();
    const { table } = beforeT7((nth) => (nth === 1 ? world.notify(payment) : Promise.resolve()));
    expect(await closeForEnd({ ...world.dependencies, bookings: table })(orderId, 'expired')).toMatchObject({
      reason: 'already-paid',
    });
    expect((await world.pieces(run)).some(({ owner }) => owner !== 'free')).toBe(true);
  });

  test('is tried a few times and no more: then it waits for its next turn', async () => {
    const { orderId, payment } = await overdue();
    const Key = { pk: `ORDER#${orderId}`, sk: `PAYMENT#${payment.paymentId}` };
    const { table, seen } = beforeT7((nth) =>
      world.bookings.client.send(
        new UpdateCommand({
          TableName: world.bookings.name,
          Key,
          UpdateExpression: 'SET #state = :state',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ':state': nth % 2 === 1 ? 'created' : 'pending' },
        }),
      ),
    );
    expect(await closeForEnd({ ...world.dependencies, bookings: table })(orderId, 'expired')).toMatchObject({
      reason: 'payments-unfinished',
    });
    expect(seen.writes).toBe(5);
    await world.standing(orderId, 'closing');
  });
});

describe('T8 that is refused', () => {
  const releasing = async () => {
    const { orderId } = await overdue();
    expect(await closeForEnd(world.dependencies)(orderId, 'expired')).toMatchObject({ now: 'releasing' });
    return orderId;
  };
  /** A table where every T8 meets an order that is something else just then, and `releasing` again afterwards. */
  const restless = (orderId: OrderId) => {
    const become = (state: string) =>
      world.bookings.client.send(
        new UpdateCommand({
          TableName: world.bookings.name,
          Key: keyOfOrder(orderId),
          UpdateExpression: 'SET #state = :state',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ':state': state },
        }),
      );
    return by(world.bookings, async (command, send) => {
      if (!(command instanceof TransactWriteCommand)) return send(command);
      await become('closing');
      return send(command).finally(() => become('releasing'));
    });
  };

  test('because another was quicker has ended the order all the same', async () => {
    const orderId = await releasing();
    const bookings = by(world.bookings, async (command, send) => {
      if (command instanceof TransactWriteCommand) await releaseForEnd(world)(orderId);
      return send(command);
    });
    expect(await releaseForEnd({ ...world.dependencies, bookings })(orderId)).toMatchObject({
      outcome: 'accepted',
    });
    await world.standing(orderId, 'expired');
  });

  test('while the order goes on releasing is a failure that is told, not an end', async () => {
    const orderId: OrderId = await releasing();
    const bookings = restless(orderId);
    await expect(releaseForEnd({ ...world.dependencies, bookings })(orderId)).rejects.toThrow(
      'could not be ended',
    );
    expect((await sweep(bookings)).failed).toEqual([{ key: `ORDER#${orderId} ORDER`, why: 'Error' }]);
    await world.standing(orderId, 'releasing');
  });
});

test('money that lost its race against another payment goes back in the same turn', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const orderId = await world.held(run, [1]);
  const [first, second] = [await world.pay(orderId), await world.pay(orderId)];
  await world.notify(first);
  await world.notify(second);
  let came = false;
  const bookings = by(world.bookings, async (command, send) => {
    if (command instanceof TransactWriteCommand && !came) {
      came = true;
      expect(await applyPayment(world)(first.paymentId)).toMatchObject({ now: 'paid' });
    }
    return send(command);
  });
  expect(await applyPayment({ ...world.dependencies, bookings })(second.paymentId)).toMatchObject({
    now: 'refund-requested',
  });
  await world.count(run);
  expect((await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 })).findings).toEqual([]);
});
