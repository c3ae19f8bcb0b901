import * as z from 'zod';
import { claimsKeptUntil } from '../bookings/kept-until.ts';
import { bookingKey, idOf } from '../bookings/keys.ts';
import { readAll } from '../platform/batch-read.ts';
import { allOf } from '../platform/clauses.ts';
import type { Item, Table, TransactItem } from '../platform/dynamo.ts';
import { instantSchema } from '../platform/time.ts';
import { claimDays, type ClaimWish, type DayClaims } from './rules.ts';

/**
 * Table `Bookings`: `CLAIM#<keyed hash of the document>#<UTC day>` / `CLAIM` maps each order item that claims the
 * person on that day to its travel time. A version guards the decision that these times do not overlap.
 */
const claimsSchema = z.object({
  version: z.int(),
  claims: z.record(z.string(), z.object({ from: instantSchema, to: instantSchema })),
});

const keyOf = (claim: string, day: string) => bookingKey('claims', `${claim}#${day}`);

/** The claims on the days of these wishes, in the order of wishes and days. */
export const readClaims = async (bookings: Table, wishes: readonly ClaimWish[]): Promise<DayClaims[]> => {
  const wanted = wishes.flatMap(({ claim, time }) => claimDays(time).map((day) => ({ claim, day })));
  const unique = [...new Map(wanted.map((each) => [keyOf(each.claim, each.day).pk, each])).values()];
  const keys = unique.map(({ claim, day }) => keyOf(claim, day));
  const items = await readAll(bookings, keys, { consistent: true });
  const found = new Map(items.map((item) => [item['pk'], item]));
  return unique.map(({ claim, day }) => {
    const item = found.get(keyOf(claim, day).pk);
    return item ? claimsFromItem(item) : { claim, day, version: 0, claims: {} };
  });
};

const isStored = ({ version }: DayClaims): boolean => version > 0;

/** Only an item's key tells whose claims it holds. */
export const claimsFromItem = (item: Item): DayClaims => {
  const [claim = '', day = ''] = idOf(String(item['pk'])).split('#');
  return { claim, day, ...claimsSchema.parse(item) };
};

/** Adds the wishes to the claims that were read; each write fails if anybody has changed that day's claims since. */
export const putClaims = (
  bookings: Table,
  claims: readonly DayClaims[],
  wishes: readonly ClaimWish[],
): TransactItem[] =>
  claims.map(({ claim, day, version, claims: others }) => ({
    Put: {
      TableName: bookings.name,
      Item: {
        ...keyOf(claim, day),
        version: version + 1,
        claims: {
          ...others,
          ...Object.fromEntries(
            wishes
              .filter((wish) => wish.claim === claim && claimDays(wish.time).includes(day))
              .map(({ holder, time }) => [holder, time]),
          ),
        },
        ttl: claimsKeptUntil(day),
      },
      ConditionExpression: allOf(version === 0 ? 'attribute_not_exists(pk)' : 'version = :version'),
      ...(version > 0 && { ExpressionAttributeValues: { ':version': version } }),
    },
  }));

/**
 * Deletes these holders' claims; a repetition changes nothing more. Refused if a day's claims have ended by themselves;
 * pass the claims just read as `stored` to leave such days out.
 */
export const removeClaims = (
  bookings: Table,
  wishes: readonly ClaimWish[],
  stored?: readonly DayClaims[],
): TransactItem[] => {
  const storedKeys = stored && new Set(stored.filter(isStored).map(({ claim, day }) => keyOf(claim, day).pk));
  const perDay = Map.groupBy(
    wishes.flatMap((wish) => claimDays(wish.time).map((day) => ({ ...wish, day }))),
    ({ claim, day }) => keyOf(claim, day).pk,
  );
  const groups = [...perDay].flatMap(([pk, group]) => (!storedKeys || storedKeys.has(pk) ? [group] : []));
  return groups.map((group) => {
    const [first] = group;
    if (!first) throw new Error('a group has members');
    return {
      Update: {
        TableName: bookings.name,
        Key: keyOf(first.claim, first.day),
        ConditionExpression: allOf('attribute_exists(pk)'),
        UpdateExpression: `SET version = version + :one REMOVE ${group.map((_, index) => `claims.#h${index}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(
          group.map(({ holder }, index) => [`#h${index}`, holder]),
        ),
        ExpressionAttributeValues: { ':one': 1 },
      },
    };
  });
};
