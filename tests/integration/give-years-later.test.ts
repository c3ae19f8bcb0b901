import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { giveRefund } from '../../shared/paying/give-refund.ts';
import { nameOfGrant } from '../../shared/paying/name-of-grant.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import { money } from '../../shared/platform/money.ts';
import { endOrderData } from '../../shared/upkeep/end-order-data.ts';
import { by } from '../support/faulty-table.ts';
import { issuedOrder } from '../support/issued-order.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';
import { yearsLater } from '../support/years-later.ts';

/* The last days of an order's years. */

let world: PurchaseWorld;
let { itemsOfOrder, itemOf, daysAfterArrival, sweepDays, findings } = {} as ReturnType<typeof yearsLater>;
beforeEach(async () => {
  world = await purchaseWorld();
  ({ itemsOfOrder, itemOf, daysAfterArrival, sweepDays, findings } = yearsLater(world));
});
afterEach(() => world.stop());

const sold = async (): Promise<OrderId> =>
  (await issuedOrder(world, await world.openRun('2026-12-20', 1))).orderId;

describe('money that a person gives back', () => {
  const give = (orderId: OrderId, key: string) =>
    giveRefund(world)(orderId, {
      amount: money(1_000, 'CNY'),
      person: { by: 'zhang', reason: 'goodwill' },
      name: nameOfGrant(key),
    });
  const refunds = async (orderId: OrderId) =>
    (await itemsOfOrder(orderId)).filter(({ sk }) => String(sk).startsWith('REFUND#'));
  const years = 3 * 366 + 1;

  test('goes back on the last day before the order leaves, which then stays until it is back', async () => {
    const orderId = await sold();
    await sweepDays(orderId, 31, 31);
    await daysAfterArrival(orderId, years - 1);
    expect(await give(orderId, 'a')).toMatchObject({ now: 'given' });
    world.bank.state.refundAnswer = { state: 'processing' };
    await sweepDays(orderId, years, years + 2);
    expect((await itemOf(orderId, 'ORDER'))?.['ttl']).toBeUndefined();
    world.bank.state.refundAnswer = { state: 'succeeded' };
    await sweepDays(orderId, years + 3, years + 5);
    expect(await refunds(orderId)).toMatchObject([{ state: 'succeeded', ttl: expect.any(Number) }]);
    expect(await findings()).toEqual([]);
  });

  test('is refused from the moment when the order leaves to the last, and said why', async () => {
    const orderId = await sold();
    await sweepDays(orderId, 31, 31);
    await sweepDays(orderId, years, years);
    expect(await itemOf(orderId, 'RETENTION')).toMatchObject({ state: 'leaving' });
    for (const later of [0, 13, 14]) {
      await sweepDays(orderId, years + later, years + later);
      expect(await give(orderId, `k${later}`)).toMatchObject({ reason: 'order-leaving' });
    }
    expect(await itemOf(orderId, 'RETENTION')).toMatchObject({ state: 'over' });
    expect(await refunds(orderId)).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test('at the moment when the order begins to leave: the order stays, or it is refused', async () => {
    const orderId = await sold();
    await sweepDays(orderId, 31, 31);
    await daysAfterArrival(orderId, years);
    const bookings = by(world.bookings, async (command, send) => {
      if (command instanceof TransactWriteCommand)
        expect(await give(orderId, 'k')).toMatchObject({ now: 'given' });
      return send(command);
    });
    await endOrderData({ ...world.dependencies, bookings })(orderId);
    await sweepDays(orderId, years + 1, years + 16);
    expect(await refunds(orderId)).toMatchObject([{ state: 'succeeded' }]);
    expect(await itemOf(orderId, 'ORDER')).toMatchObject({ state: 'issued' });
    expect(await itemOf(orderId, 'RETENTION')).not.toMatchObject({ state: 'over' });
    expect(await findings()).toEqual([]);
  });
});
