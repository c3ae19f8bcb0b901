import * as z from 'zod';
import { bookingKey, idOf } from '../bookings/keys.ts';
import { claimsKeptUntil } from '../bookings/kept-until.ts';
import { readAll } from '../platform/batch-read.ts';
import { allOf } from '../platform/clauses.ts';
import type { Table, TransactItem } from '../platform/dynamo.ts';
import { orderIdSchema, type OrderId } from '../platform/ids.ts';
import { instantSchema, type Instant } from '../platform/time.ts';

const timeSchema = z.object({ from: instantSchema, to: instantSchema });

/**
 * Table `Bookings`: `WAITING#<keyed hash of the document>` / `WAITING` maps each entry of the waitlist with this passenger to
 * the times of its wishes. A version guards the decision that a person is on the waitlist once for a time. The end of an entry
 * removes nothing: the entries say which of them are open, and the next write leaves the others out.
 */
const waitsSchema = z.object({
  version: z.int(),
  entries: z.record(z.string(), z.array(timeSchema)),
});

/** What a person waits for, from one read. */
export type Waits = z.infer<typeof waitsSchema> & { claim: string };

const keyOf = (claim: string) => bookingKey('waits', claim);

/** What each of these persons waits for, in the order of the claims. */
export const readWaits = async (bookings: Table, claims: readonly string[]): Promise<Waits[]> => {
  const items = await readAll(bookings, claims.map(keyOf), { consistent: true });
  const found = new Map(items.map((item) => [idOf(String(item['pk'])), waitsSchema.parse(item)]));
  return claims.map((claim) => ({ claim, ...(found.get(claim) ?? { version: 0, entries: {} }) }));
};

/** The entries that one of these persons is in, as far as anybody remembers. */
export const entriesIn = (waits: readonly Waits[]): OrderId[] => [
  ...new Set(waits.flatMap(({ entries }) => Object.keys(entries).map((id) => orderIdSchema.parse(id)))),
];

/** T45, the passengers' part: fails if anybody has changed what such a person waits for since the read. */
export const putWaits = (
  bookings: Table,
  waits: readonly Waits[],
  {
    entryId,
    times,
    open,
  }: { entryId: OrderId; times: { from: Instant; to: Instant }[]; open: ReadonlySet<OrderId> },
): TransactItem[] =>
  waits.map(({ claim, version, entries: before }) => {
    const kept = Object.entries(before).filter(([id]) => open.has(orderIdSchema.parse(id)));
    const entries = { ...Object.fromEntries(kept), [entryId]: times };
    const last =
      Object.values(entries)
        .flatMap((each) => each.map(({ to }) => to))
        .sort()
        .at(-1) ?? '';
    return {
      Put: {
        TableName: bookings.name,
        Item: {
          ...keyOf(claim),
          ...waitsSchema.parse({ version: version + 1, entries }),
          ttl: claimsKeptUntil(last.slice(0, 10)),
        },
        ConditionExpression: allOf(version === 0 ? 'attribute_not_exists(pk)' : 'version = :version'),
        ...(version > 0 && { ExpressionAttributeValues: { ':version': version } }),
      },
    };
  });
