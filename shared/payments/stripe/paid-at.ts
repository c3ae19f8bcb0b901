import { providerLimits } from '../../platform/limits.ts';
import { instantOf } from '../../platform/time.ts';
import { paidAtOf, type ProviderPayment } from '../provider.ts';
import { chargeSchema, type Intent } from './model.ts';
import type { StripeClient } from './request.ts';

/**
 * Adds to a captured payment when its money came: a PaymentIntent does not say so, the balance transaction of its charge does,
 * and is what the bill lists. A key that may not read charges leaves the time out, and the payment is paid all the same.
 */
export const withPaidAt = async (
  client: StripeClient,
  intent: Intent | undefined,
  state: ProviderPayment,
  signal?: AbortSignal,
): Promise<ProviderPayment> => {
  if (state.state !== 'captured' || !intent?.latest_charge) return state;
  const asked = client(
    {
      method: 'GET',
      path: `/v1/charges/${encodeURIComponent(intent.latest_charge)}`,
      fields: { 'expand[]': 'balance_transaction' },
      schema: chargeSchema,
      // A limit of its own: a key that may not read charges is no reason for an alarm.
      limit: providerLimits.request,
    },
    signal,
  );
  const reply = await asked.catch(() => undefined);
  const created = reply?.outcome === 'accepted' ? reply.content.balance_transaction?.created : undefined;
  return { ...state, ...paidAtOf(created === undefined ? undefined : instantOf(created * 1000)) };
};
