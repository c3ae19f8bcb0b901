import * as z from 'zod';
import { orderIdSchema, paymentIdSchema, type OrderId, type PaymentId } from '../platform/ids.ts';
import { moneySchema } from '../platform/money.ts';
import { instantSchema } from '../platform/time.ts';

/** Providers this version can speak with; the port (provider.ts) is made for more. */
export const providerSchema = z.enum(['alipay']);
export type ProviderName = z.infer<typeof providerSchema>;

/** What the client must do to pay. */
export const paymentActionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('redirect'), url: z.url() }),
  z.object({ kind: z.literal('qr-code'), text: z.string() }),
  z.object({ kind: z.literal('client-secret'), value: z.string() }),
]);
export type PaymentAction = z.infer<typeof paymentActionSchema>;

export const paymentStates = [
  'created',
  'pending',
  'captured',
  'failed',
  'closed',
  'partlyRefunded',
  'refunded',
] as const;
export type PaymentState = (typeof paymentStates)[number];

/** One attempt to collect an order's amount with one provider. */
export const paymentSchema = z.object({
  orderId: orderIdSchema,
  paymentId: paymentIdSchema,
  provider: providerSchema,
  state: z.enum(paymentStates),
  amount: moneySchema,
  createdAt: instantSchema,
  /** Absolute: after this the provider takes no money for it. */
  expiresAt: instantSchema,
  action: paymentActionSchema.optional(),
  /** The provider's own number of the captured trade. */
  providerTrade: z.string().optional(),
  capturedAt: instantSchema.optional(),
  /** Set once the money has found its use: a paid order, or a refund. */
  appliedAt: instantSchema.optional(),
  /** Minor units that may still be refunded; set when captured. Never below zero. */
  refundable: z.int().nonnegative().optional(),
  needsAttention: z.string().optional(),
  dueAt: instantSchema.optional(),
});
export type Payment = z.infer<typeof paymentSchema>;
export type PaymentRef = { orderId: OrderId; paymentId: PaymentId };

export const paymentTransitions: Readonly<Record<PaymentState, readonly PaymentState[]>> = {
  created: ['pending', 'closed', 'captured', 'failed'],
  pending: ['captured', 'failed', 'closed'],
  failed: ['captured'],
  closed: ['captured'],
  captured: ['partlyRefunded', 'refunded'],
  partlyRefunded: ['refunded'],
  refunded: [],
};

/** Neither captured nor closed: the provider must still be asked about it. */
export const isUnfinished = ({ state }: Payment): boolean => state === 'created' || state === 'pending';

/** Captured, and the money has not yet become a ticket or a refund. */
export const isUnapplied = ({ capturedAt, appliedAt }: Payment): boolean =>
  capturedAt !== undefined && appliedAt === undefined;

/** `departed`: the money could become no ticket any more, because its run had left. */
export const refundReasons = ['late-payment', 'surplus-payment', 'cannot-issue', 'departed'] as const;

/** Money on its way back. Its number is fixed by what is refunded, so that a retry can never pay twice. */
export const refundSchema = z.object({
  orderId: orderIdSchema,
  paymentId: paymentIdSchema,
  /** `<paymentId>_<what is refunded>`: sent to the provider as its idempotent number. */
  refundNumber: z.string(),
  amount: moneySchema,
  reason: z.enum(refundReasons),
  state: z.enum(['requested', 'submitted', 'succeeded', 'failed']),
  requestedAt: instantSchema,
  succeededAt: instantSchema.optional(),
  attempts: z.int().nonnegative(),
  needsAttention: z.string().optional(),
  dueAt: instantSchema.optional(),
});
export type Refund = z.infer<typeof refundSchema>;

export const refundNumberOf = (paymentId: PaymentId, refunded: 'whole' | `item${string}`): string =>
  `${paymentId}_${refunded}`;
