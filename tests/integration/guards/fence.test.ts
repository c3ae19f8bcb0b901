import { fenceOwner } from '../../../shared/orders/marks-store.ts';
import type { Order, CommittedOrder } from '../../../shared/orders/model.ts';
import { ownerSchema } from '../../../shared/inventory/model.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import { found, keyOfOrder, newOrderId, standingStates, statesWritten, storedOrder } from './stored.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());

const owner = (letter: string) => ownerSchema.parse(letter.repeat(32));

describe('T17, an owner is fenced', () => {
  const named = owner('A');
  const fence = async (order: Order & { orderId: CommittedOrder['orderId'] }, who = named) => {
    const itemIds = 'items' in order ? Object.keys(order.items) : [];
    return (await fenceOwner(tables.bookings, order.orderId, who, itemIds)).outcome === 'accepted';
  };

  test('where no living item names it', async () => {
    expect(
      await statesWritten(standingStates, async (state) => fence(await storedOrder(tables.bookings, state))),
    ).toEqual(['releasing', 'expired', 'cancelled', 'refunding', 'refunded']);
  });

  test.each(['releasing', 'released'] as const)(
    'where the items that name it are %s, and not where one of them lives',
    async (state) => {
      const { items } = sampleOrder('issued');
      const given = Object.fromEntries(Object.entries(items).map(([id, item]) => [id, { ...item, state }]));
      const allGiven = await storedOrder(tables.bookings, 'issued', { items: given });
      expect(await fence(allGiven)).toBe(true);
      const { fenced } = (await found(tables.bookings, keyOfOrder(allGiven.orderId))) ?? {};
      expect(fenced).toEqual(new Set([named]));
      for (const id of ['1', '2']) {
        for (const living of ['living', 'ticketed']) {
          const oneLives = { ...given, [id]: { ...items[id], state: living } };
          expect(await fence(await storedOrder(tables.bookings, 'issued', { items: oneLives }))).toBe(false);
        }
      }
    },
  );

  test('where a living item names it as the seat to which its passenger changes: not', async () => {
    const { items } = sampleOrder('issued');
    const [first] = Object.values(items);
    const thenPlace = { ...first!.place, owner: owner('B') };
    const changing = { ...items, 1: { ...first!, thenPlace } } as CommittedOrder['items'];
    const order = await storedOrder(tables.bookings, 'issued', { items: changing });
    expect(await fence(order, owner('B'))).toBe(false);
    expect(await fence(order, owner('A'))).toBe(false);
    expect(await fence(order, owner('C'))).toBe(true);
    const released = { ...changing, 1: { ...changing['1']!, state: 'released' } } as CommittedOrder['items'];
    expect(await fence(await storedOrder(tables.bookings, 'issued', { items: released }), owner('B'))).toBe(
      true,
    );
  });

  test('where its items have another owner, and not where there is no order', async () => {
    expect(await fence(await storedOrder(tables.bookings, 'paid'), owner('B'))).toBe(true);
    expect(await fence(sampleOrder('paid', { orderId: newOrderId() }))).toBe(false);
  });
});
