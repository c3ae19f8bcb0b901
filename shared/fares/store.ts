import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Item, Table } from '../platform/dynamo.ts';
import type { StopId } from '../platform/ids.ts';
import { rememberRecent } from '../platform/remember.ts';
import { rowsOf } from '../platform/version-id.ts';
import { kilometreRateSchema, pairFaresSchema, type KilometreRate, type PairFares } from './model.ts';

/*
 * Table `Timetable`, keys of this module:
 *   fare#<rows>              rate        what a kilometre costs
 *   fare#<rows>#<from stop>  <to stop>   the fares of a pair
 * Like all rows of a version, these never change, so each process remembers them, and also remembers that one is absent.
 * It therefore reads consistently: a pair that is absent for a moment only would be sold at the price of its kilometres.
 */
const rateKey = (version: string) => ({ pk: `fare#${rowsOf(version)}`, sk: 'rate' });
const pairKey = (version: string, from: StopId, to: StopId) => ({
  pk: `fare#${rowsOf(version)}#${from}`,
  sk: to,
});

const recentPairs = rememberRecent<PairFares | undefined>(
  20_000,
  (fares) => 1 + Object.keys(fares?.byTrip ?? {}).length,
);
const recentRates = rememberRecent<KilometreRate | undefined>(100, () => 1);

const read = async ({ client, name }: Table, Key: Item): Promise<Item | undefined> =>
  (await client.send(new GetCommand({ TableName: name, Key, ConsistentRead: true }))).Item;

export const readPairFares = (
  timetable: Table,
  version: string,
  from: StopId,
  to: StopId,
): Promise<PairFares | undefined> => {
  const key = pairKey(version, from, to);
  return recentPairs(`${key.pk} ${key.sk}`, async () => {
    const item = await read(timetable, key);
    return item && pairFaresSchema.parse(item);
  });
};

export const readKilometreRate = (timetable: Table, version: string): Promise<KilometreRate | undefined> =>
  recentRates(rowsOf(version), async () => {
    const item = await read(timetable, rateKey(version));
    return item && kilometreRateSchema.parse(item);
  });

export type FareRows = {
  pairs: Iterable<{ from: StopId; to: StopId; fares: PairFares }>;
  rate: KilometreRate | undefined;
};

/** The items of a version's fares. */
export function* fareItems(version: string, { pairs, rate }: FareRows): Generator<Item> {
  if (rate) yield { ...rateKey(version), ...kilometreRateSchema.parse(rate) };
  for (const { from, to, fares } of pairs) {
    yield { ...pairKey(version, from, to), ...pairFaresSchema.parse(fares) };
  }
}
