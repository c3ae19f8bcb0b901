import { auditTables } from '../../shared/audit/scan.ts';
import { readWholeOrder } from '../../shared/orders/partition-store.ts';
import { readOrder } from '../../shared/orders/store.ts';
import type { Item } from '../../shared/platform/dynamo.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import { plusSeconds } from '../../shared/platform/time.ts';
import type { PurchaseWorld } from './purchase-world.ts';

const day = 86_400;

/** What the clean-up does to an order's data on the days after its journey. */
export const yearsLater = (world: PurchaseWorld) => {
  const itemsOfOrder = (orderId: OrderId): Promise<Item[]> => readWholeOrder(world.bookings, orderId);
  const daysAfterArrival = async (orderId: OrderId, days: number): Promise<void> => {
    const order = await readOrder(world.bookings, orderId);
    if (!order || order.state === 'void') throw new Error('no such order');
    world.time.now = plusSeconds(order.arrivesAt, days * day);
  };
  return {
    itemsOfOrder,
    itemOf: async (orderId: OrderId, sk: string): Promise<Item | undefined> =>
      (await itemsOfOrder(orderId)).find((item) => item['sk'] === sk),
    daysAfterArrival,
    /** The clean-up on every day from one to another after the arrival. */
    sweepDays: async (orderId: OrderId, from: number, to: number): Promise<void> => {
      for (let n = from; n <= to; n += 1) {
        await daysAfterArrival(orderId, n);
        expect((await world.sweep()).failed).toEqual([]);
      }
    },
    /** Nothing counts the views in such a world. */
    findings: async (): Promise<string[]> => {
      const report = await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 });
      return report.findings.filter(({ invariant }) => invariant !== 'view-true').map(({ what }) => what);
    },
  };
};
