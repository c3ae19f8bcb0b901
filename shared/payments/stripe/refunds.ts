import type { Payment, Refund } from '../model.ts';
import { otherAmount, type ProviderRefund } from '../provider.ts';
import { isPassing, transientFailure } from './failures.ts';
import { findIntent } from './intents.ts';
import { refundSchema, refundsSchema, type StripeRefund } from './model.ts';
import { tooOften, type StripeClient } from './request.ts';

const path = '/v1/refunds';

/** More than any payment has. */
const listedMax = '100';

/**
 * Stripe repeats its first answer to a key for a day, a refusal as well. So what it has declined goes under another key;
 * a request whose answer we do not know keeps its own.
 */
const keyOf = ({ refundNumber, declines = 0 }: Refund): string =>
  declines === 0 ? refundNumber : `${refundNumber}_${declines}`;

/**
 * A refund with our number as its idempotency key, which Stripe forgets after a day. So this first looks whether the refund is
 * there: the list is exact.
 */
export const requestRefund = async (
  client: StripeClient,
  payment: Payment,
  refund: Refund,
  signal?: AbortSignal,
): Promise<ProviderRefund> => {
  const intent = await findIntent(client, payment, signal);
  if (!intent) return { state: 'not-exist' };
  const before = await findRefund(client, intent.id, refund, signal);
  if (before) return stateOf(before, refund);
  const fields = {
    payment_intent: intent.id,
    amount: String(refund.amount.amount),
    'metadata[payment]': payment.paymentId,
    'metadata[refund]': refund.refundNumber,
  };
  const reply = await client(
    {
      method: 'POST',
      path,
      fields,
      idempotencyKey: keyOf(refund),
      schema: refundSchema,
      mayBeTooOften: true,
    },
    signal,
  );
  if (reply.outcome === 'accepted') return stateOf(reply.content, refund);
  if (reply.reason === tooOften) return { state: 'declined', why: tooOften, tooOften: true };
  return { state: isPassing(reply.reason) ? 'declined' : 'failed', why: reply.reason };
};

export const queryRefund = async (
  client: StripeClient,
  payment: Payment,
  refund: Refund,
  signal?: AbortSignal,
): Promise<ProviderRefund> => {
  const intent = await findIntent(client, payment, signal);
  const found = intent && (await findRefund(client, intent.id, refund, signal));
  return found ? stateOf(found, refund) : { state: 'not-exist' };
};

const findRefund = async (
  client: StripeClient,
  intentId: string,
  { refundNumber }: Refund,
  signal?: AbortSignal,
): Promise<StripeRefund | undefined> => {
  const fields = { payment_intent: intentId, limit: listedMax };
  const reply = await client({ method: 'GET', path, fields, schema: refundsSchema }, signal);
  if (reply.outcome === 'rejected') throw transientFailure(`it could not list refunds (${reply.reason})`);
  const found = reply.content.data.find(({ metadata }) => metadata.refund === refundNumber);
  if (!found && reply.content.has_more) throw transientFailure('there are more refunds than we can list');
  return found;
};

const stateOf = ({ status, amount }: StripeRefund, refund: Refund): ProviderRefund => {
  if (amount !== refund.amount.amount) return { state: 'failed', why: otherAmount };
  switch (status) {
    case 'succeeded':
      return { state: 'succeeded' };
    case 'pending':
    case 'requires_action':
      return { state: 'processing' };
    default:
      // `failed`: the passenger's bank took no money, which is back on the account. A person sends it another way.
      return { state: 'failed', why: status ?? 'unknown' };
  }
};
