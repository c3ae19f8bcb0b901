import type { FareSheet } from './fare-sheet.ts';
import type { FeedFiles } from './feed-files.ts';
import { priceByLegs } from './price-by-legs.ts';
import { priceByRules } from './price-by-rules.ts';
import { UnreadableFile, type ProblemList } from './problems.ts';
import { readAreas } from './read-areas.ts';
import { readFareAttributes } from './read-fare-attributes.ts';
import { readFareProducts } from './read-fare-products.ts';
import { readFareRules } from './read-fare-rules.ts';
import type { Feed } from './read-feed.ts';
import { readLegRules } from './read-leg-rules.ts';
import { priceRides } from './ride-fares.ts';

type Input = {
  files: FeedFiles;
  feed: Feed;
  /** The carrier's currency. */
  currency: string;
  /** Accepts fares of nothing. */
  allowFree: boolean;
  sheet: FareSheet;
  problems: ProblemList;
};

const [attributes, products, legRules] = [
  'fare_attributes.txt',
  'fare_products.txt',
  'fare_leg_rules.txt',
] as const;

/**
 * Reads the feed's own fares: each applies to every class. It does not replace fares in the sheet. A feed may have its
 * fares in both forms of GTFS; this uses only one: Fares v2, unless nothing can be sold by it. It takes no fare that
 * could mean something else; the import reports each fare that it leaves out.
 */
export const readGtfsFares = async (input: Input): Promise<void> => {
  const { files, problems } = input;
  const hasV1 = files.has(attributes);
  const hasV2 = files.has(products) || files.has(legRules);
  const priced = hasV2 ? await readable(input, 0, readV2) : 0;
  if (!hasV1) return;
  if (priced === 0) return readable(input, undefined, readV1);
  const reason = `is not read: the feed has its fares in ${products} too, which counts before it`;
  problems.warn({ kind: 'fares-twice', file: attributes, reason });
};

/** An unreadable file of fares is no reason to refuse the timetable. */
const readable = async <Result>(
  input: Input,
  otherwise: Result,
  read: (input: Input) => Promise<Result>,
): Promise<Result> => {
  try {
    return await read(input);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    const { file, line, message } = error;
    const reason = `${message}: no fare of this form is sold`;
    input.problems.warn({ kind: 'fare-file', file, line, reason });
    return otherwise;
  }
};

const readV1 = async (input: Input): Promise<void> => {
  const { files, feed, currency, allowFree, sheet, problems } = input;
  const context = { files, currency, allowFree, agencies: feed.agencies, problems };
  const gtfsFares = await readFareAttributes(context);
  const rules = await readFareRules({ files, feed, gtfsFares, problems });
  priceRides(feed.trips, priceByRules({ feed, rules, problems }), sheet);
};

/** Returns the number of pairs of stops that have a fare by it. */
const readV2 = async (input: Input): Promise<number> => {
  const { files, feed, sheet, problems } = input;
  const missing = [products, legRules].find((file) => !files.has(file));
  if (missing !== undefined) {
    const reason = 'is missing, without which no fare of this form is sold';
    problems.warn({ kind: 'fare-file', file: missing, reason });
    return 0;
  }
  const read = { products: await readFareProducts(input), areas: await readAreas(input) };
  const rules =
    read.products && read.areas
      ? await readLegRules({ files, products: read.products, areas: read.areas, problems })
      : undefined;
  if (!read.areas || !rules) {
    const reason = 'a row that cannot be read may narrow where any fare holds: no fare of this form is sold';
    problems.warn({ kind: 'fare-rule', file: legRules, reason });
    return 0;
  }
  return priceRides(feed.trips, priceByLegs({ areas: read.areas, rules, problems }), sheet);
};
