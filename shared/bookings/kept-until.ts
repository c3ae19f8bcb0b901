import type { Carrier } from '../platform/carrier.ts';
import type { OrderId, RunId, ServiceDate } from '../platform/ids.ts';
import { millisecondsOf, plusSeconds, type Instant } from '../platform/time.ts';
import { bytesOfUlid } from '../platform/ulid-bytes.ts';

/*
 * Until when things are kept that no later step can need, in seconds of the epoch: what DynamoDB's time to live wants.
 * It deletes some days later. What law and refunds need is kept longer: docs/how-to/what-is-kept.md.
 */
const daySeconds = 86_400;

/**
 * Seats of a run: a hold lands before departure or, from a function that stood still, within its time limit; late money
 * takes seats again before departure alone. Two months more leave every watcher, and a person, time to look.
 */
const seatsKeptDays = 60;

/** The frozen run outlasts its seats, whichever of them is deleted first. */
const runKeptDays = 90;

/** A user who has not come back for so long has neither an open order nor a seat on a run to come. */
const countsKeptDays = 400;

const secondsAfter = (date: string, days: number): number =>
  Math.floor(Date.parse(`${date}T00:00:00Z`) / 1000) + days * daySeconds;

/** The service date stands in every run's id. */
const dateOf = (runId: RunId): string => /~(\d{4}-\d{2}-\d{2})/.exec(runId)?.[1] ?? '';

export const seatsKeptUntil = (runId: RunId): number => secondsAfter(dateOf(runId), seatsKeptDays);

export const runKeptUntil = (runId: RunId): number => secondsAfter(dateOf(runId), runKeptDays);

/** The rows of a version of the timetable: as long as a run of its last day, whose fares may be asked for. */
export const versionKeptUntil = (lastDate: ServiceDate): number => secondsAfter(lastDate, runKeptDays);

/**
 * When an order's personal data ends: the profile's days after its arrival and within the next day. Orders are spread
 * over that day, so that a full train does not fill the clean-up's list in one minute.
 */
export const personalDataEnd = (
  { orderId, arrivesAt }: { orderId: OrderId; arrivesAt: Instant },
  { personalDataKeptDays }: Pick<Carrier, 'personalDataKeptDays'>,
): Instant => {
  const withinDay = (bytesOfUlid(orderId).readUInt16BE(13) / 65_536) * daySeconds;
  return plusSeconds(arrivesAt, personalDataKeptDays * daySeconds + Math.floor(withinDay));
};

/** When the rest of it has been kept for long enough, spread likewise: never a day too short. */
export const orderEnd = (
  order: { orderId: OrderId; arrivesAt: Instant },
  { ordersKeptYears }: Pick<Carrier, 'ordersKeptYears'>,
): Instant => personalDataEnd(order, { personalDataKeptDays: ordersKeptYears * 366 });

/** A journal entry: the profile's years after the year in which it was made. */
export const entryKeptUntil = (at: Instant, { booksKeptYears }: Pick<Carrier, 'booksKeptYears'>): number =>
  Math.floor(Date.UTC(Number(at.slice(0, 4)) + 1 + booksKeptYears, 0, 2) / 1000);

/** An answer that is repeated to whoever repeats the request: it names passengers as far as the order does. */
export const answerKeptUntil = (
  arrivesAt: Instant,
  { personalDataKeptDays }: Pick<Carrier, 'personalDataKeptDays'>,
): Instant => plusSeconds(arrivesAt, personalDataKeptDays * daySeconds);

/** What is counted of a user, from the day of the last hold: longer than any run is on sale. */
export const countsKeptUntil = (today: ServiceDate): number => secondsAfter(today, countsKeptDays);

/**
 * A void order keeps out a commit that is still under way. Only api/orders/place-order commits, and Lambda ends it after ten
 * seconds; AWS takes no request that was signed more than fifteen minutes ago; even a machine that stood still is not
 * brought back after a day. So thirty days are far more than is needed, and voids do not pile up.
 */
export const voidKeptUntil = (voidedAt: Instant): number => inSeconds(voidedAt) + 30 * daySeconds;

/** A suspicion is judged within minutes. What is left after a month was judged by the daily sweep as well. */
export const suspectKeptUntil = (dueAt: Instant): number => inSeconds(dueAt) + 30 * daySeconds;

/** A person's claims of a day: long after any order of that day can still be ended. */
export const claimsKeptUntil = (day: string): number => secondsAfter(day, 90);

/** Providers repeat a notification for at most a day or so. */
export const notificationKeptUntil = (receivedAt: Instant): number => inSeconds(receivedAt) + 90 * daySeconds;

/** An event comes again within a day or two at most; after a quarter nobody asks any more what was sent. */
export const sentKeptUntil = (sentAt: Instant): number => inSeconds(sentAt) + 90 * daySeconds;

/** A request that came to nothing says nothing once its time is over: it is free then, with its record or without. */
export const busyKeptUntil = (busyUntil: Instant): number => inSeconds(busyUntil) + 3600;

export const inSeconds = (instant: Instant): number => Math.floor(millisecondsOf(instant) / 1000);

/** Whether something has outlived its time, and is deleted any moment: to a watcher it is gone. */
export const isOver = (keptUntil: unknown, now: Instant): boolean =>
  typeof keptUntil === 'number' && keptUntil * 1000 <= Date.parse(now);
