import * as z from 'zod';
import { entryEnds, entryEvents, entryStates, wishesMax } from '../../shared/entries/model.ts';
import { spanSchema } from '../../shared/platform/after-sale/span.ts';
import { classSchema, orderIdSchema, runIdSchema, stopIdSchema } from '../../shared/platform/ids.ts';
import { moneySchema } from '../../shared/platform/money.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { endOfJourney, partySchema, paymentAnswerSchema, personView, refundAnswerSchema } from './orders.ts';
import { contactRequestSchema } from './person.ts';
import { route } from './route.ts';

const wishRequestSchema = z
  .object({ runId: runIdSchema, from: stopIdSchema, to: stopIdSchema, class: classSchema })
  .meta({ id: 'WaitlistWish' });

const entryRequestSchema = z
  .object({
    wishes: z
      .array(wishRequestSchema)
      .min(1)
      .max(wishesMax)
      .meta({ description: 'Journeys that are sold out. The passengers get one of them, or none' }),
    passengers: partySchema,
    cutOff: spanSchema.optional().meta({
      description:
        'How long before each departure waiting ends and the money goes back, such as PT2H. Without it, the carrier’s usual time',
      examples: ['PT2H'],
    }),
    contact: contactRequestSchema,
  })
  .meta({ id: 'WaitlistRequest' });

export const entryAnswerSchema = z
  .object({
    entryId: orderIdSchema.meta({
      description: 'Also the id of the order, once there are seats; payments are started under it',
    }),
    state: z.enum(entryStates),
    endReason: z.enum(entryEnds).optional(),
    createdAt: instantSchema,
    expiresAt: instantSchema.meta({ description: 'Until then it must be paid' }),
    amount: moneySchema.meta({ description: 'That of the dearest wish; what the seats cost less goes back' }),
    wishes: z.array(
      z.object({
        runId: runIdSchema,
        trip: z.string(),
        from: z.object({ ...endOfJourney, departs: z.string() }),
        to: z.object({ ...endOfJourney, arrives: z.string() }),
        class: classSchema,
        amount: moneySchema,
        cutOffAt: instantSchema.meta({ description: 'When waiting for it ends' }),
        fulfilled: z.boolean(),
        place: z.int().positive().optional().meta({
          description: 'The place in the queue, 1 for whoever is next; where a request is about one entry',
        }),
      }),
    ),
    passengers: z.array(personView.extend({ onLap: z.array(personView).optional() })),
    orderId: orderIdSchema.optional().meta({ description: 'The order with the seats' }),
    payments: z.array(paymentAnswerSchema),
    refunds: z.array(refundAnswerSchema),
    history: z.array(z.object({ at: instantSchema, event: z.enum(entryEvents) })),
  })
  .meta({ id: 'WaitlistEntry' });

const path = z.object({ entryId: orderIdSchema });

/** Passengers who wait for seats. Anyone but the user who put them there gets 404. */
export const waitlistRoutes = {
  joinWaitlist: route({
    method: 'POST',
    path: '/v1/waitlist-entries',
    function: 'api/waitlist/join-waitlist',
    caller: 'passenger',
    tag: 'Waitlist',
    summary: 'Wait for seats on journeys that are sold out',
    idempotent: true,
    body: entryRequestSchema,
    success: {
      status: 201,
      description: 'The entry. It waits once it is paid, by `POST /v1/orders/{entryId}/payments`',
      body: entryAnswerSchema,
      localised: true,
    },
    problems: [
      'no-waitlist',
      'not-sold-out',
      'party-too-large',
      'waitlist-closed',
      'passenger-on-waitlist',
      'passenger-time-conflict',
      'passenger-unavailable',
      'too-many-entries',
      'too-many-seats',
      'request-in-progress',
      'invalid-input',
      'idempotency-key-reused',
      'not-on-sale',
      'no-fare',
      'busy',
    ],
  }),
  listWaitlistEntries: route({
    method: 'GET',
    path: '/v1/waitlist-entries',
    function: 'api/waitlist/list-entries',
    caller: 'passenger',
    tag: 'Waitlist',
    summary: 'List your entries of the waitlist, newest first',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(50).default(20),
      cursor: z.string().max(500).optional(),
    }),
    success: {
      status: 200,
      description: 'A page of entries; send `cursor` to get the next page',
      body: z.object({ entries: z.array(entryAnswerSchema), cursor: z.string().optional() }),
    },
    problems: ['invalid-input'],
  }),
  getWaitlistEntry: route({
    method: 'GET',
    path: '/v1/waitlist-entries/{entryId}',
    function: 'api/waitlist/get-entry',
    caller: 'passenger',
    tag: 'Waitlist',
    summary: 'Get an entry of the waitlist, with its places in the queues',
    pathParameters: path,
    success: { status: 200, description: 'The current entry', body: entryAnswerSchema, localised: true },
    problems: ['not-found'],
  }),
  withdrawWaitlistEntry: route({
    method: 'DELETE',
    path: '/v1/waitlist-entries/{entryId}',
    function: 'api/waitlist/withdraw-entry',
    caller: 'passenger',
    tag: 'Waitlist',
    summary: 'Stop waiting',
    pathParameters: path,
    success: {
      status: 200,
      description: 'The entry, `withdrawn`. What was paid is on its way back',
      body: entryAnswerSchema,
      localised: true,
    },
    problems: ['not-found', 'entry-over', 'busy'],
  }),
};
