import { randomUUID } from 'node:crypto';
import { importTimetable } from '../../../shared/feeds/import-timetable.ts';
import type { ImportReport } from '../../../shared/feeds/import-report.ts';
import { countOf, problemLines } from '../../../shared/feeds/problems.ts';
import { soundCarrier } from '../../../shared/carriers/read-carrier.ts';
import { searchJourneys, type Journey } from '../../../shared/journeys/search-journeys.ts';
import { applyPayment } from '../../../shared/paying/apply-payment.ts';
import { orderIdSchema, userIdSchema, type ServiceDate, type StopId } from '../../../shared/platform/ids.ts';
import { plusDays } from '../../../shared/platform/time.ts';
import { placeOrder } from '../../../shared/selling/place-order.ts';
import { findStops } from '../../../shared/timetable/find-stops.ts';
import type { Version } from '../../../shared/timetable/model.ts';
import { runsOn } from '../../../shared/timetable/rules.ts';
import { putSales, readState } from '../../../shared/timetable/store.ts';
import { readCalls, readStops, readTrip } from '../../../shared/timetable/version-store.ts';
import { drawCode } from '../../../shared/tickets/draw-code.ts';
import { listTickets } from '../../../shared/tickets/store.ts';
import { issuePaidOrder } from '../../support/order-by-id.ts';
import { person } from '../../support/person.ts';
import { purchaseWorld, type PurchaseWorld } from '../../support/purchase-world.ts';

/** The stops and days of a feed at which it looks for a seat before it gives up. */
const stopsTried = 200;
const daysTried = 60;

type Sought = { typed: string; journey: Journey };

/** The first journey found, from a stop that is found by its name as people type it. */
const seek = async (world: PurchaseWorld, version: Version, from: ServiceDate): Promise<Sought> => {
  const stops = await readStops(world.timetable, version);
  const busiest = stops.all.toSorted((a, b) => b.calls - a.calls).slice(0, stopsTried);
  const reasons = new Set<string>();
  for (let day = 0; day < daysTried; day += 1) {
    const date = plusDays(from, day);
    for (const stop of busiest) {
      const typed = stop.name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
      const found = findStops(stops, typed, 10);
      if (!found.some(({ stopId }) => stopId === stop.stopId || found[0]?.name === stop.name)) {
        throw new Error(`"${typed}" does not find ${stop.name} (${stop.stopId})`);
      }
      for (const to of await stopsAfter(world, version, stop.stopId, date)) {
        const search = { from: stop.stopId, to, date, passengers: 1 };
        const answer = await searchJourneys(world.dependencies)(search);
        if (answer.outcome === 'rejected') throw new Error(`search: ${answer.reason}`);
        const journey = answer.journeys.find(({ classes }) => classes.some(({ fare }) => fare !== null));
        if (journey) return { typed, journey };
        reasons.add(answer.journeys.length > 0 ? 'no fare' : 'no journey');
      }
    }
  }
  throw new Error(`nothing to buy: ${[...reasons].join(', ')}`);
};

/** The last stops of a few trips that can be boarded there on a day. */
const stopsAfter = async (
  world: PurchaseWorld,
  version: Version,
  stopId: StopId,
  date: ServiceDate,
): Promise<Set<StopId>> => {
  const all = await readCalls(world.timetable, version, stopId);
  const calls = all.filter(
    ({ boarding, index, stopCount, days }) =>
      boarding && index + 1 < stopCount && runsOn(days, version, date),
  );
  const after = new Set<StopId>();
  for (const call of calls.slice(0, 20)) {
    const trip = await readTrip(world.timetable, version, call.tripId, call.startTime);
    const last = trip?.calls.findLast(({ alighting }) => alighting);
    if (last && last.stopId !== stopId) after.add(last.stopId);
  }
  return after;
};

const buy = async (world: PurchaseWorld, { runId, from, to, classes }: Journey): Promise<string> => {
  const offer = classes.find(({ fare }) => fare !== null);
  if (!offer) throw new Error('no class has a fare');
  const userId = userIdSchema.parse('buyer');
  const isAsked = world.carrier.documents.need === 'required';
  const placed = await placeOrder(world.dependencies)(
    {
      userId,
      runId,
      from: from.stopId,
      to: to.stopId,
      class: offer.class,
      passengers: [{ name: '王芳', type: 'adult' as const, ...(isAsked && { document: person(1) }) }],
      contact: { email: 'buyer@example.com', locale: world.carrier.defaultLocale },
      wishes: {},
    },
    { scope: { userId, route: 'orders', key: randomUUID(), bodyHash: '' }, answer: ({ orderId }) => orderId },
  );
  if (placed.outcome === 'rejected') throw new Error(`order: ${placed.reason}`);
  const orderId = orderIdSchema.parse(placed.answer);
  const payment = await world.pay(orderId);
  world.buyerPays(payment);
  await world.notify(payment);
  await applyPayment(world)(payment.paymentId);
  const issued = await issuePaidOrder(world)(orderId);
  if (issued.outcome === 'rejected') throw new Error(`issue: ${issued.reason}`);
  const [ticket] = await listTickets(world.bookings, orderId);
  if (!ticket?.code) throw new Error('the ticket has no code');
  await drawCode(ticket.code);
  const { amount, currency } = payment.amount;
  return `${amount} ${currency}, ${from.name} ${from.departs} → ${to.name}`;
};

/**
 * Imports a feed for a carrier, writes all of it, and buys a seat, with all code of a purchase and a provider with books
 * of its own. Returns what it did, in a line. Throws if there is nothing to buy, or anything on the way is refused.
 */
export const buyFromFeed = async (
  source: string,
  carrierName: string,
  tolerate: number | undefined,
): Promise<string> => {
  const { carrier, layouts: carrierLayouts } = soundCarrier(carrierName);
  const world = await purchaseWorld({ carrier });
  try {
    const load = importTimetable({ ...world.tables, now: world.clock, carrier, carrierLayouts });
    const began = performance.now();
    const options = { moveDates: true, farePerKm: 12, ...(tolerate !== undefined && { tolerate }) };
    const result = await load({ source, options });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    if (result.outcome === 'refused') {
      throw new Error(`refused:\n${problemLines([...result.leftOut, ...result.refusals]).join('\n')}`);
    }
    const { report } = result;
    await putSales(world.timetable, { from: report.firstDate, until: report.lastDate });
    const { version } = await readState(world.timetable, { afresh: true });
    if (!version) throw new Error('no version is in force');
    const today = world.clock().slice(0, 10) as ServiceDate;
    const sought = await seek(world, version, report.firstDate > today ? report.firstDate : today);
    const bought = await buy(world, sought.journey);
    return `${seconds} s, ${peakMegabytes()} MB, ${told(report)}; "${sought.typed}": ${bought}`;
  } finally {
    await world.stop();
  }
};

/** The most memory that this process has had at once; the database is another process. */
const peakMegabytes = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

const told = ({ stops, trips, calls, feedTrips, tripsLeftOut, leftOut, warnings, items }: ImportReport) =>
  `${stops} stops, ${trips} trips, ${calls} calls, ${items} items; ${tripsLeftOut} of ${feedTrips} trips and ` +
  `${countOf(leftOut)} parts left out, ${countOf(warnings)} warnings`;
