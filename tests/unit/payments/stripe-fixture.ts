import { createHmac } from 'node:crypto';
import type { Payment, Refund } from '../../../shared/payments/model.ts';
import type { StripeSecret } from '../../../shared/payments/stripe/model.ts';
import { money } from '../../../shared/platform/money.ts';
import { millisecondsOf } from '../../../shared/platform/time.ts';
import { now, payment as alipayPayment, refund as alipayRefund } from './alipay-fixture.ts';

export { now };

export const secret: StripeSecret = {
  secretKey: 'sk_test_1',
  publishableKey: 'pk_test_1',
  webhookSecrets: ['whsec_1', 'whsec_2'],
  gateway: 'https://api.example',
};

export const payment: Payment = {
  ...alipayPayment,
  provider: 'stripe',
  method: 'card',
  amount: money(55_300, 'EUR'),
  state: 'pending',
  action: { kind: 'client-secret', value: 'pi_3Abc_secret_xyz', publishableKey: 'pk_test_1' },
};
export const refund: Refund = { ...alipayRefund, amount: money(300, 'EUR') };

export const intent = {
  id: 'pi_3Abc',
  object: 'payment_intent',
  amount: 55_300,
  amount_received: 55_300,
  client_secret: 'pi_3Abc_secret_xyz',
  currency: 'eur',
  metadata: { payment: payment.paymentId },
  status: 'succeeded',
};

export const eventOf = (object: object, type = 'payment_intent.succeeded'): string =>
  JSON.stringify({ id: 'evt_1', object: 'event', type, livemode: false, data: { object } });

const seconds = Math.floor(millisecondsOf(now) / 1000);

/** Signed as Stripe's documentation says, in other words than the product's. */
export const signatureOf = (body: string | Buffer, { late = 0, key = 'whsec_1' } = {}): string => {
  const time = seconds - late;
  const signed = Buffer.concat([Buffer.from(`${time}.`), Buffer.from(body)]);
  return `t=${time},v1=${createHmac('sha256', key).update(signed).digest('hex')}`;
};
