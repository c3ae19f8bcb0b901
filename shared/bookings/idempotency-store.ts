import { createHash, createHmac } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { bookingKey } from './keys.ts';
import { clause, expressionsOf, isAbsent, type Clause } from '../platform/clauses.ts';
import { putIf, updateIf } from '../platform/conditional-writes.ts';
import type { Item, Table, TransactItem } from '../platform/dynamo.ts';
import { busyKeptUntil, inSeconds } from './kept-until.ts';
import { instantSchema, type Instant } from '../platform/time.ts';
import type { UserId } from '../platform/ids.ts';
import type { Replay } from './replay.ts';

/**
 * What makes two requests the same: the user, the route and the client's key. `bodyHash` detects a reused key; it is
 * never stored unchanged.
 */
export type IdempotencyScope = { userId: UserId; route: string; key: string; bodyHash: string };

/** A record with an answer is final; without one, a worker has the request until `busyUntil`. */
const recordSchema = z.union([
  z.object({ bodyHash: z.string(), answer: z.string() }),
  z.object({ bodyHash: z.string(), busyWith: z.string(), busyUntil: instantSchema }),
]);

/**
 * Table `Bookings`: `IDEMPOTENCY#<hash of user, route and key>` / `RECORD`. It stores only successes. The hash keeps
 * scopes apart and keys short, whatever a client puts into its key.
 */
const keyOf = ({ userId, route, key }: IdempotencyScope) =>
  bookingKey(
    'request',
    createHash('sha256')
      .update(JSON.stringify([userId, route, key]))
      .digest('base64url'),
  );

/**
 * What a record keeps of the body, which may name documents. It is no plain hash, because a reader of the table could
 * then try all hidden digits. The HMAC's key is the client's own, which is stored nowhere. Never use user, route and
 * key together: HMAC hashes a long key first, and that hash is the record's name. See docs/adr/0011.
 */
const keptOf = ({ userId, route, key, bodyHash }: IdempotencyScope): string =>
  createHmac('sha256', key)
    .update(JSON.stringify([userId, route, bodyHash]))
    .digest('base64url');

/** Records of release 0.1.0 have the plain hash. */
const isSameBody = (kept: string, scope: IdempotencyScope): boolean =>
  kept === keptOf(scope) || kept === scope.bodyHash;

const replayOf = (item: Item | undefined, scope: IdempotencyScope, now: Instant): Replay => {
  if (!item) return { outcome: 'first' };
  const record = recordSchema.parse(item);
  const isSame = isSameBody(record.bodyHash, scope);
  if ('answer' in record) return isSame ? { outcome: 'same', answer: record.answer } : { outcome: 'reused' };
  if (record.busyUntil <= now) return { outcome: 'first' };
  return { outcome: isSame ? 'in-progress' : 'reused' };
};

const isWorkOf = (worker: string): Clause => clause('busyWith = :worker', { ':worker': worker });

/** The last part is for a worker whose own put had worked, and whose answer was lost. */
const isFreeFor = (worker: string, now: Instant): Clause =>
  clause('attribute_not_exists(pk) OR busyUntil <= :now OR busyWith = :worker', {
    ':now': now,
    ':worker': worker,
  });

const isAbsentOrWorkOf = (worker: string): Clause =>
  clause('attribute_not_exists(pk) OR busyWith = :worker', { ':worker': worker });

/** Whether this request was answered before: then with what, or that its key was used for another body. */
export const readReplay = async (bookings: Table, scope: IdempotencyScope, now: Instant): Promise<Replay> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOf(scope), ConsistentRead: true }),
  );
  return replayOf(Item, scope, now);
};

/**
 * Claims the request for one worker, so that the same request sent twice at once does its work only once. `first` if
 * the claim is this worker's; `putReplay` ends it, or `giveUpRequest`, or `busyUntil`.
 */
export const takeRequest = async (
  bookings: Table,
  scope: IdempotencyScope,
  { worker, now, busyUntil }: { worker: string; now: Instant; busyUntil: Instant },
): Promise<Replay> => {
  const busy = recordSchema.parse({ bodyHash: keptOf(scope), busyWith: worker, busyUntil });
  const { outcome, item } = await putIf(
    bookings,
    { ...keyOf(scope), ...busy, ttl: busyKeptUntil(busyUntil) },
    { onlyIf: [isFreeFor(worker, now)], returns: { refused: true } },
  );
  if (outcome === 'written') return { outcome: 'first' };
  const found = replayOf(item, scope, now);
  // The record ran out between the condition and this read: the next copy of the request claims it.
  return found.outcome === 'first' ? { outcome: 'in-progress' } : found;
};

/**
 * The request stored nothing: releases the claim, so that a client can send it again at once. Returns the current
 * record if the claim is no longer this worker's, `first` otherwise.
 */
export const giveUpRequest = async (
  bookings: Table,
  scope: IdempotencyScope,
  { worker, now }: { worker: string; now: Instant },
): Promise<Replay> => {
  const { outcome, item } = await updateIf(bookings, keyOf(scope), {
    onlyIf: [isWorkOf(worker)],
    update: 'SET busyUntil = :now',
    values: { ':now': now },
    returns: { refused: true },
  });
  return outcome === 'written' ? { outcome: 'first' } : replayOf(item, scope, now);
};

/**
 * Written in the transaction that makes the things in the answer: neither exists without the other. Refused if the
 * request already has an answer, or if another worker has claimed it. The record lives as long as the order names its
 * passengers, because the answer names them too.
 */
export const putReplay = (
  bookings: Table,
  scope: IdempotencyScope,
  { answer, worker, keptUntil }: { answer: string; worker?: string; keptUntil: Instant },
): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: {
      ...keyOf(scope),
      ...recordSchema.parse({ bodyHash: keptOf(scope), answer }),
      ttl: inSeconds(keptUntil),
    },
    ...expressionsOf({ onlyIf: [worker ? isAbsentOrWorkOf(worker) : isAbsent] }),
  },
});
