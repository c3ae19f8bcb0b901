import {
  paymentSchema,
  type Payment,
  type PaymentIn,
  type PaymentState,
} from '../../shared/payments/model.ts';
import { paymentIdOf, type OrderId } from '../../shared/platform/ids.ts';
import { plusSeconds } from '../../shared/platform/time.ts';
import { sampleOrder } from './sample-order.ts';

const order = sampleOrder('held');
const begun = plusSeconds(order.createdAt, 10);

const action = { kind: 'redirect', url: 'https://cashier.example/' };
const captured = { action, capturedAt: begun, providerTrade: 't', refundable: order.amount.amount };

/** What a payment in a state has that another has not. The money of a captured one waits for its use. */
const fieldsOf: Readonly<Record<PaymentState, object>> = {
  created: {},
  pending: { action },
  captured,
  failed: { action },
  closed: { action },
  partlyRefunded: { ...captured, appliedAt: begun, refundable: 1 },
  refunded: { ...captured, appliedAt: begun, refundable: 0 },
};

type Fields = { orderId?: OrderId; n?: number; [field: string]: unknown };

/** The order's first payment (or its n-th) at Alipay, begun ten seconds after the order. */
export const samplePayment = <State extends PaymentState>(
  state: State,
  { orderId = order.orderId, n = 1, ...more }: Fields = {},
): PaymentIn<State> => {
  const payment = paymentSchema.parse({
    orderId,
    paymentId: paymentIdOf(orderId, n),
    provider: 'alipay',
    method: 'page',
    state,
    amount: order.amount,
    createdAt: begun,
    expiresAt: order.expiresAt,
    ...fieldsOf[state],
    ...more,
  });
  if (!isIn(payment, state)) throw new Error(`the sample is ${payment.state}`);
  return payment;
};

const isIn = <State extends PaymentState>(payment: Payment, state: State): payment is PaymentIn<State> =>
  payment.state === state;
