import * as z from 'zod';
import { paymentIdSchema } from '../../platform/ids.ts';
import { numberAtProviderSchema } from '../number-at-provider.ts';

const present = z.string().trim().min(1);

/**
 * What a carrier gets from Stripe: a secret (or restricted) key, the publishable key for the pages, and the signing secret of the
 * webhook; two of these while one replaces the other.
 */
export const stripeSecretSchema = z.object({
  secretKey: present,
  publishableKey: present,
  webhookSecrets: z.array(present).min(1),
  gateway: z.url().default('https://api.stripe.com'),
});
export type StripeSecret = z.infer<typeof stripeSecretSchema>;

/**
 * What it takes here: currencies whose minor unit Stripe counts as ISO 4217 does (source: "Supported currencies" and
 * "Zero-decimal currencies" of Stripe's documentation).
 */
export const stripeCurrencies: readonly string[] = (
  'AED AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF IDR ILS INR JPY KRW MXN MYR NOK NZD PHP PLN RON SAR SEK SGD THB TRY ' +
  'TWD USD VND ZAR'
).split(' ');

/** `payment` is our number of the payment; the objects of other applications of the account have none. */
const metadataSchema = z.looseObject({ payment: present.optional(), refund: present.optional() }).default({});

/** Seconds since 1970, before the year 10000. */
const secondsSchema = z.int().positive().max(253_402_300_799);

/** A charge with its balance transaction; none as long as the money is on its way. */
const chargeSchema = z.object({ balance_transaction: z.object({ created: secondsSchema }).nullish() });

/** A PaymentIntent: the fields that we use. Amounts are in minor units, currencies in small letters. */
export const intentSchema = z.object({
  id: numberAtProviderSchema,
  client_secret: present.nullish(),
  status: z.enum([
    'requires_payment_method',
    'requires_confirmation',
    'requires_action',
    'processing',
    'requires_capture',
    'canceled',
    'succeeded',
  ]),
  amount_received: z.int().nonnegative().default(0),
  currency: z.string().regex(/^[a-z]{3}$/),
  metadata: metadataSchema,
  /** Its id, or the charge itself if Stripe was asked to expand it. */
  latest_charge: z.union([z.string(), chargeSchema]).nullish().catch(undefined),
});
export type Intent = z.infer<typeof intentSchema>;

export const intentsSchema = z.object({ data: z.array(intentSchema) });

export const refundSchema = z.object({
  id: present,
  status: z.string().nullable(),
  amount: z.int(),
  metadata: metadataSchema,
});
export type StripeRefund = z.infer<typeof refundSchema>;

export const refundsSchema = z.object({ data: z.array(refundSchema), has_more: z.boolean() });

/** An error; `code` names it, `type` its kind (source: "Errors" of Stripe's API reference). */
export const errorSchema = z.object({
  error: z.looseObject({ type: z.string(), code: z.string().optional() }),
});

/** An event of the webhook. It may be about an object of any application of the account, whose metadata is of any shape. */
export const eventSchema = z.object({
  id: numberAtProviderSchema,
  type: present,
  created: secondsSchema.optional().catch(undefined),
  data: z.object({ object: z.looseObject({ metadata: z.unknown().optional() }) }),
});

const ourMetadataSchema = z.object({ payment: paymentIdSchema });

/** Our number of the payment in an object's metadata; undefined in an object that is not ours. */
export const paymentNumberIn = (metadata: unknown): string | undefined =>
  ourMetadataSchema.safeParse(metadata).data?.payment;

/** Our number of a refund in its metadata, likewise. */
export const refundNumberIn = (metadata: unknown): string | undefined =>
  z.object({ refund: present }).safeParse(metadata).data?.refund;

/** A page of balance transactions, each to be read by itself. */
export const movementsSchema = z.object({ data: z.array(z.unknown()), has_more: z.boolean() });

const currencyInSmallLetters = z.string().regex(/^[a-z]{3}$/);

/**
 * A balance transaction: the fields that we use. `amount` and `fee` are in minor units of `currency`; what flows out is negative.
 * `source` is an id, or the charge, the refund or whatever moved, if Stripe expands it; its metadata may be of any shape.
 */
export const movementSchema = z.object({
  id: numberAtProviderSchema,
  type: present,
  amount: z.int(),
  fee: z.int(),
  currency: currencyInSmallLetters,
  created: secondsSchema,
  exchange_rate: z.number().positive().nullish(),
  source: z
    .union([
      z.string(),
      z.object({
        id: numberAtProviderSchema,
        amount: z.int().optional(),
        currency: currencyInSmallLetters.optional(),
        status: z.string().nullish(),
        payment_intent: numberAtProviderSchema.nullish(),
        metadata: z.unknown().optional(),
      }),
    ])
    .nullish(),
});
export type Movement = z.infer<typeof movementSchema>;
