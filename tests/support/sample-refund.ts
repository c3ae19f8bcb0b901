import { refundSchema, type Refund, type RefundIn, type RefundState } from '../../shared/payments/model.ts';
import { orderIdSchema, paymentIdOf, type OrderId } from '../../shared/platform/ids.ts';

export const refundStates = [
  'requested',
  'submitted',
  'succeeded',
  'failed',
  'settling',
  'settled',
] as const satisfies readonly RefundState[];

const at = '2026-11-20T02:59:59.999Z';

/** What a refund in a state has that another has not. */
const fieldsOf: Readonly<Record<RefundState, object>> = {
  requested: {},
  submitted: {},
  failed: { declined: 'why' },
  settling: { settledBy: 'zhang' },
  settled: { settledBy: 'zhang', settledAt: at },
  succeeded: { succeededAt: at },
};

type Fields = { orderId?: OrderId } & Partial<
  Record<keyof RefundIn<'settled'> | keyof RefundIn<'succeeded'>, unknown>
>;

/** A refund of an order's first payment, in a state and with what that state has. */
export const sampleRefund = <State extends RefundState>(
  state: State,
  { orderId = orderIdSchema.parse('01KBZ5Q7W8XN3V4M5T6R7S8P9A'), ...more }: Fields = {},
): RefundIn<State> => {
  const refund = refundSchema.parse({
    orderId,
    paymentId: paymentIdOf(orderId, 1),
    refundNumber: `${orderId}_1_whole`,
    amount: { amount: 100, currency: 'CNY' },
    reason: 'late-payment',
    state,
    requestedAt: at,
    attempts: 0,
    ...fieldsOf[state],
    ...more,
  });
  if (!isIn(refund, state)) throw new Error(`the sample is ${refund.state}`);
  return refund;
};

const isIn = <State extends RefundState>(refund: Refund, state: State): refund is RefundIn<State> =>
  refund.state === state;
