import * as z from 'zod';
import { checkInRulesSchema } from '../../shared/platform/after-sale/check-in-rules.ts';
import {
  classSchema,
  gateIdSchema,
  runIdSchema,
  stopIdSchema,
  ticketIdSchema,
  useIdSchema,
} from '../../shared/platform/ids.ts';
import { instantOf, instantSchema } from '../../shared/platform/time.ts';
import { route } from './route.ts';

/** A time with an offset, from a clock that may be wrong. */
const gateTimeSchema = z.iso.datetime({ offset: true }).transform((text) => instantOf(Date.parse(text)));

const useId = useIdSchema.meta({
  description: 'The gate’s own number of this scan. A request that is repeated with it is the same use',
});

const scanSchema = z
  .object({
    code: z.string().min(1).meta({ description: 'The text of the ticket’s symbol' }),
    runId: runIdSchema,
    stopId: stopIdSchema.meta({ description: 'The stop where the gate stands' }),
    gateId: gateIdSchema,
    useId: useId.optional(),
  })
  .meta({ id: 'Scan' });

const checkInAnswerSchema = z
  .object({
    ticketId: ticketIdSchema,
    runId: runIdSchema,
    trip: z.string(),
    from: z.object({ stopId: z.string(), name: z.string(), departs: z.string() }),
    to: z.object({ stopId: z.string(), name: z.string(), arrives: z.string() }),
    class: classSchema,
    coach: z.string(),
    seat: z.string().nullable().meta({ description: 'null if places have no numbers' }),
    passenger: z
      .object({
        initials: z.string(),
        documentTail: z.string().optional(),
        onLap: z.int().positive().optional().meta({ description: 'How many travel on the passenger’s lap' }),
      })
      .meta({ description: 'What the code shows of the passenger, to compare with a document' }),
    checkIn: z.object({ at: instantSchema, stopId: z.string(), gateId: gateIdSchema, useId: useIdSchema }),
  })
  .meta({ id: 'CheckIn' });

const useSchema = z.object({ at: instantSchema, stopId: z.string(), gateId: gateIdSchema });

const ticketOfRunSchema = z.object({
  ticketId: ticketIdSchema,
  from: z.string().meta({ description: 'The stop where the passenger boards' }),
  to: z.string(),
  class: classSchema,
  coach: z.string(),
  seat: z.string().nullable(),
  checkIn: useSchema.extend({ useId: useIdSchema }).optional(),
});

const manifestSchema = z
  .object({
    asOf: instantSchema,
    run: z.object({
      runId: runIdSchema,
      trip: z.string(),
      state: z.enum(['open', 'closed']),
      delayMinutes: z
        .int()
        .nonnegative()
        .meta({ description: 'How late it is, as the carrier announced: gates close so much later' }),
      stops: z.array(
        z.object({
          stopId: z.string(),
          name: z.string(),
          timeZone: z.string(),
          departs: instantSchema,
          boarding: z.boolean(),
        }),
      ),
    }),
    rules: checkInRulesSchema
      .nullable()
      .meta({ description: 'null if the carrier has no rules for check-ins' }),
    ended: z
      .array(z.object({ ticketId: ticketIdSchema, state: z.enum(['refunded', 'exchanged', 'released']) }))
      .meta({ description: 'Tickets that were sold and are not valid any more' }),
    tickets: z
      .array(ticketOfRunSchema)
      .meta({ description: 'Tickets that are valid or were used. Nothing here is about their passengers' }),
    cursor: z.string().optional().meta({ description: 'The place of the next page; absent on the last one' }),
  })
  .meta({ id: 'Manifest' });

const usesPerSyncMax = 200;

const syncSchema = z
  .object({
    runId: runIdSchema,
    gateId: gateIdSchema,
    sentAt: gateTimeSchema.meta({
      description: 'The time of the gate’s own clock now: by it we know how wrong that clock is',
    }),
    uses: z
      .array(
        z.object({
          useId,
          code: z.string().min(1),
          stopId: stopIdSchema,
          at: gateTimeSchema.meta({
            description: 'The time of the gate’s own clock when it let the passenger in',
          }),
        }),
      )
      .min(1)
      .max(usesPerSyncMax)
      .refine(
        (uses) => new Set(uses.map((use) => use.useId)).size === uses.length,
        'must name each use once',
      ),
  })
  .meta({ id: 'Sync' });

const syncAnswerSchema = z
  .object({
    now: instantSchema,
    uses: z.array(
      z.object({
        useId: useIdSchema,
        ticketId: ticketIdSchema.optional(),
        became: z.enum(['recorded', 'reported', 'refused']).meta({
          description:
            '`recorded`: the ticket is used by this. `reported`: it was used before or had ended, and a person looks at it. `refused`: it is no ticket of this run',
        }),
        reason: z.string().optional().meta({ description: 'As the last part of a problem’s type' }),
        firstUse: useSchema.optional(),
      }),
    ),
  })
  .meta({ id: 'SyncAnswer' });

const codeProblems = [
  'code-damaged',
  'code-other-version',
  'code-other-carrier',
  'code-unknown-key',
  'code-forged',
] as const;

/** Gates, which check tickets in, with a network or without one. */
export const gateRoutes = {
  checkIn: route({
    method: 'POST',
    path: '/v1/check-ins',
    function: 'api/gate/check-in',
    caller: 'gates',
    tag: 'Gates',
    summary: 'Let the passenger of a ticket in, once',
    body: scanSchema,
    success: {
      status: 200,
      description: 'The passenger may board: the ticket was valid, and nobody has used it',
      body: checkInAnswerSchema,
      localised: true,
    },
    problems: [
      ...codeProblems,
      'wrong-run',
      'not-found',
      'already-checked-in',
      'ticket-refunded',
      'ticket-exchanged',
      'ticket-not-valid',
      'ticket-unknown',
      'run-closed',
      'check-in-not-offered',
      'wrong-stop',
      'too-early-to-board',
      'too-late-to-board',
      'invalid-input',
    ],
  }),
  listGateKeys: route({
    method: 'GET',
    path: '/v1/gate/keys',
    function: 'api/gate/list-keys',
    caller: 'gates',
    tag: 'Gates',
    summary: 'Get the keys that verify tickets',
    success: {
      status: 200,
      description: 'The public keys, old ones included; a new key is here before the first ticket has it',
      body: z
        .object({
          carrierId: z.string(),
          keys: z.array(
            z.object({
              keyId: z.string().meta({ description: 'The four bytes behind the version in a code, in hex' }),
              algorithm: z.literal('Ed25519'),
              publicKey: z.string().meta({ description: '32 bytes, base64url' }),
            }),
          ),
        })
        .meta({ id: 'GateKeys' }),
    },
    problems: [],
  }),
  getGateRun: route({
    method: 'GET',
    path: '/v1/gate/runs/{runId}',
    function: 'api/gate/get-manifest',
    caller: 'gates',
    tag: 'Gates',
    summary: 'Get the tickets of a run, for a gate that may lose its network',
    pathParameters: z.object({ runId: runIdSchema }),
    query: z.object({ cursor: z.string().max(500).optional() }),
    success: {
      status: 200,
      description:
        'A page: times, rules, tickets that have ended, then tickets that have not. Send `cursor` to get the next page',
      body: manifestSchema,
      localised: true,
    },
    problems: ['not-found', 'invalid-input'],
  }),
  syncUses: route({
    method: 'POST',
    path: '/v1/gate/syncs',
    function: 'api/gate/sync-uses',
    caller: 'gates',
    tag: 'Gates',
    summary: 'Tell uses of tickets that happened without a network',
    body: syncSchema,
    success: {
      status: 200,
      description: 'What became of each use. The same request again changes nothing',
      body: syncAnswerSchema,
    },
    problems: ['not-found', 'invalid-input'],
  }),
};
