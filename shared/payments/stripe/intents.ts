import { money } from '../../platform/money.ts';
import type { Payment, PaymentAction } from '../model.ts';
import { instantOf, type Instant } from '../../platform/time.ts';
import { paidAtOf, type PaymentMethod, type ProviderPayment } from '../provider.ts';
import { providerRefusal, transientFailure } from './failures.ts';
import { intentSchema, intentsSchema, stripeCurrencies, type Intent, type StripeSecret } from './model.ts';
import { isLackOfRight, type StripeClient } from './request.ts';

/** Cards, and whatever else the account has switched on: Stripe's own form shows what fits the device. */
export const stripeMethods: readonly PaymentMethod[] = [{ name: 'card', action: 'client-secret' }];

const path = '/v1/payment_intents';

/** A PaymentIntent for the provider's form. Stripe keeps no deadline, so we cancel it at ours. */
export const beginIntent = async (
  client: StripeClient,
  { publishableKey }: Pick<StripeSecret, 'publishableKey'>,
  payment: Payment,
  signal?: AbortSignal,
): Promise<PaymentAction> => {
  const { paymentId, amount } = payment;
  if (!stripeCurrencies.includes(amount.currency))
    throw new RangeError(`Stripe does not accept ${amount.currency} here`);
  if (stripeMethods.every(({ name }) => name !== payment.method))
    throw new RangeError(`Stripe has no method ${payment.method}`);
  const reply = await client(
    {
      method: 'POST',
      path,
      fields: {
        amount: String(amount.amount),
        currency: amount.currency.toLowerCase(),
        'automatic_payment_methods[enabled]': 'true',
        description: paymentId,
        'metadata[payment]': paymentId,
        'metadata[payBy]': payment.expiresAt,
      },
      // A repeated request gets the same PaymentIntent.
      idempotencyKey: paymentId,
      schema: intentSchema,
    },
    signal,
  );
  if (reply.outcome === 'rejected') throw providerRefusal(reply.reason);
  const { client_secret: value } = reply.content;
  if (!value) throw transientFailure('the answer has no client secret');
  return { kind: 'client-secret', value, publishableKey };
};

/** `pi_…_secret_…` → `pi_…`. */
const idIn = (clientSecret: string): string | undefined => /^(pi_\w+?)_secret_/.exec(clientSecret)?.[1];

const knownIdOf = (payment: Payment): string | undefined => {
  if ('providerTrade' in payment) return payment.providerTrade;
  const action = 'action' in payment ? payment.action : undefined;
  return action?.kind === 'client-secret' ? idIn(action.value) : undefined;
};

/** What a PaymentIntent has of the moment of its payment, if Stripe is asked for it. */
const itsCharge = 'latest_charge.balance_transaction';

/**
 * The PaymentIntent of a payment: by its id if the client got it, else by our number in its metadata. Stripe's search finds it
 * within a minute; nobody takes "not found" for an answer before the deadline and a margin. `withCharge`: with the time of its
 * balance transaction, in the same request.
 */
export const findIntent = async (
  client: StripeClient,
  payment: Payment,
  signal?: AbortSignal,
  { withCharge = false } = {},
): Promise<Intent | undefined> => {
  const id = knownIdOf(payment);
  if (id === undefined) {
    const query = `metadata['payment']:'${payment.paymentId}'`;
    const found = await client(
      {
        method: 'GET',
        path: `${path}/search`,
        fields: { query, ...(withCharge && { 'expand[]': `data.${itsCharge}` }) },
        schema: intentsSchema,
      },
      signal,
    );
    if (found.outcome === 'rejected') throw transientFailure(`the search failed (${found.reason})`);
    return found.content.data[0];
  }
  const fields = { ...(withCharge && { 'expand[]': itsCharge }) };
  const reply = await client({ method: 'GET', path: `${path}/${id}`, fields, schema: intentSchema }, signal);
  if (reply.outcome === 'accepted') return reply.content;
  if (reply.reason === 'resource_missing') return undefined;
  throw transientFailure(`it could not tell the state of the payment (${reply.reason})`);
};

/** When the money came: what the balance transaction of its charge says, which is what the bill lists. */
const timeOf = ({ latest_charge: charge }: Intent): Instant | undefined =>
  typeof charge === 'object' && charge?.balance_transaction
    ? instantOf(charge.balance_transaction.created * 1000)
    : undefined;

const stateOf = (intent: Intent | undefined, { paymentId }: Payment): ProviderPayment => {
  if (!intent) return { state: 'not-exist' };
  if (intent.metadata.payment !== paymentId) throw transientFailure('the answer is about another payment');
  switch (intent.status) {
    case 'succeeded':
      return {
        state: 'captured',
        providerTrade: intent.id,
        paid: money(intent.amount_received, intent.currency.toUpperCase()),
        ...paidAtOf(timeOf(intent)),
      };
    case 'canceled':
      return { state: 'closed' };
    default:
      return { state: 'pending' };
  }
};

/**
 * Asks how a payment stands, with the time of its payment, in one request. A key that may not read charges is refused by that
 * request, and asks again without the time: such a payment is paid all the same.
 */
export const queryIntent = async (
  client: StripeClient,
  payment: Payment,
  signal?: AbortSignal,
): Promise<ProviderPayment> => {
  const intent = await findIntent(client, payment, signal, { withCharge: true }).catch((error: unknown) => {
    if (!isLackOfRight(error)) throw error;
    return findIntent(client, payment, signal);
  });
  return stateOf(intent, payment);
};

/**
 * Cancels the PaymentIntent. One that is paid, or that a bank still works on, is not cancelled: only a query tells which. It
 * takes three requests at most, and none for the time of the payment, which nobody needs then.
 */
export const cancelIntent = async (
  client: StripeClient,
  payment: Payment,
  signal?: AbortSignal,
): Promise<ProviderPayment> => {
  const intent = await findIntent(client, payment, signal);
  const before = stateOf(intent, payment);
  if (!intent || before.state !== 'pending') return before;
  const reply = await client(
    {
      method: 'POST',
      path: `${path}/${intent.id}/cancel`,
      fields: { cancellation_reason: 'abandoned' },
      schema: intentSchema,
    },
    signal,
  );
  if (reply.outcome === 'accepted') return stateOf(reply.content, payment);
  return stateOf(await findIntent(client, payment, signal), payment);
};
