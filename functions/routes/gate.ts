import * as z from 'zod';
import {
  classSchema,
  gateIdSchema,
  runIdSchema,
  stopIdSchema,
  ticketIdSchema,
  useIdSchema,
} from '../../shared/platform/ids.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { route } from './route.ts';

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
      .object({ initials: z.string(), documentTail: z.string().optional() })
      .meta({ description: 'What the code shows of the passenger, to compare with a document' }),
    checkIn: z.object({ at: instantSchema, stopId: z.string(), gateId: gateIdSchema, useId: useIdSchema }),
  })
  .meta({ id: 'CheckIn' });

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
};
