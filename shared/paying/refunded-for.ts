import type { CommittedOrder } from '../orders/model.ts';
import { refundNumberOf, type Refund } from '../payments/model.ts';
import { listRefunds, readRefund } from '../payments/refunds-store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { sumMoney, type Money } from '../platform/money.ts';
import { refundsOfGrant } from './decide-give.ts';

/** Why the money that paid an order went back. */
export const refundedFor =
  (bookings: Table) =>
  async (order: CommittedOrder): Promise<Refund['reason'] | undefined> => {
    if (!('paidBy' in order) || !order.paidBy) return undefined;
    const refund = await readRefund(bookings, order.orderId, refundNumberOf(order.paidBy, 'whole'));
    return refund?.reason;
  };

/** What a person has given back with a grant; undefined if there is none of this name. */
export const grantedBy =
  (bookings: Table) =>
  async (orderId: OrderId, grant: string): Promise<Money | undefined> => {
    const amounts = refundsOfGrant(await listRefunds(bookings, orderId), grant).map(({ amount }) => amount);
    return amounts[0] && sumMoney(amounts, amounts[0].currency);
  };
