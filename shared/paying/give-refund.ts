import { grantOfOrder } from '../orders/grant-store.ts';
import { isLeaving } from '../orders/partition-store.ts';
import { readOrder } from '../orders/store.ts';
import type { Refund } from '../payments/model.ts';
import { listRefunds, putRefund } from '../payments/refunds-store.ts';
import { listPayments, takeRefundable } from '../payments/store.ts';
import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import { decideAnew } from '../platform/decide-anew.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import type { Money } from '../platform/money.ts';
import { accepted, rejected, type Accepted, type Rejected } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { decideGive, type Grant } from './decide-give.ts';
import type { GiveRefusal } from './rules.ts';

type Given =
  | Accepted<{ now: 'given' | 'given-before'; refunds: Refund[] }>
  | Rejected<Exclude<GiveRefusal, 'not-enough-left'>>
  | (Rejected<'not-enough-left'> & { left: Money });

/** The number of decisions about one grant, if the order or its money changes at the same moment. */
const attemptsMax = 8;

/**
 * T40: a person gives back some or all of the money of an issued order, which keeps its tickets: one transaction takes it
 * from the payments, requests the refunds, books them, and is an event that tells the passenger. The refunds then go the
 * way of all refunds.
 */
export const giveRefund =
  (dependencies: { bookings: Table; clock: Clock }) =>
  (orderId: OrderId, grant: Grant): Promise<Given> =>
    decideAnew(attemptsMax, () => giveOnce(dependencies, orderId, grant));

const giveOnce = async (
  { bookings, clock }: { bookings: Table; clock: Clock },
  orderId: OrderId,
  grant: Grant,
): Promise<Given> => {
  // The order first: its history, which the write checks, is then no younger than what is read after it.
  const stands = await readOrder(bookings, orderId, { consistent: true });
  const [payments, refunds] = await Promise.all([
    listPayments(bookings, orderId),
    listRefunds(bookings, orderId),
  ]);
  const now = clock();
  const decided = decideGive({ order: stands, payments, refunds }, grant, now);
  if (decided.outcome === 'rejected' || decided.now === 'given-before') return decided;
  const outcome = await writeTogether(bookings.client, [
    { label: 'order', write: grantOfOrder(bookings, decided.order, { grant: decided.grant, now }) },
    ...decided.refunds.flatMap((refund) => [
      { label: 'payment', write: takeRefundable(bookings, refund.paymentId, refund.amount.amount) },
      { label: 'refund', write: putRefund(bookings, refund) },
      { label: 'journal', write: putEntry(bookings, grantEntry(refund)) },
    ]),
  ]);
  if (outcome.outcome === 'written') return accepted({ now: 'given', refunds: decided.refunds });
  const order = outcome.refused.find(({ label }) => label === 'order');
  return rejected(isLeaving(order?.found) ? 'order-leaving' : 'changed-meanwhile');
};

/** Earned money that we now owe back. */
const grantEntry = ({ orderId, refundNumber: source, amount, requestedAt: at }: Refund) =>
  entryOf('refund-granted', { orderId, source, amount, at });
