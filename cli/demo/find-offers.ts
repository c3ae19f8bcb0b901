import { openFeed } from '../../shared/feeds/open-feed.ts';
import { problemList } from '../../shared/feeds/problems.ts';
import { readTable } from '../../shared/feeds/read-table.ts';
import { stopTimesTable } from '../../shared/feeds/read-stop-times.ts';
import type { ServiceDate } from '../../shared/platform/ids.ts';
import { plusDays } from '../../shared/platform/time.ts';
import type { Buyer, Journey } from './client.ts';

/** Where a journey of the demo begins and ends. */
export type Ends = { from: string; to: string };
export type Found = Ends & { date: ServiceDate; journeys: Journey[] };
export type Offer = { journey: Journey; class: string; seatsLeft: number };

const pairsMax = 10;
const daysMax = 7;

/** The ends of the trips of a feed; those that most trips have come first. */
export const endsOfTrips = async (feed: string): Promise<Ends[]> => {
  const files = await openFeed(feed);
  const trips = new Map<string, { sequence: number; stop: string }[]>();
  try {
    const stream = await files.open(stopTimesTable.file);
    await readTable(stopTimesTable, stream, problemList(), ({ text }) => {
      const calls = trips.get(text('trip_id')) ?? [];
      calls.push({ sequence: Number(text('stop_sequence')), stop: text('stop_id') });
      trips.set(text('trip_id'), calls);
    });
  } finally {
    files.close();
  }
  const counts = new Map<string, Ends & { trips: number }>();
  for (const calls of trips.values()) {
    const stops = calls.sort((a, b) => a.sequence - b.sequence).map(({ stop }) => stop);
    const [from = '', to = ''] = [stops[0], stops.at(-1)];
    const known = counts.get(`${from}\n${to}`) ?? { from, to, trips: 0 };
    counts.set(`${from}\n${to}`, { ...known, trips: known.trips + 1 });
  }
  return [...counts.values()].sort((a, b) => b.trips - a.trips).map(({ from, to }) => ({ from, to }));
};

/** What can be bought of journeys, in their order. */
export const offersOf = (journeys: readonly Journey[]): Offer[] =>
  journeys.flatMap((journey) =>
    journey.classes
      .filter(({ fare, seatsLeft }) => fare && seatsLeft > 0)
      .map((each) => ({ journey, class: each.class, seatsLeft: each.seatsLeft })),
  );

/** Searches until something can be bought: the ends of most trips first, on the next days. Undefined if there is nothing. */
export const findJourneys = async (
  buyer: Pick<Buyer, 'get'>,
  feed: string,
  today: ServiceDate,
): Promise<Found | undefined> => {
  const pairs = (await endsOfTrips(feed)).slice(0, pairsMax);
  for (const { from, to } of pairs)
    for (let days = 2; days < daysMax; days += 1) {
      const date = plusDays(today, days);
      const query = new URLSearchParams({ from, to, date });
      const { status, body } = await buyer.get<{ journeys: Journey[] }>(`/v1/journeys?${query}`);
      if (status === 200 && offersOf(body.journeys).length > 0)
        return { from, to, date, journeys: body.journeys };
    }
  return undefined;
};
