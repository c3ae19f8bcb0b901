import * as z from 'zod';
import { billLimits } from '../../platform/limits.ts';
import { money, type Money } from '../../platform/money.ts';
import { accepted, rejected } from '../../platform/outcome.ts';
import { instantOf, millisecondsOf, type Clock, type Instant } from '../../platform/time.ts';
import { unreadableBill, type BillPlace, type BillRow, type ProviderBills } from '../bill.ts';
import { billDays } from '../bill-days.ts';
import { transientFailure } from './failures.ts';
import { movementSchema, movementsSchema, paymentNumberIn, refundNumberIn, type Movement } from './model.ts';
import type { StripeClient } from './request.ts';

const zone = 'UTC';
/** Stripe makes no files: the list is always there. Nothing is added to a day that ended an hour ago. */
const readyAfterHours = 1;

/** The most that Stripe gives in one page. */
const pageSize = '100';

/**
 * What moves a passenger's money; everything else is `other`: payouts, disputes, failed refunds, and fees of the account. Source:
 * "Balance transaction types" of Stripe's documentation (`charge` is of cards, `payment` of local methods, and so are refunds).
 */
const kinds: Readonly<Record<string, BillRow['kind']>> = {
  charge: 'payment',
  payment: 'payment',
  refund: 'refund',
  payment_refund: 'refund',
};

/**
 * Stripe's bill: the balance transactions that it made in the day, newest first, page by page. Our numbers are in the metadata of
 * their sources: a PaymentIntent copies its metadata to its charge (source: "The Payment Intents API", "Storing information in
 * metadata"), and a refund has its own.
 */
export const stripeBills = (client: StripeClient, clock: Clock): ProviderBills => {
  const days = billDays(zone, readyAfterHours);
  return {
    ...days,
    read: async (date, signal) => {
      const span = days.span(date);
      if (clock() < span.until) return rejected('not-ready');
      const place = { bill: `the bill of Stripe for ${date}`, of: 'movement' } as const;
      return accepted({ rows: rowsOf(client, span, place, signal) });
    },
  };
};

type Span = { from: Instant; until: Instant };

const secondsOf = (instant: Instant): string => String(millisecondsOf(instant) / 1000);

async function* rowsOf(
  client: StripeClient,
  span: Span,
  place: BillPlace,
  signal: AbortSignal | undefined,
): AsyncGenerator<BillRow> {
  let cursor: string | undefined;
  let row = 0;
  for (;;) {
    const reply = await client(
      {
        method: 'GET',
        path: '/v1/balance_transactions',
        fields: {
          'created[gte]': secondsOf(span.from),
          'created[lt]': secondsOf(span.until),
          limit: pageSize,
          'expand[]': 'data.source',
          ...(cursor !== undefined && { starting_after: cursor }),
        },
        schema: movementsSchema,
        limit: billLimits.request,
      },
      signal,
    );
    if (reply.outcome === 'rejected') throw transientFailure(`it could not list movements (${reply.reason})`);
    for (const each of reply.content.data) {
      row += 1;
      const movement = movementIn(each, { ...place, row });
      if (movement.id === cursor)
        throw unreadableBill({ ...place, row }, 'the page begins where the last ended');
      yield rowOf(movement, span, { ...place, row });
      cursor = movement.id;
    }
    if (!reply.content.has_more) return;
    if (reply.content.data.length === 0) throw unreadableBill(place, 'a page is empty, and there is more');
  }
}

const movementIn = (content: unknown, place: BillPlace): Movement => {
  const read = movementSchema.safeParse(content);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw unreadableBill(
    place,
    `${issue?.path.join('.')} is not what the documentation says`,
    z.prettifyError(read.error),
  );
};

const rowOf = (movement: Movement, { from, until }: Span, place: BillPlace & { row: number }): BillRow => {
  const at = instantOf(movement.created * 1000);
  if (at < from || at >= until) throw unreadableBill(place, 'it is of another day');
  const kind = kinds[movement.type] ?? 'other';
  const { amount, cost } = moved(movement);
  const common = { type: movement.type, at, cost, row: place.row };
  if (kind === 'other') return { kind, ...common, providerNumber: movement.id, amount };
  if (kind === 'payment' ? amount.amount < 0 : amount.amount > 0)
    throw unreadableBill(place, 'its amount has the wrong sign');
  const source = typeof movement.source === 'object' ? movement.source : undefined;
  const paymentNumber = paymentNumberIn(source?.metadata);
  const refundNumber = refundNumberIn(source?.metadata);
  return {
    kind,
    ...common,
    ...(paymentNumber !== undefined && { paymentNumber }),
    ...(kind === 'refund' && refundNumber !== undefined && { refundNumber }),
    // A payment is known by its PaymentIntent.
    providerNumber: (kind === 'payment' ? source?.payment_intent : source?.id) ?? movement.id,
    amount: money(Math.abs(amount.amount), amount.currency),
    ...(source?.status && source.status !== 'succeeded' && { state: source.status }),
  };
};

/**
 * What moved and what it cost, in the currency of the payment: Stripe exchanges what the account does not hold. The two amounts
 * are the rate between minor units; `exchange_rate` does not say whether it counts those.
 */
const moved = ({
  amount,
  fee,
  currency,
  exchange_rate: rate,
  source,
}: Movement): { amount: Money; cost: number } => {
  const asked = typeof source === 'object' ? source : undefined;
  if (!rate || !asked?.currency || asked.amount === undefined || asked.currency === currency || amount === 0)
    return { amount: money(amount, currency.toUpperCase()), cost: fee };
  const sign = amount < 0 ? -1 : 1;
  return {
    amount: money(sign * asked.amount, asked.currency.toUpperCase()),
    cost: Math.round((fee * asked.amount) / Math.abs(amount)),
  };
};
