import * as z from 'zod';
import { useSchema } from '../../shared/check-ins/model.ts';
import { ticketIdSchema, useIdSchema, type GateId, type RunId } from '../../shared/platform/ids.ts';
import { CommandFailure } from '../connect.ts';
import { storedRunSchema, type OwnUse, type StoredRun } from './folder.ts';

const answerMillisecondsMax = 30_000;

const keysSchema = z.object({
  carrierId: z.string(),
  keys: z.array(z.object({ keyId: z.string(), publicKey: z.string() })),
});
const pageSchema = storedRunSchema.extend({ cursor: z.string().optional() });
const syncAnswerSchema = z.object({
  uses: z.array(
    z.object({
      useId: useIdSchema,
      ticketId: ticketIdSchema.optional(),
      became: z.enum(['recorded', 'reported', 'refused']),
      reason: z.string().optional(),
      firstUse: useSchema.omit({ useId: true }).optional(),
    }),
  ),
});
export type ToldUse = z.infer<typeof syncAnswerSchema>['uses'][number];
const problemSchema = z.object({ title: z.string() });

/** The API of a deployment, as a gate calls it with its own token: it needs no credentials of AWS. */
export const gateApi = ({ address, token }: { address: string; token: string }) => {
  const send = async <Answer extends z.ZodType>(
    answer: Answer,
    method: 'GET' | 'POST',
    path: string,
    body?: object,
  ): Promise<z.output<Answer>> => {
    const response = await fetch(address + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerMillisecondsMax),
    }).catch((error: unknown) => {
      const { message, cause } = error as Error;
      const why = cause instanceof Error ? cause.message : message;
      throw new CommandFailure(`${method} ${address}${path}: ${why}`);
    });
    const content: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer.parse(content);
    if (response.status === 401)
      throw new CommandFailure('the token is not valid any more: pass the access token of a member of gates');
    const title = problemSchema.safeParse(content).data?.title ?? `status ${response.status}`;
    throw new CommandFailure(`${method} ${path}: ${title}`);
  };

  return {
    keys: () => send(keysSchema, 'GET', '/v1/gate/keys'),
    /** All pages of a run's manifest, as one. */
    run: async (runId: RunId): Promise<StoredRun> => {
      const path = `/v1/gate/runs/${encodeURIComponent(runId)}`;
      const first = await send(pageSchema, 'GET', path);
      const ended = [...first.ended];
      const tickets = [...first.tickets];
      for (let { cursor } = first; cursor !== undefined;) {
        const page = await send(pageSchema, 'GET', `${path}?cursor=${encodeURIComponent(cursor)}`);
        ended.push(...page.ended);
        tickets.push(...page.tickets);
        ({ cursor } = page);
      }
      const { asOf, run, rules } = first;
      return { asOf, run, rules, ended, tickets };
    },
    tell: async (gate: { runId: RunId; gateId: GateId }, sentAt: string, uses: readonly OwnUse[]) => {
      const told = uses.map(({ useId, code, stopId, at }) => ({ useId, code, stopId, at }));
      const answer = await send(syncAnswerSchema, 'POST', '/v1/gate/syncs', { ...gate, sentAt, uses: told });
      return answer.uses;
    },
  };
};
