import type { OrderId, PaymentId, ServiceDate, TicketId } from '../platform/ids.ts';
import { allOf } from '../platform/clauses.ts';
import type { Table, TransactItem } from '../platform/dynamo.ts';
import { later, plusSeconds, type Instant } from '../platform/time.ts';
import { changeAlone, changeOf, keyOfOrder, orderAfter, type Change } from './change-store.ts';
import type { NextItem, NextItems } from './item-moves.ts';
import {
  isReleasing,
  issueWithinSeconds,
  itemsOf,
  placesOf,
  type CommittedOrder,
  type EndReason,
  type OrderIn,
  type OrderItem,
} from './model.ts';

/** A write of a transaction, and the order after it. */
type Step<To extends CommittedOrder['state']> = { write: TransactItem; order: OrderIn<To> };

const stepOf = <To extends CommittedOrder['state']>(
  bookings: Table,
  order: CommittedOrder,
  change: Change & { state: To },
): Step<To> => ({
  write: { Update: changeOf(bookings, order.orderId, change) },
  order: orderAfter(order, change),
});

/**
 * T5: `held → closing`; if the reason is its deadline, only after that has passed. `endsOn` is the day on which it will
 * count as ended, however late that is.
 */
export const closeOrder = (
  bookings: Table,
  orderId: OrderId,
  { endReason, endsOn, now }: { endReason: EndReason; endsOn: ServiceDate; now: Instant },
) =>
  changeAlone(bookings, orderId, {
    state: 'closing',
    event: 'order-closing',
    now,
    ...(endReason === 'expired' && { condition: ['expiresAt <= :now'], values: { ':now': now } }),
    set: { endReason, endsOn },
    dueAt: now,
  });

/** T6, the order's part: it is held, and its hold has not run out. */
export const checkHeld = (bookings: Table, orderId: OrderId, now: Instant): TransactItem => ({
  ConditionCheck: {
    TableName: bookings.name,
    Key: keyOfOrder(orderId),
    ConditionExpression: allOf('#state = :held', 'expiresAt > :now'),
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':held': 'held', ':now': now },
  },
});

/**
 * T7, the order's part: `closing → releasing`, and its items too. The same transaction checks its payments; if one of
 * them is unfinished, the hold must have run out by `expiredBy`.
 */
export const giveUpSeats = (
  bookings: Table,
  order: CommittedOrder & { endReason: EndReason },
  { now, expiredBy }: { now: Instant; expiredBy: Instant | undefined },
): Step<'releasing'> =>
  stepOf(bookings, order, {
    state: 'releasing',
    event: 'order-releasing',
    now,
    condition: ['attribute_not_exists(paidBy)', ...(expiredBy ? ['expiresAt <= :expiredBy'] : [])],
    ...(expiredBy && { values: { ':expiredBy': expiredBy } }),
    items: everyItem(order, { state: 'releasing', releaseDue: now }),
    dueAt: now,
  });

/**
 * T8, the order's part: `releasing → expired | cancelled`, with released items. Without a day it does not count as ended on
 * any.
 */
export const endOrder = (
  bookings: Table,
  order: CommittedOrder & { endReason: EndReason },
  now: Instant,
): Step<EndReason> =>
  stepOf(bookings, order, {
    state: order.endReason,
    event: order.endReason === 'expired' ? 'order-expired' : 'order-cancelled',
    now,
    items: everyItem(order, { state: 'released' }),
    remove: ['endReason', 'taskToken', ...(order.endsOn ? [] : ['endsOn'])],
  });

const everyItem = (order: CommittedOrder, next: NextItem): NextItems =>
  Object.fromEntries(Object.keys(order.items).map((itemId) => [itemId, next]));

/** T9, the order's part: `held | closing → paid` by a payment, if none has paid it. */
export const payOrder = (
  bookings: Table,
  orderId: OrderId,
  paidBy: PaymentId,
  now: Instant,
): TransactItem => ({
  Update: changeOf(bookings, orderId, {
    state: 'paid',
    event: 'order-paid',
    now,
    from: ['held', 'closing'],
    condition: ['attribute_not_exists(paidBy)'],
    set: { paidBy },
    dueAt: plusSeconds(now, issueWithinSeconds),
    remove: ['endReason', 'endsOn'],
  }),
});

/**
 * T10, the order's part: late money takes the same seats again, until the run leaves. Each item gets its place with the
 * new owner, which must not be fenced meanwhile.
 */
export const payLate = (
  bookings: Table,
  order: CommittedOrder,
  paidBy: PaymentId,
  places: Readonly<Record<string, Pick<OrderItem, 'place' | 'thenPlace'>>>,
  now: Instant,
): TransactItem => {
  const owners = [
    ...new Set(
      Object.values(places)
        .flatMap(placesOf)
        .map(({ owner }) => owner),
    ),
  ];
  return {
    Update: changeOf(bookings, order.orderId, {
      state: 'paid',
      event: 'order-paid',
      now,
      from: ['expired', 'cancelled'],
      condition: [
        'attribute_not_exists(paidBy)',
        'departsAt > :now',
        ...owners.map((_, index) => `NOT contains(fenced, :owner${index})`),
      ],
      values: {
        ':now': now,
        ...Object.fromEntries(owners.map((owner, index) => [`:owner${index}`, owner])),
      },
      set: { paidBy },
      items: Object.fromEntries(
        Object.entries(places).map(([itemId, taken]) => [itemId, { state: 'living' as const, ...taken }]),
      ),
      dueAt: plusSeconds(now, issueWithinSeconds),
      remove: ['endsOn'],
    }),
  };
};

/**
 * T13, the order's part: late money whose seats are taken. It sets `paidBy`, otherwise the order would never leave
 * `refunding`.
 */
export const refundLate = (
  bookings: Table,
  orderId: OrderId,
  paidBy: PaymentId,
  now: Instant,
): TransactItem => ({
  Update: changeOf(bookings, orderId, {
    state: 'refunding',
    event: 'order-refunding',
    now,
    from: ['expired', 'cancelled'],
    condition: ['attribute_not_exists(paidBy)'],
    set: { paidBy },
  }),
});

type TicketIds = Readonly<Record<string, TicketId>>;

/** T15, the order's part: `paid → issued` until the run leaves, each item with its ticket. */
export const issueOrder = (
  bookings: Table,
  order: CommittedOrder,
  ticketIds: TicketIds,
  now: Instant,
): TransactItem => issueFrom('paid', bookings, order, ticketIds, now);

/**
 * T18, the order's part: the same from `held`, until the hold runs out. The token stays: somebody must wake the workflow
 * that waits for a payment.
 */
export const issueUnpaid = (
  bookings: Table,
  order: CommittedOrder,
  ticketIds: TicketIds,
  now: Instant,
): TransactItem => issueFrom('held', bookings, order, ticketIds, now);

const issueFrom = (
  from: 'paid' | 'held',
  bookings: Table,
  order: CommittedOrder,
  ticketIds: TicketIds,
  now: Instant,
): TransactItem => ({
  Update: changeOf(bookings, order.orderId, {
    state: 'issued',
    event: 'order-issued',
    now,
    from: [from],
    condition: [
      'departsAt > :now',
      ...(from === 'held' ? ['expiresAt > :now', 'attribute_not_exists(paidBy)'] : []),
    ],
    values: { ':now': now },
    items: Object.fromEntries(
      Object.entries(ticketIds).map(([itemId, ticketId]) => [
        itemId,
        { state: 'ticketed' as const, ticketId },
      ]),
    ),
    remove: from === 'held' ? [] : ['taskToken'],
  }),
});

/** T16, the order's part: `paid → refunding`, with seats to release. On an open run only after it has left. */
export const refundOrder = (
  bookings: Table,
  order: CommittedOrder,
  { departed, now }: { departed: boolean; now: Instant },
): TransactItem => ({
  Update: changeOf(bookings, order.orderId, {
    state: 'refunding',
    event: 'order-refunding',
    now,
    from: ['paid'],
    ...(departed && { condition: ['departsAt <= :now'], values: { ':now': now } }),
    items: everyItem(order, { state: 'releasing', releaseDue: now }),
    dueAt: now,
    remove: ['taskToken'],
  }),
});

/** T21, the order's part: `refunding → refunded`. Releases that are still due stay due. */
export const markRefunded = (bookings: Table, order: CommittedOrder, now: Instant): TransactItem => ({
  Update: changeOf(bookings, order.orderId, {
    state: 'refunded',
    event: 'order-refunded',
    now,
    dueAt: itemsOf(order).some(isReleasing) ? later(now, order.dueAt ?? now) : undefined,
  }),
});
