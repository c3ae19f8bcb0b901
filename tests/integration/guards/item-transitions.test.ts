import { releaseDone } from '../../../shared/orders/marks-store.ts';
import {
  itemsOf,
  itemTransitions,
  type ItemState,
  type CommittedOrder,
} from '../../../shared/orders/model.ts';
import {
  endOrder,
  giveUpSeats,
  issueOrder,
  payLate,
  refundOrder,
} from '../../../shared/orders/transitions-store.ts';
import { giveUpItems } from '../../../shared/orders/give-up-store.ts';
import { offerIdOf, paymentIdOf, ticketIdOf, type OrderId } from '../../../shared/platform/ids.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import { found, future, isWritten, keyOfOrder, now, storedOrder, type StandingState } from './stored.ts';
import { takeOut, waysOf } from './ways.ts';

/* The items of an order go by their table too, and have the fields of their state and no others. */

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());
afterEach(() => jest.restoreAllMocks());

describe('an item of an order', () => {
  /** An order in a state, with the time for every write. */
  const stored = (state: StandingState, more: object = {}) =>
    storedOrder(tables.bookings, state, { departsAt: future, expiresAt: now, ...more });

  /** The writes that move every item of an order, by the way of the items. */
  const writes: Record<string, (() => Promise<OrderId>)[]> = {
    'living→ticketed': [
      async () => {
        const order = await stored('paid');
        const { orderId } = order;
        const ticketIds = Object.fromEntries(
          itemsOf(order).map(({ itemId }) => [itemId, ticketIdOf(orderId, itemId)]),
        );
        await isWritten(tables.bookings, issueOrder(tables.bookings, order, ticketIds, now));
        return orderId;
      },
    ],
    'living→releasing': [
      async () => {
        const order = { ...(await stored('closing')), endReason: 'expired' as const };
        await isWritten(
          tables.bookings,
          giveUpSeats(tables.bookings, order, { now, expiredBy: undefined }).write,
        );
        return order.orderId;
      },
      async () => {
        const order = await stored('paid');
        await isWritten(tables.bookings, refundOrder(tables.bookings, order, { departed: false, now }));
        return order.orderId;
      },
    ],
    'ticketed→releasing': [
      async () => {
        const order = await stored('issued');
        const { orderId } = order;
        const itemIds = itemsOf(order).map(({ itemId }) => itemId);
        const offerId = offerIdOf(orderId, orderId);
        await isWritten(
          tables.bookings,
          giveUpItems(tables.bookings, orderId, { itemIds, offerId, event: 'tickets-refunded', now }),
        );
        return orderId;
      },
    ],
    'releasing→released': [
      async () => {
        const order = { ...(await stored('releasing')), endReason: 'expired' as const };
        await isWritten(tables.bookings, endOrder(tables.bookings, order, now).write);
        return order.orderId;
      },
      async () => {
        const { items } = sampleOrder('releasing');
        const order = await stored('refunding', { items });
        await releaseDone(tables.bookings, order);
        return order.orderId;
      },
    ],
    'released→living': [
      async () => {
        const order = await stored('expired');
        const places = Object.fromEntries(itemsOf(order).map(({ itemId, place }) => [itemId, { place }]));
        const paidBy = paymentIdOf(order.orderId, 1);
        await isWritten(tables.bookings, payLate(tables.bookings, order, paidBy, places, now));
        return order.orderId;
      },
    ],
  };

  /** The states of an order's items, and the fields that not every state has. */
  const storedItems = async (orderId: OrderId) => {
    const { items } = (await found(tables.bookings, keyOfOrder(orderId))) as CommittedOrder;
    return Object.values(items).map(({ state, ...fields }) => ({
      state,
      own: Object.keys(fields)
        .filter((field) => field === 'ticketId' || field === 'releaseDue')
        .toSorted(),
    }));
  };

  const own: Record<ItemState, string[]> = {
    living: [],
    ticketed: ['ticketId'],
    releasing: ['releaseDue'],
    released: [],
  };

  test.each(waysOf<ItemState>(itemTransitions))(
    'goes from %s to %s only by its table, and has the fields of its state alone',
    async (from, to) => {
      const ways = writes[`${from}→${to}`] ?? [];
      expect(ways).not.toEqual([]);
      // A ticket's id stays with an item whose ticket was paid back.
      const former = from === 'ticketed' && to !== from ? ['ticketId'] : [];
      const each = (state: ItemState) => {
        const fields = [...(state === to ? former : []), ...own[state]];
        return [
          { state, own: fields.toSorted() },
          { state, own: fields.toSorted() },
        ];
      };
      for (const write of ways) expect(await storedItems(await write())).toEqual(each(to));
      takeOut(itemTransitions, from, to);
      for (const write of ways) expect(await storedItems(await write())).toEqual(each(from));
    },
  );
});
