import * as z from 'zod';
import type { Clause } from '../platform/clauses.ts';
import { instantSchema, type Instant } from '../platform/time.ts';

type Kind = {
  /** The fault, in words for a person. */
  meaning: string;
  /** What that person can do about it. */
  remedy: string;
  /** Whether a person's word ends it; otherwise it ends when the item itself has ended. */
  endsWhenSettled?: true;
};

/** Every reason to need a person. Nothing else puts an item into the attention index. */
export const attentionKinds = {
  'refund-declined': {
    meaning: 'the provider declines to pay this refund',
    remedy: 'fix the cause at the provider and retry; or pay it back another way: settle, pay, settle --paid',
  },
  'refund-unconfirmed': {
    meaning: 'the provider has not confirmed this refund for a long time; we keep asking',
    remedy: 'check whether the provider has an outage; retry asks at once',
  },
  'refund-settling': {
    meaning: 'a person is paying this refund another way',
    remedy: 'the person who started it finishes it with settle --paid',
  },
  'refund-paid-twice': {
    meaning: 'a person and the provider have both paid this refund',
    remedy: 'claim the money back or write it off, then settle and say what you did',
    endsWhenSettled: true,
  },
  'refund-surplus-returned': {
    meaning: 'a person and the provider had both paid this refund, and the provider has its money again',
    remedy:
      'claim nothing back; if the passenger has given something back, pay it out again; then settle and say what you did',
    endsWhenSettled: true,
  },
  'payment-unclosed': {
    meaning: 'the provider has neither closed nor confirmed this payment for a long time; we keep asking',
    remedy: 'check whether the provider has an outage; retry asks at once',
  },
  'payment-unapplied': {
    meaning: 'this money arrived long ago and pays for nothing yet',
    remedy: 'check its order and the log of the clean-up; retry tries at once',
  },
  'amount-disputed': {
    meaning: 'the provider reported a different amount from the one in its books, or in ours',
    remedy: 'compare the payment at the provider, correct it there, then settle and say what you did',
    endsWhenSettled: true,
  },
  'workflow-died': {
    meaning: 'the workflow of this order failed several times; the clean-up does its work',
    remedy: 'read the log of its executions, and settle when you know the cause',
    endsWhenSettled: true,
  },
  'run-gone': {
    meaning: 'we have sold seats on this run, and the newest timetable no longer has it',
    remedy:
      'if it does not run, close it (keyun runs close) and help its passengers; then settle and say what you did',
    endsWhenSettled: true,
  },
  'mail-undelivered': {
    meaning: 'a mail to the passenger cannot be delivered; if it is about order-issued, it had the ticket',
    remedy: 'reach the passenger in another way, for example by phone; then settle and say what you did',
    endsWhenSettled: true,
  },
  'ticket-used-wrongly': {
    meaning:
      'a gate without a network let a passenger in with a ticket that was used before, or that had ended',
    remedy:
      'compare the uses (keyun attention show) and look for a copy of the ticket; then settle and say what you did',
    endsWhenSettled: true,
  },
  'bill-differs': {
    meaning: "a provider's bill of a day and our books differ; a later run that finds no difference ends it",
    remedy:
      'list the differences (keyun reconcile list), compare each at the provider, then settle and say what you did',
    endsWhenSettled: true,
  },
  'keeps-failing': {
    meaning: 'the clean-up keeps failing for this item',
    remedy: 'read the log of the clean-up and fix the cause; retry tries at once',
  },
} as const satisfies Record<string, Kind>;
export type AttentionKind = keyof typeof attentionKinds;

/** A kind that this release does not know: another release has written it, for instance before a rollback. */
const unknownKind: Kind = {
  meaning: 'another release wrote this, and this release cannot read it',
  remedy: 'look at it with the release that wrote it',
};

export const kindOfAttention = (kind: string): Kind =>
  (attentionKinds as Readonly<Record<string, Kind>>)[kind] ?? unknownKind;

export const endsWhenSettled = (kind: string): boolean => kindOfAttention(kind).endsWhenSettled === true;

const passingKinds = (Object.keys(attentionKinds) as AttentionKind[]).filter(
  (kind) => !endsWhenSettled(kind),
);

/** Whether only a person's write may end it. That also holds for unknown kinds. */
export const lasts = (kind: string): boolean => !passingKinds.some((passing) => passing === kind);

/**
 * The condition under which another write may replace or remove an item's flag: it has none, or one that ends by
 * itself. No other write ever takes out of the index what a person must settle.
 */
export const mayPass: Clause & { values: Record<string, string> } = {
  condition: `attribute_not_exists(attention) OR attention.kind IN (${passingKinds.map((_, n) => `:passes${n}`).join(', ')})`,
  values: Object.fromEntries(passingKinds.map((kind, n) => [`:passes${n}`, kind])),
};

/**
 * A flag: the kind of attention that an item needs, why, and since when. `why` is a code or a reason, nothing personal.
 * It parses any content: a flag must never keep its item, or the list of others, from being read.
 */
export const attentionSchema = z.object({ kind: z.string(), why: z.string(), since: instantSchema }).catch({
  kind: 'unreadable',
  why: 'it cannot be read',
  since: instantSchema.parse('2000-01-01T00:00:00.000Z'),
});
export type Attention = z.infer<typeof attentionSchema>;

/** What a person did about an item, stored with it. */
export const handledSchema = z.object({
  at: instantSchema,
  by: z.string().min(1).max(64),
  /** A `Deed`, of this release or another. */
  did: z.string(),
  reason: z.string().min(1).max(500),
  /** The reason of the flag at that time. */
  about: z.string().optional(),
});
type Deed = 'retried' | 'began-to-settle' | 'gave-back' | 'settled' | 'granted';
export type Handled = z.infer<typeof handledSchema> & { did: Deed };

/** The flag of an item of any kind, and what people did about it. */
export type ForPerson = { attention?: Attention; handled?: z.infer<typeof handledSchema>[] };

/** The attributes of any stored item that concern a person, as far as they are readable, even if nothing else is. */
export const forPersonOf = ({ attention, handled }: Readonly<Record<string, unknown>>): ForPerson => ({
  ...(attention !== undefined && { attention: attentionSchema.parse(attention) }),
  ...(Array.isArray(handled) && {
    handled: handled.flatMap((each) => handledSchema.safeParse(each).data ?? []),
  }),
});

/** Makes a flag. An item with a new reason needs a person since now; with the same reason, since the earlier flag. */
export const attentionFor = (
  kind: AttentionKind,
  why: string,
  { now, before }: { now: Instant; before: Attention | undefined },
): Attention => ({ kind, why, since: before?.since ?? now });

/**
 * The sparse attention index has few shards: a failing provider puts many items into it at once, and a reader asks all
 * of them. An item is in it exactly while it has these attributes.
 */
export const attentionShards: readonly string[] = Array.from({ length: 4 }, (_, n) => `ATTENTION#${n}`);

const base32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export const attentionAttributes = (orderId: string, attention: Attention) => ({
  attention,
  attentionShard: attentionShards[Math.max(0, base32.indexOf(orderId.charAt(25))) % attentionShards.length],
  attentionSince: attention.since,
});

/** The parts of an update that put an item into the index. */
export const setAttention =
  'attention = :attention, attentionShard = :attentionShard, attentionSince = :attentionSince';

export const attentionValues = (orderId: string, attention: Attention) =>
  Object.fromEntries(
    Object.entries(attentionAttributes(orderId, attention)).map(([name, value]) => [`:${name}`, value]),
  );

/** The part of an update that adds what a person did to the earlier records. */
export const recordHandled = 'handled = list_append(if_not_exists(handled, :nothing), :handled)';
export const handledValues = (handled: Handled) => ({ ':nothing': [], ':handled': [handled] });

/** The part of an update that takes an item out of the index. */
export const removeAttention = 'attention, attentionShard, attentionSince';

/**
 * The parts of an update that ends the flag that the caller saw, unless a person must settle it: then it stays. If the
 * flag has changed meanwhile, the update is refused, and the caller decides again.
 */
export const endAttention = (
  seen: Attention | undefined,
): { condition: string[]; remove: string[]; values: Record<string, string> } =>
  seen && lasts(seen.kind)
    ? { condition: [], remove: [], values: {} }
    : { condition: [mayPass.condition], remove: [removeAttention], values: mayPass.values };
