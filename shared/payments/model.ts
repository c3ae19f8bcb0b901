import * as z from 'zod';
import { attentionSchema, handledSchema } from '../bookings/attention.ts';
import { orderIdSchema, paymentIdSchema, type OrderId, type PaymentId } from '../platform/ids.ts';
import type { Transitions } from '../bookings/transitions.ts';
import { moneySchema, type Money } from '../platform/money.ts';
import { instantSchema, type Instant } from '../platform/time.ts';
import { providerNames } from './known-providers.ts';

/** The providers of this version; the port (provider.ts) allows more. */
export const providerSchema = z.enum(providerNames);
export type ProviderName = z.infer<typeof providerSchema>;

/**
 * What the client must do to pay: send the passenger to an address, show a text as a QR code, hand a secret and the
 * carrier's public key to the provider's own form, or hand signed parameters to the app around the page.
 */
export const paymentActionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('redirect'), url: z.url() }),
  z.object({ kind: z.literal('qr-code'), text: z.string() }),
  z.object({ kind: z.literal('client-secret'), value: z.string(), publishableKey: z.string() }),
  z.object({ kind: z.literal('parameters'), parameters: z.record(z.string(), z.string()) }),
]);
export type PaymentAction = z.infer<typeof paymentActionSchema>;

/** One of the provider's ways to pay, such as `page`. */
export const methodSchema = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/);

/** The fields of every payment: one attempt to collect an order's amount with one provider. */
const commonPayment = z.object({
  orderId: orderIdSchema,
  paymentId: paymentIdSchema,
  provider: providerSchema,
  method: methodSchema,
  amount: moneySchema,
  createdAt: instantSchema,
  /** Where its provider sends notifications, about its refunds as well. Older payments lack it. */
  notifyUrl: z.url().optional(),
  /** Absolute: after this the provider accepts no money for it. */
  expiresAt: instantSchema,
  attention: attentionSchema.optional(),
  handled: z.array(handledSchema).optional(),
  dueAt: instantSchema.optional(),
});

/** A notification reported another amount, and we must still ask for the provider's own books. */
const doubtSchema = z.object({
  since: instantSchema,
  /** The reported amount, from the last such notification. */
  told: moneySchema,
});
export type Doubt = z.infer<typeof doubtSchema>;

/**
 * When we ask the provider again after the end of a doubt; undefined is never. `watchedSince` is now if its answer was not
 * final.
 */
export type AskOn = { again: Instant; watchedSince?: Instant } | undefined;

/** The additional fields of a payment without money. */
const uncaptured = commonPayment.extend({ doubt: doubtSchema.optional() });

/** What the client had to do, if it got that and its order still has its personal data. */
const formerAction = paymentActionSchema.optional();

/**
 * When a dispute about it began without a final answer of the provider. We keep asking the provider about it until the
 * answer is final, for a while, because it may have money.
 */
const watchedSince = instantSchema.optional();

/** The additional fields of a payment with money. */
const captured = commonPayment.extend({
  action: formerAction,
  capturedAt: instantSchema,
  /** The provider's own number of the captured trade. */
  providerTrade: z.string(),
  /** The captured amount, if it differs from the requested one. Such money only ever goes back. */
  taken: moneySchema.optional(),
  /** Minor units that may still be refunded. Never below zero. */
  refundable: z.int().nonnegative(),
  /** Minor units that are back, by the provider or by hand. Absent if none ever were, and in older payments. */
  paidBack: z.int().nonnegative().optional(),
});

/** When the money was applied: to a paid order, or to a refund. */
const appliedAt = instantSchema;

export const paymentSchema = z.discriminatedUnion('state', [
  uncaptured.extend({ state: z.literal('created') }),
  uncaptured.extend({ state: z.literal('pending'), action: paymentActionSchema }),
  captured.extend({ state: z.literal('captured'), appliedAt: appliedAt.optional() }),
  uncaptured.extend({ state: z.literal('failed'), action: formerAction, watchedSince }),
  uncaptured.extend({
    state: z.literal('closed'),
    action: formerAction,
    /** When a person closed it. We keep asking the provider about it for a while, because it may have money. */
    closedByHandAt: instantSchema.optional(),
    watchedSince,
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

/** Every transition of a payment: the writes use it as their condition. */
export const paymentTransitions: Transitions<PaymentState> = {
  created: ['pending', 'closed', 'captured', 'failed'],
  pending: ['captured', 'failed', 'closed'],
  failed: ['captured'],
  closed: ['captured'],
  captured: ['partlyRefunded', 'refunded'],
  // Back again if the provider takes a refund back.
  partlyRefunded: ['captured', 'refunded'],
  refunded: ['captured', 'partlyRefunded'],
};

/** The states from which money may be booked as captured (T11), whatever was thought of it before. */
export const uncapturedStates = [
  'created',
  'pending',
  'failed',
  'closed',
] as const satisfies readonly PaymentState[];

export type UnfinishedPayment = PaymentIn<'created' | 'pending'>;
export type CapturedPayment = PaymentIn<'captured' | 'partlyRefunded' | 'refunded'>;
export type UncapturedPayment = Exclude<Payment, CapturedPayment>;
/** We no longer expect money for it; its provider may know better. */
export type EndedPayment = PaymentIn<'failed' | 'closed'>;
export type UnappliedPayment = PaymentIn<'captured'> & { appliedAt?: undefined };

/** Neither captured nor closed: we must still ask the provider about it. */
export const isUnfinished = (payment: Payment): payment is UnfinishedPayment =>
  payment.state === 'created' || payment.state === 'pending';

/** It has ended without a final answer of its provider, so we keep asking for a while. */
export const isWatched = (payment: Payment): payment is EndedPayment =>
  (payment.state === 'closed' && payment.closedByHandAt !== undefined) ||
  ((payment.state === 'failed' || payment.state === 'closed') && payment.watchedSince !== undefined);

/** Its money came, and may be on its way back. */
export const isCaptured = (payment: Payment): payment is CapturedPayment =>
  payment.state === 'captured' || payment.state === 'partlyRefunded' || payment.state === 'refunded';

/** Captured, but the money has not paid for a ticket or gone back yet. */
export const isUnapplied = (payment: Payment): payment is UnappliedPayment =>
  payment.state === 'captured' && payment.appliedAt === undefined;

/** When a payment came into doubt, if it did. */
export const doubtedSince = (payment: Payment): Instant | undefined =>
  isCaptured(payment) ? undefined : payment.doubt?.since;

/** The money that was captured. */
export const takenOf = ({ taken, amount }: CapturedPayment): Money => taken ?? amount;

/**
 * `departed`: the money could no longer pay for a ticket, because the run had left. `run-gone`: it came late, and the
 * timetable no longer has the run. `other-amount`: it was never the order's amount. `granted`: a person gives back
 * some of the money of an issued order. `ticket-refunded`: its passenger gave the ticket back. `ticket-exchanged`: the
 * new ticket was cheaper. `ticket-gone`: the ticket that it was to replace had ended in another way.
 * `cheaper-than-paid`: the entry of the waitlist that it paid got seats for less. `not-served`: that entry got none, or was
 * withdrawn.
 */
export const refundReasons = [
  'late-payment',
  'surplus-payment',
  'cannot-issue',
  'departed',
  'run-gone',
  'other-amount',
  'granted',
  'ticket-refunded',
  'ticket-exchanged',
  'ticket-gone',
  'cheaper-than-paid',
  'not-served',
] as const;

/** The fields of every refund. Its number follows from what it refunds, so that a retry can never pay twice. */
const commonRefund = z.object({
  orderId: orderIdSchema,
  paymentId: paymentIdSchema,
  /** `<paymentId>_<what is refunded>`: the provider's idempotent number for it. */
  refundNumber: z.string(),
  amount: moneySchema,
  reason: z.enum(refundReasons),
  /** The order whose tickets went back, if its passengers had exchanged tickets of the payment's order for it. */
  forOrder: orderIdSchema.optional(),
  requestedAt: instantSchema,
  attempts: z.int().nonnegative(),
  /** When we last began to send it to the provider, which may have heard of it or not. */
  sentAt: instantSchema.optional(),
  /** When a notification of the provider last was about it: the provider has news, and we must ask. */
  noticedAt: instantSchema.optional(),
  /** How often the provider has declined it. */
  declines: z.int().nonnegative().optional(),
  attention: attentionSchema.optional(),
  handled: z.array(handledSchema).optional(),
  dueAt: instantSchema.optional(),
});

/** Why the provider declined it, if that was its last answer. */
const declined = z.string().optional();

/** The person who pays it back, or has, by another way. */
const settledBy = z.string();

/**
 * When it turned out that the provider had the money again after it had paid it back. From then on only a person's payment
 * counts: the one that there is, or one to come.
 */
const returnedAt = instantSchema.optional();

/** When it turned out to be paid back twice: by hand, and by the provider. With `returnedAt`, that has ended. */
const overpaidAt = instantSchema.optional();

/** Money on its way back. */
export const refundSchema = z.discriminatedUnion('state', [
  commonRefund.extend({ state: z.literal('requested') }),
  commonRefund.extend({ state: z.literal('submitted'), declined }),
  /**
   * Declined for good, taken back by the provider, or given back by the person who had it in hand: it waits for a
   * person, and we keep asking about it.
   */
  commonRefund.extend({ state: z.literal('failed'), declined, returnedAt }),
  /** One person is paying it back by another way. */
  commonRefund.extend({ state: z.literal('settling'), declined, returnedAt, settledBy }),
  /** Paid back by another way. We keep asking the provider about it for a while, because it may pay as well. */
  commonRefund.extend({
    state: z.literal('settled'),
    declined,
    returnedAt,
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
    /** Only of one that was overpaid: the person's payment is the one that counts. */
    returnedAt,
  }),
]);
export type Refund = z.infer<typeof refundSchema>;
export type RefundState = Refund['state'];
export type RefundIn<State extends RefundState> = Extract<Refund, { state: State }>;

/** Every transition of a refund: the writes use it as their condition. */
export const refundTransitions: Transitions<RefundState> = {
  requested: ['submitted', 'succeeded', 'failed', 'settling'],
  submitted: ['succeeded', 'failed', 'settling'],
  failed: ['requested', 'succeeded', 'settling'],
  settling: ['succeeded', 'failed', 'settled'],
  succeeded: ['failed', 'settling'],
  settled: [],
};

/** The provider has paid it back, and then had the money again. */
export const isReturned = (refund: Refund): boolean =>
  'returnedAt' in refund && refund.returnedAt !== undefined;

/** Paid back by hand and by the provider, which may have taken its payment back since. */
export const wasPaidTwice = (refund: Refund): boolean =>
  (refund.state === 'settled' || refund.state === 'succeeded') && refund.overpaidAt !== undefined;

/** Paid back by hand and by the provider, and the passenger has both. */
export const isPaidTwice = (refund: Refund): boolean => wasPaidTwice(refund) && !isReturned(refund);

/** Paid back, by whatever way. */
export const isBack = ({ state }: Refund): boolean => state === 'succeeded' || state === 'settled';

export const refundNumberOf = (
  paymentId: PaymentId,
  refunded: 'whole' | 'difference' | `give_${string}` | `item${string}` | `exchange${string}`,
): string => `${paymentId}_${refunded}`;
