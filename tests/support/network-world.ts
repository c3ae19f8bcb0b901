import { importTimetable } from '../../shared/feeds/import-timetable.ts';
import { problemLines } from '../../shared/feeds/problems.ts';
import type { OrderPart } from '../../shared/journeys/alternatives.ts';
import { searchJourneys, type JourneySearch } from '../../shared/journeys/search-journeys.ts';
import {
  classSchema,
  orderIdSchema,
  runIdSchema,
  serviceDateSchema,
  stopIdSchema,
  userIdSchema,
  type OrderId,
} from '../../shared/platform/ids.ts';
import type { Carrier } from '../../shared/platform/carrier.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { placeOrder } from '../../shared/selling/place-order.ts';
import { openSales } from '../../shared/timetable/open-sales.ts';
import { readFrozenRun } from '../../shared/timetable/store.ts';
import { person } from './person.ts';
import { purchaseWorld, type PurchaseWorld } from './purchase-world.ts';
import { sampleCarrier, sampleLayouts } from './sample-carrier.ts';
import { soundFeed, writeFeed, type FeedTexts } from './sample-feed.ts';
import { fileNamed, twoClassLayouts } from './timetable-world.ts';

const lines = (...rows: string[]): string => `${rows.join('\n')}\n`;

/**
 * From Altona to München: the ICE at 10:00 over Berlin and on to Salzburg, another at 14:00, and one by night; and two
 * ways with a change, in Leipzig, where that takes 20 minutes, and in Hannover, where it takes ten.
 */
export const networkFeed: FeedTexts = {
  ...soundFeed,
  'stops.txt': lines(
    'stop_id,stop_name,stop_lat,stop_lon',
    'A,Altona,53.552,9.935',
    'B,Berlin Hbf,52.525,13.369',
    'C,München Hbf,48.140,11.558',
    'D,Salzburg Hbf,47.813,13.046',
    'X,Leipzig Hbf,51.345,12.382',
    'Y,Hannover Hbf,52.377,9.742',
  ),
  'routes.txt': lines('route_id,route_short_name', 'R1,ICE', 'R2,IC'),
  'trips.txt': lines(
    'route_id,service_id,trip_id,trip_short_name',
    'R1,daily,day,ICE 701',
    'R1,daily,late,ICE 703',
    'R1,daily,night,ICE 705',
    'R2,daily,ax,IC 10',
    'R2,daily,xc,IC 11',
    'R2,daily,xc2,IC 13',
    'R2,daily,ay,IC 20',
    'R2,daily,yc,IC 21',
  ),
  'stop_times.txt': lines(
    'trip_id,arrival_time,departure_time,stop_id,stop_sequence',
    'day,10:00:00,10:00:00,A,1',
    'day,12:00:00,12:05:00,B,2',
    'day,16:00:00,16:05:00,C,3',
    'day,18:00:00,18:00:00,D,4',
    'late,14:00:00,14:00:00,A,1',
    'late,16:00:00,16:05:00,B,2',
    'late,20:00:00,20:00:00,C,3',
    'night,22:00:00,22:00:00,A,1',
    'night,24:30:00,24:40:00,B,2',
    'night,30:10:00,30:10:00,C,3',
    'ax,10:30:00,10:30:00,A,1',
    'ax,12:30:00,12:30:00,X,2',
    'xc,12:50:00,12:50:00,X,1',
    'xc,15:30:00,15:30:00,C,2',
    'xc2,13:30:00,13:30:00,X,1',
    'xc2,16:10:00,16:10:00,C,2',
    'ay,11:00:00,11:00:00,A,1',
    'ay,12:30:00,12:30:00,Y,2',
    'yc,12:37:00,12:37:00,Y,1',
    'yc,15:20:00,15:20:00,C,2',
  ),
  'transfers.txt': lines(
    'from_stop_id,to_stop_id,transfer_type,min_transfer_time',
    'X,X,2,1200',
    'Y,Y,2,600',
  ),
};

/** The ICE has no fare from Altona to München in first class, but one to Salzburg. */
export const networkFares = (): string =>
  fileNamed(
    'fares.csv',
    lines('trip,from,to,class,amount,currency', 'ICE 701,A,D,first,30000,EUR', 'ICE 701,A,C,second,9000,EUR'),
  );

export const networkCarrier: Carrier = {
  ...sampleCarrier,
  currency: 'EUR',
  timeZone: 'Europe/Berlin',
  alternatives: { transferSecondsMin: 900, buyLonger: true },
};

export const networkDay = serviceDateSchema.parse('2027-06-15');

/** The body of an order for a class of a train between two of its stops. */
const partOf = (trip: string, cls: string, stops: [string, string]): OrderPart => {
  const indexOf: Record<string, number> = trip === 'xc' ? { X: 0, C: 1 } : { A: 0, B: 1, C: 2, D: 3 };
  return {
    runId: runIdSchema.parse(`${trip}~${networkDay}`),
    from: stopIdSchema.parse(stops[0]),
    to: stopIdSchema.parse(stops[1]),
    fromIndex: indexOf[stops[0]] ?? 0,
    toIndex: indexOf[stops[1]] ?? 0,
    class: classSchema.parse(cls),
  };
};

/** An order of a new user for so many passengers, of a body as an alternative has it. */
const buyersOf = ({ dependencies }: PurchaseWorld) => {
  let buyers = 0;
  return (part: OrderPart, party = 1) => {
    buyers += 1;
    const people = Array.from({ length: party }, (_, n) => buyers * 10 + n);
    return placeOrder(dependencies)(
      {
        ...part,
        userId: userIdSchema.parse(`user-${buyers}`),
        passengers: people.map((n) => ({ name: `旅客${n}`, type: 'adult', document: person(n) })),
        contact: { email: 'someone@example.com', locale: 'zh-CN' },
        wishes: {},
      },
      {
        scope: {
          userId: userIdSchema.parse(`user-${buyers}`),
          route: 'orders',
          key: 'once',
          bodyHash: 'one',
        },
        answer: ({ orderId }) => orderId,
      },
    );
  };
};

/** A purchase world with the network on sale, in which searches ask for alternatives and their orders are placed. */
export const networkWorld = async ({
  carrier = networkCarrier,
  changes = {},
  fares,
}: { carrier?: Carrier; changes?: FeedTexts; fares?: string } = {}) => {
  const world = await purchaseWorld({ carrier });
  world.time.now = instantSchema.parse('2027-06-01T08:00:00.000Z');
  const from = serviceDateSchema.parse('2027-06-01');
  await openSales(world.timetable, { from, until: serviceDateSchema.parse('2027-06-30') }, from);
  const deps = { ...world.tables, now: world.clock, carrier, carrierLayouts: sampleLayouts };
  const result = await importTimetable(deps)({
    source: writeFeed({ ...networkFeed, ...changes }),
    options: { layouts: twoClassLayouts(), ...(fares ? { fares } : { farePerKm: 10 }) },
    confirm: async () => true,
  });
  if (result.outcome !== 'imported') {
    await world.stop();
    throw new Error(problemLines(result.refusals).join('\n'));
  }

  const place = buyersOf(world);
  const search = async (
    asked: Partial<JourneySearch> = {},
    instead: Partial<typeof world.dependencies> = {},
  ) => {
    const [a, c] = [stopIdSchema.parse('A'), stopIdSchema.parse('C')];
    const base = { from: a, to: c, date: networkDay, passengers: 1, alternatives: true };
    return searchJourneys({ ...world.dependencies, ...instead })({ ...base, ...asked });
  };
  const count = async (trip: string, date = networkDay) => {
    const run = await readFrozenRun(world.timetable, runIdSchema.parse(`${trip}~${date}`), {
      consistent: true,
    });
    if (run) await world.count(run);
  };
  return {
    ...world,
    report: result.report,
    place,
    count,
    search,
    /** The alternatives of a search, or throws why there is no answer. */
    alternatives: async (asked: Partial<JourneySearch> = {}) => {
      const found = await search(asked);
      if (found.outcome === 'rejected') throw new Error(found.reason);
      return found.alternatives ?? [];
    },
    /** Takes seats of a class of a train, so many an order, and counts the run as its stream does. */
    fill: async (
      trip: string,
      cls: string,
      seats: number,
      stops: [string, string] = ['A', 'C'],
      each = 9,
    ) => {
      const orderIds: OrderId[] = [];
      const part = partOf(trip, cls, stops);
      for (let left = seats; left > 0; left -= each) {
        const placed = await place(part, Math.min(each, left));
        if (placed.outcome === 'rejected') throw new Error(placed.reason);
        orderIds.push(orderIdSchema.parse(placed.answer));
      }
      await count(trip);
      return orderIds;
    },
  };
};

export type NetworkWorld = Awaited<ReturnType<typeof networkWorld>>;
