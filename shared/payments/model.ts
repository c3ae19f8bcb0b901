import * as z from 'zod';
import { attentionSchema, handledSchema } from '../bookings/attention.ts';
import { orderIdSchema, paymentIdSchema, type OrderId, type PaymentId } from '../platform/ids.ts';
import type { Transitions } from '../bookings/transitions.ts';
import { moneySchema, type Money } from '../platform/money.ts';
import { instantSchema, type Instant } from '../platform/time.ts';
import { providerNames } from './known-providers.ts';

/** Providers this version can speak with; the port (provider.ts) is made for more. */
export const providerSchema = z.enum(providerNames);
export type ProviderName = z.infer<typeof providerSchema>;

/** What the client must do to pay. */
export const paymentActionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('redirect'), url: z.url() }),
  z.object({ kind: z.literal('qr-code'), text: z.string() }),
  z.object({ kind: z.literal('client-secret'), value: z.string() }),
]);
export type PaymentAction = z.infer<typeof paymentActionSchema>;

/** What every payment has: it is one attempt to collect an order's amount with one provider. */
const commonPayment = z.object({
  orderId: orderIdSchema,
  paymentId: paymentIdSchema,
  provider: providerSchema,
  amount: moneySchema,
  createdAt: instantSchema,
  /** Absolute: after this the provider takes no money for it. */
  expiresAt: instantSchema,
  attention: attentionSchema.optional(),
  handled: z.array(handledSchema).optional(),
  dueAt: instantSchema.optional(),
});

/** A notification told of another amount, and the provider's own books are still to be asked. */
const doubtSchema = z.object({
  since: instantSchema,
  /** What the notification told of, the last one if there were several. */
  told: moneySchema,
});
export type Doubt = z.infer<typeof doubtSchema>;

/** What one whose money has not come may have. */
const uncaptured = commonPayment.extend({ doubt: doubtSchema.optional() });

/** What the client had to do, if it was handed out and its order still has its personal data. */
const formerAction = paymentActionSchema.optional();

/** What one has whose money came. */
const captured = commonPayment.extend({
  action: formerAction,
  capturedAt: instantSchema,
  /** The provider's own number of the captured trade. */
  providerTrade: z.string(),
  /** What the provider took, where it is another amount than was asked for. Such money only ever goes back. */
  taken: moneySchema.optional(),
  /** Minor units that may still be refunded. Never below zero. */
  refundable: z.int().nonnegative(),
});

/** When the money found its use: a paid order, or a refund. */
const appliedAt = instantSchema;

export const paymentSchema = z.discriminatedUnion('state', [
  uncaptured.extend({ state: z.literal('created') }),
  uncaptured.extend({ state: z.literal('pending'), action: paymentActionSchema }),
  captured.extend({ state: z.literal('captured'), appliedAt: appliedAt.optional() }),
  uncaptured.extend({ state: z.literal('failed'), action: formerAction }),
  uncaptured.extend({
    state: z.literal('closed'),
    action: formerAction,
    /** Since when it is closed on a person's word. Its provider is asked about it for a while: it may have money. */
    closedByHandAt: instantSchema.optional(),
  }),
  captured.extend({ state: z.literal('partlyRefunded'), appliedAt }),
  captured.extend({ state: z.literal('refunded'), appliedAt }),
]);
export type Payment = z.infer<typeof paymentSchema>;
export type PaymentState = Payment['state'];
export type PaymentIn<State extends PaymentState> = Extract<Payment, { state: State }>;
export type PaymentRef = { orderId: OrderId; paymentId: PaymentId };

export const paymentStates = [
  'created',
  'pending',
  'captured',
  'failed',
  'closed',
  'partlyRefunded',
  'refunded',
] as const satisfies readonly PaymentState[];

/** Every way a payment can go: the writes are conditioned by it. */
export const paymentTransitions: Transitions<PaymentState> = {
  created: ['pending', 'closed', 'captured', 'failed'],
  pending: ['captured', 'failed', 'closed'],
  failed: ['captured'],
  closed: ['captured'],
  captured: ['partlyRefunded', 'refunded'],
  partlyRefunded: ['refunded'],
  refunded: [],
};

export type UnfinishedPayment = PaymentIn<'created' | 'pending'>;
export type CapturedPayment = PaymentIn<'captured' | 'partlyRefunded' | 'refunded'>;
export type UncapturedPayment = Exclude<Payment, CapturedPayment>;
type UnappliedPayment = PaymentIn<'captured'> & { appliedAt?: undefined };

/** Neither captured nor closed: the provider must still be asked about it. */
export const isUnfinished = (payment: Payment): payment is UnfinishedPayment =>
  payment.state === 'created' || payment.state === 'pending';

/** Its money came, and may be on its way back. */
export const isCaptured = (payment: Payment): payment is CapturedPayment =>
  payment.state === 'captured' || payment.state === 'partlyRefunded' || payment.state === 'refunded';

/** Captured, and the money has not yet become a ticket or a refund. */
export const isUnapplied = (payment: Payment): payment is UnappliedPayment =>
  payment.state === 'captured' && payment.appliedAt === undefined;

/** Since when a payment is in doubt, if it is. */
export const doubtedSince = (payment: Payment): Instant | undefined =>
  isCaptured(payment) ? undefined : payment.doubt?.since;

/** The money that was captured. */
export const takenOf = ({ taken, amount }: CapturedPayment): Money => taken ?? amount;

/**
 * `departed`: the money could become no ticket any more, because its run had left. `run-gone`: it came late, and the
 * timetable does not have its run any more. `other-amount`: it was never that of the order.
 */
export const refundReasons = [
  'late-payment',
  'surplus-payment',
  'cannot-issue',
  'departed',
  'run-gone',
  'other-amount',
] as const;

/** What every refund has. Its number is fixed by what is refunded, so that a retry can never pay twice. */
const commonRefund = z.object({
  orderId: orderIdSchema,
  paymentId: paymentIdSchema,
  /** `<paymentId>_<what is refunded>`: sent to the provider as its idempotent number. */
  refundNumber: z.string(),
  amount: moneySchema,
  reason: z.enum(refundReasons),
  requestedAt: instantSchema,
  attempts: z.int().nonnegative(),
  attention: attentionSchema.optional(),
  handled: z.array(handledSchema).optional(),
  dueAt: instantSchema.optional(),
});

/** Why the provider declined it, as long as that is the last that it said. */
const declined = z.string().optional();

/** Who pays it back, or has, by another way. */
const settledBy = z.string();

/** It was paid back twice: by hand, and by the provider. */
const overpaidAt = instantSchema.optional();

/** Money on its way back. */
export const refundSchema = z.discriminatedUnion('state', [
  commonRefund.extend({ state: z.literal('requested') }),
  commonRefund.extend({ state: z.literal('submitted'), declined }),
  /** Declined for good, or given back by the person who had it in hand: it waits for one, and is still asked about. */
  commonRefund.extend({ state: z.literal('failed'), declined }),
  /** One person is paying it back by another way. */
  commonRefund.extend({ state: z.literal('settling'), declined, settledBy }),
  /** Paid back by another way. The provider is asked about it for a while: it may pay as well. */
  commonRefund.extend({
    state: z.literal('settled'),
    declined,
    settledBy,
    settledAt: instantSchema,
    overpaidAt,
  }),
  /** Paid back by the provider, perhaps while a person had it in hand. */
  commonRefund.extend({
    state: z.literal('succeeded'),
    declined,
    settledBy: settledBy.optional(),
    succeededAt: instantSchema,
    overpaidAt,
  }),
]);
export type Refund = z.infer<typeof refundSchema>;
export type RefundState = Refund['state'];
export type RefundIn<State extends RefundState> = Extract<Refund, { state: State }>;

/** Every way a refund can go: the writes are conditioned by it. */
export const refundTransitions: Transitions<RefundState> = {
  requested: ['submitted', 'succeeded', 'failed', 'settling'],
  submitted: ['succeeded', 'failed', 'settling'],
  failed: ['requested', 'succeeded', 'settling'],
  settling: ['succeeded', 'failed', 'settled'],
  succeeded: [],
  settled: [],
};

/** Paid back by hand and by the provider. */
export const isPaidTwice = (refund: Refund): boolean =>
  (refund.state === 'settled' || refund.state === 'succeeded') && refund.overpaidAt !== undefined;

export const refundNumberOf = (paymentId: PaymentId, refunded: 'whole' | `item${string}`): string =>
  `${paymentId}_${refunded}`;
