import * as z from 'zod';
import {
  answered,
  apiHandler,
  type HandlerOf,
  type LambdaApiHandler,
} from '../../../functions/middleware/api-handler.ts';
import { route, type Caller } from '../../../functions/routes/route.ts';

const definitionFor = (caller: Caller) =>
  route({
    method: 'POST',
    path: '/v1/parcels/{parcelId}',
    function: 'api/place-parcel',
    caller,
    tag: 'Parcels',
    summary: 'A route that has everything a route may have',
    idempotent: true,
    pathParameters: z.object({ parcelId: z.string().regex(/^p\d+$/) }),
    query: z.object({ copies: z.coerce.number().int().min(1).default(1), note: z.string().optional() }),
    body: z.object({
      weight: z.int().positive(),
      passengers: z
        .array(z.object({ name: z.string(), document: z.object({ number: z.string() }).optional() }))
        .default([]),
      wish: z
        .discriminatedUnion('kind', [
          z.object({ kind: z.literal('window'), side: z.string().optional() }),
          z.object({ kind: z.literal('aisle') }),
        ])
        .optional(),
    }),
    success: {
      status: 201,
      description: 'Placed',
      body: z.object({ weight: z.number(), copies: z.number() }),
    },
    problems: ['sold-out'],
  });

export const exampleRoute = definitionFor('passenger');
type Work = HandlerOf<typeof exampleRoute>;

const echo: Work = async ({ body: { weight }, query: { copies } }) => answered({ weight, copies });

/** A handler behind the whole frame, for a caller of the given kind. */
export const exampleHandler = (work: Work = echo, caller: Caller = 'passenger'): LambdaApiHandler =>
  apiHandler(definitionFor(caller), work);
