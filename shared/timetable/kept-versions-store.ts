import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { isOver, versionKeptUntil } from '../bookings/kept-until.ts';
import type { Item, Table } from '../platform/dynamo.ts';
import { queryAll } from '../platform/query-all.ts';
import type { Instant } from '../platform/time.ts';
import { versionSchema, type Version } from './model.ts';
import { rowsOf } from '../platform/version-id.ts';

/*
 * Table `Timetable`, keys of this module:
 *   versions   <rows>    a version that has come into force once, for as long as its rows are kept
 */
const key = 'versions';
const ulidLength = 26;

/**
 * A version that may come into force again. `days` are the days on which any trip of it runs, as `ServiceDays`;
 * `hasFares` says whether it has any fare at all.
 */
export const keptVersionSchema = versionSchema.extend({
  source: z.string(),
  days: z.instanceof(Uint8Array),
  hasFares: z.boolean(),
});
export type KeptVersion = z.infer<typeof keptVersionSchema>;

export const keptVersionItem = (kept: KeptVersion): Item => ({
  ...keptVersionSchema.parse(kept),
  pk: key,
  sk: rowsOf(kept.version),
  ttl: versionKeptUntil(kept.lastDate),
});

const keptIn = (item: Item | undefined, now: Instant): KeptVersion[] =>
  item && !isOver(item['ttl'], now) ? [keptVersionSchema.parse(item)] : [];

/** All kept versions, in the order of their import. */
export const readKeptVersions = async (timetable: Table, now: Instant): Promise<KeptVersion[]> =>
  (await queryAll(timetable, key, '', { consistent: true })).flatMap((item) => keptIn(item, now));

/** The kept version with the rows of this version; undefined if it never came into force, or its rows are deleted. */
export const readKeptVersion = async (
  timetable: Table,
  version: string,
  now: Instant,
): Promise<KeptVersion | undefined> => {
  const sk = rowsOf(version);
  // An operator may type anything, and DynamoDB takes neither an empty key nor a long one.
  if (sk.length !== ulidLength) return undefined;
  const { Item } = await timetable.client.send(
    new GetCommand({ TableName: timetable.name, Key: { pk: key, sk }, ConsistentRead: true }),
  );
  return keptIn(Item, now)[0];
};

/** A version in the list of those that can be in force. `source` is unknown of one that an older release imported. */
export type ListedVersion = Pick<
  KeptVersion,
  'version' | 'importedAt' | 'firstDate' | 'lastDate' | 'trips'
> & { source: string | undefined; inForce: boolean };

/** The kept versions and the one in force, the newest import first. `version` is the id for a rollback. */
export const listVersions = (kept: readonly KeptVersion[], inForce: Version | undefined): ListedVersion[] => {
  const current = inForce && rowsOf(inForce.version);
  const isKept = kept.some(({ version }) => rowsOf(version) === current);
  const all = inForce && !isKept ? [...kept, { ...inForce, source: undefined }] : kept;
  return all
    .map(({ version, importedAt, firstDate, lastDate, trips, source }) => ({
      version: rowsOf(version),
      importedAt,
      firstDate,
      lastDate,
      trips,
      source,
      inForce: rowsOf(version) === current,
    }))
    .sort((a, b) => (a.version < b.version ? 1 : -1));
};
