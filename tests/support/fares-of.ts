import { fareSheet } from '../../shared/feeds/fare-sheet.ts';
import { openFeed } from '../../shared/feeds/open-feed.ts';
import { problemLines, problemList } from '../../shared/feeds/problems.ts';
import { readFeed } from '../../shared/feeds/read-feed.ts';
import { readGtfsFares } from '../../shared/feeds/read-gtfs-fares.ts';
import { sampleToday, writeFeed, type FeedTexts } from './sample-feed.ts';

export type FaresRead = { fares: Record<string, number>; leftOut: string[]; warnings: string[] };

/**
 * The fares that a feed has, the sound one but for what is given: `A-B` for any trip or `A-B day` for one trip → minor
 * units. Throws if the feed is refused.
 */
export const faresOf = async (
  changes: FeedTexts,
  { currency = 'EUR', allowFree = false } = {},
): Promise<FaresRead> => {
  const problems = problemList();
  const sheet = fareSheet(currency);
  const files = await openFeed(writeFeed(changes));
  const feed = await readFeed({ files, problems, today: sampleToday, onProgress: () => undefined });
  if (!feed) throw new Error(problemLines(problems.byKind('refusal')).join('\n'));
  await readGtfsFares({ files, feed, currency, allowFree, sheet, problems });
  files.close();
  const entries = [...sheet.pairs()].flatMap(({ from, to, fares }) =>
    Object.entries(fares.byTrip).map(([trip, byClass]) => {
      const ofTrip = trip === '*' ? '' : ` ${trip}`;
      return [`${from}-${to}${ofTrip}`, byClass['*'] ?? NaN] as const;
    }),
  );
  const [leftOut, warnings] = (['leftOut', 'warning'] as const).map((effect) =>
    problemLines(problems.byKind(effect)),
  ) as [string[], string[]];
  return { fares: Object.fromEntries(entries), leftOut, warnings };
};

/** Lines of a file. */
export const csv = (...rows: string[]): string => `${rows.join('\n')}\n`;

/** The stops of the sound feed with a zone each. */
export const zonedStops = (a: string, b: string, c: string): FeedTexts => ({
  'stops.txt': csv(
    'stop_id,stop_name,stop_lat,stop_lon,zone_id',
    `A,Altona,53.552,9.935,${a}`,
    `B,Berlin Hbf,52.525,13.369,${b}`,
    `C,München Hbf,48.140,11.558,${c}`,
  ),
});

/** Fares of GTFS Fares v1, and where they hold. */
export const fareAttributes = (...rows: string[]): FeedTexts => ({
  'fare_attributes.txt': csv(
    'fare_id,price,currency_type,payment_method,transfers,transfer_duration',
    ...rows,
  ),
});
export const fareRules = (...rows: string[]): FeedTexts => ({
  'fare_rules.txt': csv('fare_id,route_id,origin_id,destination_id,contains_id', ...rows),
});
/** One fare for each pair of stops of the sound feed. */
export const everywhere = (amount: number) => ({ 'A-B': amount, 'A-C': amount, 'B-C': amount });
