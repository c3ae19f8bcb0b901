import * as z from 'zod';
import { attentionSchema, handledSchema } from '../bookings/attention.ts';
import type { Transitions } from '../bookings/transitions.ts';
import { ownerSchema } from '../inventory/model.ts';
import { contactSchema, passengerSchema } from '../orders/model.ts';
import {
  classSchema,
  orderIdSchema,
  paymentIdSchema,
  runIdSchema,
  stopIdSchema,
  userIdSchema,
} from '../platform/ids.ts';
import { namesSchema } from '../platform/languages.ts';
import { moneySchema } from '../platform/money.ts';
import { instantSchema } from '../platform/time.ts';

const stopSchema = { stopId: stopIdSchema, name: z.string(), names: namesSchema.optional() };

/** One of the journeys that the passengers of an entry would take, as it was when they asked. */
export const wishSchema = z.object({
  runId: runIdSchema,
  trip: z.string(),
  tripNames: namesSchema.optional(),
  from: z.object({ ...stopSchema, departs: z.string() }),
  to: z.object({ ...stopSchema, arrives: z.string() }),
  departsAt: instantSchema,
  arrivesAt: instantSchema,
  class: classSchema,
  /** The fare of each passenger. These bind the carrier. */
  fares: z.array(moneySchema).min(1).max(9),
  amount: moneySchema,
  /** From this moment on nobody waits for it. */
  cutOffAt: instantSchema,
});
export type Wish = z.infer<typeof wishSchema>;

export const wishesMax = 5;

export const entryEvents = [
  'entry-placed',
  'entry-waiting',
  'entry-fulfilled',
  'entry-withdrawn',
  'entry-ended',
] as const;
export type EntryEvent = (typeof entryEvents)[number];

/**
 * Why an entry ended. `unpaid`: its money did not come in time; `cut-off`: no seats were free in time; `run-closed`: none of its
 * runs runs any more.
 */
export const entryEnds = ['unpaid', 'cut-off', 'run-closed'] as const;
const entryEndSchema = z.enum(entryEnds);
export type EntryEnd = z.infer<typeof entryEndSchema>;

/** The fields of every entry, whatever its state. */
const common = z.object({
  /** The id of the order that it may become. */
  entryId: orderIdSchema,
  ownerId: userIdSchema,
  placedAt: instantSchema,
  wishes: z.array(wishSchema).min(1).max(wishesMax),
  passengers: z.array(passengerSchema).min(1).max(9),
  /** Absent after its personal data has ended. */
  contact: contactSchema.optional(),
  contactConfirmed: z.boolean().optional(),
  /** That of the dearest wish. */
  amount: moneySchema,
  /** Until then it must be paid. */
  expiresAt: instantSchema,
  /** The last arrival of its wishes. */
  arrivesAt: instantSchema,
  history: z.array(z.object({ at: instantSchema, event: z.enum(entryEvents) })),
  /** Owners of pieces that its order can never have (docs/protocol.md, T47). */
  fenced: z.set(ownerSchema).optional(),
  attention: attentionSchema.optional(),
  handled: z.array(handledSchema).optional(),
  dueAt: instantSchema.optional(),
});

const paid = { paidBy: paymentIdSchema, waitingSince: instantSchema };

/** An entry of the waitlist. A fulfilled one has an order with its id. */
export const entrySchema = z.discriminatedUnion('state', [
  common.extend({ state: z.literal('unpaid') }),
  common.extend({ state: z.literal('waiting'), ...paid }),
  common.extend({ state: z.literal('fulfilled'), ...paid, fulfilledWish: z.int().nonnegative() }),
  common.extend({
    state: z.literal('withdrawn'),
    paidBy: paymentIdSchema.optional(),
    waitingSince: instantSchema.optional(),
  }),
  common.extend({
    state: z.literal('ended'),
    endReason: entryEndSchema,
    paidBy: paymentIdSchema.optional(),
    waitingSince: instantSchema.optional(),
  }),
]);
export type Entry = z.infer<typeof entrySchema>;
export type EntryState = Entry['state'];
export type EntryIn<State extends EntryState> = Extract<Entry, { state: State }>;

export const entryStates = [
  'unpaid',
  'waiting',
  'fulfilled',
  'withdrawn',
  'ended',
] as const satisfies readonly EntryState[];

/** Every transition of an entry: the writes use it as their condition. */
export const entryTransitions: Transitions<EntryState | 'absent'> = {
  absent: ['unpaid'],
  unpaid: ['waiting', 'withdrawn', 'ended'],
  waiting: ['fulfilled', 'withdrawn', 'ended'],
  fulfilled: [],
  withdrawn: [],
  ended: [],
};

/** An entry for which something may still come: it counts against its user's limit. */
export const isOpen = (entry: Entry): entry is EntryIn<'unpaid' | 'waiting'> =>
  entry.state === 'unpaid' || entry.state === 'waiting';

/** An entry's place in the queue of a run and class: its wish number `n` there. */
export const queuedSchema = z.object({
  entryId: orderIdSchema,
  n: z.int().nonnegative(),
  runId: runIdSchema,
  class: classSchema,
  from: stopIdSchema,
  to: stopIdSchema,
  departsAt: instantSchema,
  arrivesAt: instantSchema,
  party: z.int().positive(),
  waitingSince: instantSchema,
  cutOffAt: instantSchema,
});
export type Queued = z.infer<typeof queuedSchema>;
