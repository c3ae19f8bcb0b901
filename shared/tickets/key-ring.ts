import * as z from 'zod';
import { deriveKey } from '../platform/secrets.ts';
import { millisecondsOf, type Instant } from '../platform/time.ts';
import { ticketKey, ticketKeyOf, type TicketKey } from './code-keys.ts';

/** A text that AWS generated, from which the key is derived. It signs from a moment on; without one, from the start. */
const signingSchema = z.strictObject({
  secret: z.string().min(32),
  from: z.iso.datetime({ offset: true }).optional(),
});

/** A key that signs no more. Gates still accept what it has signed. */
const retiredSchema = z.strictObject({ publicKey: z.string().regex(/^[\w-]{43}$/) });

const ringSchema = z.strictObject({
  keys: z
    .array(z.union([signingSchema, retiredSchema]))
    .min(1)
    .max(20),
});

/** The keys of a carrier's tickets: the seed of the one that signs now, and what gates accept. */
export type KeyRing = { seed: Buffer; trusted: TicketKey[] };

const seedOf = (secret: string): Buffer => deriveKey(secret, 'sign-tickets');

/**
 * Reads the text of the secret: one generated text, or `{ "keys": [ … ] }` once somebody has changed keys. A key is
 * published before it signs, so that gates know it in time. Throws, without quoting the secret, if it is neither, or
 * if no key signs at this moment.
 */
export const readKeyRing = (text: string, now: Instant): KeyRing => {
  if (!text.startsWith('{')) return ringOf([{ secret: text }], now);
  const read = ringSchema.safeParse(jsonOf(text));
  if (!read.success) throw new Error('the secret of tickets is no list of keys');
  return ringOf(read.data.keys, now);
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const ringOf = (keys: z.infer<typeof ringSchema>['keys'], now: Instant): KeyRing => {
  const begins = (from: string | undefined): number => (from === undefined ? -Infinity : Date.parse(from));
  const newest = keys
    .flatMap((key) => ('secret' in key ? [key] : []))
    .filter(({ from }) => begins(from) <= millisecondsOf(now))
    .toSorted((a, b) => begins(b.from) - begins(a.from))[0];
  if (!newest) throw new Error('the secret of tickets has no key that signs now');
  return {
    seed: seedOf(newest.secret),
    trusted: keys.map((key) =>
      'secret' in key ? ticketKeyOf(seedOf(key.secret)) : ticketKey(Buffer.from(key.publicKey, 'base64url')),
    ),
  };
};
