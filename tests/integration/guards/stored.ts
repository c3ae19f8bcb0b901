import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { OrderState, CommittedOrder } from '../../../shared/orders/model.ts';
import { writeTogether, type Item, type Table, type TransactItem } from '../../../shared/platform/dynamo.ts';
import { orderIdSchema, paymentIdOf, type OrderId } from '../../../shared/platform/ids.ts';
import type { Outcome } from '../../../shared/platform/outcome.ts';
import { newUlid } from '../../../shared/platform/random.ts';
import { instantSchema } from '../../../shared/platform/time.ts';
import { sampleOrder } from '../../support/sample-order.ts';

/*
 * What stands in the tables before a transition is tried: put there as items, by nothing of the product, and looked at
 * as items again. What the tests next to this expect is the protocol's table (docs/protocol.md), not the code.
 */

export const standingStates = [
  'held',
  'closing',
  'releasing',
  'expired',
  'cancelled',
  'paid',
  'issued',
  'refunding',
  'refunded',
] as const satisfies readonly OrderState[];
export type StandingState = (typeof standingStates)[number];

export const now = instantSchema.parse('2026-11-20T03:00:00.000Z');
export const past = instantSchema.parse('2026-11-20T02:59:59.999Z');
export const future = instantSchema.parse('2026-11-20T03:00:00.001Z');

export const newOrderId = (): OrderId => orderIdSchema.parse(newUlid(now));

export const keyOfOrder = (orderId: OrderId) => ({ pk: `ORDER#${orderId}`, sk: 'ORDER' });

export const put = (bookings: Table, item: Item) =>
  bookings.client.send(new PutCommand({ TableName: bookings.name, Item: item }));

export const found = async (bookings: Table, key: Item): Promise<Item | undefined> =>
  (await bookings.client.send(new GetCommand({ TableName: bookings.name, Key: key, ConsistentRead: true })))
    .Item;

const paidStates: ReadonlySet<string> = new Set(['paid', 'issued', 'refunding', 'refunded']);
const endingStates: ReadonlySet<string> = new Set(['closing', 'releasing']);

/** Stores an order in a state; `more` replaces attributes of the item, as nothing of the product would. */
export const storedOrder = async (
  bookings: Table,
  state: StandingState,
  more: Item = {},
): Promise<CommittedOrder> => {
  const orderId = newOrderId();
  const {
    paidBy: _paidBy,
    endReason: _endReason,
    ...order
  } = sampleOrder(state, { orderId }) as CommittedOrder & Item;
  const item = {
    ...order,
    ...(paidStates.has(state) && { paidBy: paymentIdOf(orderId, 1) }),
    ...(endingStates.has(state) && { endReason: 'expired' }),
    ...more,
  };
  await put(bookings, { ...keyOfOrder(orderId), ...item });
  return item as CommittedOrder;
};

export const isWritten = async (
  bookings: Table,
  write: TransactItem | readonly TransactItem[],
): Promise<boolean> => {
  const writes = [write].flat().map((each, n) => ({ label: String(n), write: each }));
  return (await writeTogether(bookings.client, writes)).outcome === 'written';
};

/** Whether a store's write of its own was taken. */
export const isTaken = async (write: Promise<Outcome<object, string>>): Promise<boolean> =>
  (await write).outcome === 'accepted';

/** The states from which a write is taken, in the order of the table of states. */
export const statesWritten = async <State>(
  states: readonly State[],
  attempt: (state: State) => Promise<boolean>,
): Promise<State[]> => {
  const taken: State[] = [];
  for (const state of states) if (await attempt(state)) taken.push(state);
  return taken;
};
