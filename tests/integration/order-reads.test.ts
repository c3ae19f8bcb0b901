import { type OrderId } from '../../shared/platform/ids.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import { closePaymentTask, releaseTask, reserveTask } from '../../shared/selling/workflow-tasks.ts';
import { countingOrderReads } from '../support/counting-order-reads.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

/*
 * An order is read once by whoever works on it, and passed on: the conditions of the writes say whether it still stands
 * as it was read, and only where one is refused is it read again.
 */

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

const held = async () => world.held(await world.nextRun(), [1]);

/** How often the order is read while this is done with a table that counts. */
const readsOf = async (orderId: OrderId, act: (bookings: Table) => Promise<unknown>): Promise<number> => {
  const { table, counted } = countingOrderReads(world.bookings, orderId);
  await act(table);
  return counted.reads;
};

/** An order as a buyer has left it: with a payment that was begun, or without. */
const left = async ({ paying }: { paying: boolean }): Promise<OrderId> => {
  const orderId = await held();
  if (paying) await world.pay(orderId);
  return orderId;
};

describe.each([
  ['without a payment', false],
  ['with a payment that is still open', true],
])('an order %s', (_, paying) => {
  test('that expires is read once by the clean-up', async () => {
    const orderId = await left({ paying });
    world.pass(901);
    expect(await readsOf(orderId, (bookings) => world.sweep({ bookings }))).toBe(1);
    await world.standing(orderId, 'expired');
  });

  test('that expires is read once by each task of its workflow', async () => {
    const orderId = await left({ paying });
    world.pass(901);
    const tasks = { reserveTask, closePaymentTask, releaseTask };
    const reads: Record<string, number> = {};
    for (const [name, task] of Object.entries(tasks))
      reads[name] = await readsOf(orderId, (bookings) =>
        task({ ...world.dependencies, bookings })({ orderId }).catch(() => undefined),
      );
    expect(reads).toEqual({ reserveTask: 1, closePaymentTask: 1, releaseTask: 1 });
    await world.standing(orderId, 'expired');
  });

  test('that its user cancels is read once', async () => {
    const orderId = await left({ paying });
    const { userId } = await world.standing(orderId, 'held');
    const reads = await readsOf(orderId, async (bookings) => {
      const cancelled = await cancelOrder({ ...world.dependencies, bookings })(orderId, userId);
      expect(cancelled).toEqual({ outcome: 'accepted', order: await world.standing(orderId, 'cancelled') });
    });
    expect(reads).toBe(1);
  });
});
