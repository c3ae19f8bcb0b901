import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { readAll } from '../platform/batch-read.ts';
import type { RunId } from '../platform/ids.ts';
import { clause, type Clause } from '../platform/clauses.ts';
import { putIf, updateIf } from '../platform/conditional-writes.ts';
import type { Item, Table } from '../platform/dynamo.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { seatsKeptUntil } from '../bookings/kept-until.ts';
import { instantSchema, plusSeconds, type Instant } from '../platform/time.ts';
import type { Availability } from './model.ts';
import { viewBytesMax } from './rules.ts';

/**
 * Table `Availability`: one item per run that orders have touched; its key is the run id. Free seats are two bytes a stop
 * pair, big-endian, one binary per class, so that a train of 40 stops takes 1.6 KB a class. If a run has more stops than
 * this, the binary is compressed: neighbouring counts differ little, so 17 KB for 130 stops become less than one.
 */
const plainStopsMax = 60;

const bytesOf = (counts: Uint16Array, stopCount: number): Uint8Array => {
  const bytes = new Uint8Array(counts.length * 2);
  const view = new DataView(bytes.buffer);
  counts.forEach((count, index) => view.setUint16(index * 2, count));
  return stopCount > plainStopsMax ? deflateRawSync(bytes) : bytes;
};

const countsOf = (stored: Uint8Array, stopCount: number): Uint16Array => {
  const bytes = stopCount > plainStopsMax ? inflateRawSync(stored) : stored;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.length / 2 }, (_, index) => view.getUint16(index * 2));
};

const freeOf = (stored: unknown, stopCount: number): Availability['free'] =>
  Object.fromEntries(
    Object.entries(stored as Record<string, Uint8Array>).map(([cls, bytes]) => [
      cls,
      countsOf(bytes, stopCount),
    ]),
  );

const storedOf = (free: Availability['free'], stopCount: number): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(free).map(([cls, counts]) => [cls, bytesOf(counts, stopCount)]));

const viewOf = (item: Item): Availability => ({
  ...(item['countClaimedAt'] !== undefined && { countClaimedAt: String(item['countClaimedAt']) }),
  runId: String(item['pk']),
  asOf: String(item['asOf']),
  generation: Number(item['generation'] ?? 1),
  version: Number(item['version']),
  feedVersion: String(item['feedVersion']),
  stopCount: Number(item['stopCount']),
  free: freeOf(item['free'], Number(item['stopCount'])),
  ...(item['perhapsUntil'] !== undefined && {
    perhaps: {
      until: instantSchema.parse(item['perhapsUntil']),
      free: freeOf(item['perhapsFree'], Number(item['stopCount'])),
    },
  }),
  ...(item['laterFrom'] !== undefined && {
    later: {
      from: instantSchema.parse(item['laterFrom']),
      free: freeOf(item['laterFree'], Number(item['stopCount'])),
    },
  }),
});

/** A run has no view while its first count is still under way. */
const isCounted = (item: Item): boolean => item['version'] !== undefined;

/** The views of many runs, in one batch read per 100; runs that nobody has touched have none. */
export const readAvailability = async (
  availability: Table,
  runIds: readonly RunId[],
): Promise<Map<RunId, Availability>> => {
  const items = await readAll(
    availability,
    [...new Set(runIds)].map((pk) => ({ pk })),
  );
  return new Map(items.filter(isCounted).map((item) => [item['pk'] as RunId, viewOf(item)]));
};

/** The number of the last count of a run, 0 if there is none. Read it before the shards. */
export const readLastCount = async (
  availability: Table,
  runId: RunId,
): Promise<Pick<Availability, 'generation' | 'version'>> => {
  const { Item } = await availability.client.send(
    new GetCommand({
      TableName: availability.name,
      Key: { pk: runId },
      ConsistentRead: true,
      ProjectionExpression: '#version, generation',
      ExpressionAttributeNames: { '#version': 'version' },
    }),
  );
  return { generation: Number(Item?.['generation'] ?? 1), version: Number(Item?.['version'] ?? 0) };
};

/** Counts from before runs had generations are of the first generation. */
const isOlderThan = ({ generation, version }: Pick<Availability, 'generation' | 'version'>): Clause => {
  const sameGeneration =
    generation === 1
      ? '(generation = :generation OR attribute_not_exists(generation))'
      : 'generation = :generation';
  return clause(
    `attribute_not_exists(#version) OR generation < :generation OR (${sameGeneration} AND #version < :version)`,
    { ':version': version, ':generation': generation },
    { '#version': 'version' },
  );
};

const sizeOf = (stored: Record<string, Uint8Array> | undefined): number =>
  Object.entries(stored ?? {}).reduce((bytes, [name, counts]) => bytes + name.length + counts.length + 8, 0);

/**
 * The count for a later moment, where there is room for it beside the others. Without it, a view of a very long run shows too few
 * seats until somebody asks for them, which counts the run again.
 */
const laterOf = (
  later: Availability['later'],
  stopCount: number,
  others: (Record<string, Uint8Array> | undefined)[],
): Item => {
  if (!later) return {};
  const laterFree = storedOf(later.free, stopCount);
  const bytes = [laterFree, ...others].reduce((sum, each) => sum + sizeOf(each), 0);
  return bytes <= viewBytesMax ? { laterFrom: later.from, laterFree } : {};
};

/**
 * Stores a count, unless another count of its generation came after this one read the version, or a later generation
 * has one.
 */
export const writeAvailability = async (
  availability: Table,
  view: Availability,
): Promise<Outcome<object, 'counted-meanwhile'>> => {
  const { runId, free, perhaps, later, ...rest } = view;
  const perhapsFree = perhaps && storedOf(perhaps.free, view.stopCount);
  const item = {
    pk: runId,
    ttl: seatsKeptUntil(runId as RunId),
    ...rest,
    free: storedOf(free, view.stopCount),
    ...(perhaps && { perhapsUntil: perhaps.until, perhapsFree }),
  };
  Object.assign(item, laterOf(later, view.stopCount, [item.free, perhapsFree]));
  const { outcome } = await putIf(availability, item, { onlyIf: [isOlderThan(view)] });
  return outcome === 'written' ? accepted({}) : rejected('counted-meanwhile');
};

const isClaimedByNobodyWithin = (secondsMax: number, now: Instant): Clause =>
  clause('attribute_not_exists(countClaimedAt) OR countClaimedAt <= :before OR countClaimedAt >= :after', {
    ':before': plusSeconds(now, -secondsMax),
    ':after': plusSeconds(now, secondsMax),
  });

/**
 * Claims the count of a run for one of many requests: rejected if another claimed it within the last seconds. The
 * count ends a claim, or the claim expires. A claim from the future comes from a wrong clock and does not count.
 */
export const claimCount = async (
  availability: Table,
  runId: RunId,
  { now, secondsMax }: { now: Instant; secondsMax: number },
): Promise<Outcome<object, 'claimed-before'>> => {
  const { outcome } = await updateIf(
    availability,
    { pk: runId },
    {
      onlyIf: [isClaimedByNobodyWithin(secondsMax, now)],
      update: 'SET countClaimedAt = :now, #ttl = :ttl',
      names: { '#ttl': 'ttl' },
      values: { ':now': now, ':ttl': seatsKeptUntil(runId) },
    },
  );
  return outcome === 'written' ? accepted({}) : rejected('claimed-before');
};
