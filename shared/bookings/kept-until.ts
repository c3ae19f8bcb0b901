import type { Carrier } from '../platform/carrier.ts';
import type { OrderId, RunId, ServiceDate } from '../platform/ids.ts';
import { millisecondsOf, plusSeconds, type Instant } from '../platform/time.ts';
import { bytesOfUlid } from '../platform/ulid-bytes.ts';

/*
 * The ends of items that no later step can need, in seconds since 1970, as DynamoDB's time to live expects.
 * DynamoDB deletes some days later. Items that the law and refunds need live longer: docs/how-to/what-is-kept.md.
 */
const daySeconds = 86_400;

/**
 * Seats of a run: a hold lands before departure or, from a function on a suspended machine, within its time limit; late
 * money takes seats again only before departure. Two more months give every watcher, and a person, time to look.
 */
const seatsKeptDays = 60;

/** The frozen run outlives its seats, whichever of them DynamoDB deletes first. */
const runKeptDays = 90;

/** A user who has stayed away this long has neither an open order nor a seat on a future run. */
const countsKeptDays = 400;

const secondsAfter = (date: string, days: number): number =>
  Math.floor(Date.parse(`${date}T00:00:00Z`) / 1000) + days * daySeconds;

/** A run's id contains its service date. */
const dateOf = (runId: RunId): string => /~(\d{4}-\d{2}-\d{2})/.exec(runId)?.[1] ?? '';

export const seatsKeptUntil = (runId: RunId): number => secondsAfter(dateOf(runId), seatsKeptDays);

export const runKeptUntil = (runId: RunId): number => secondsAfter(dateOf(runId), runKeptDays);

/** A job about a run: as long as the run, and a month longer than passengers choose. */
export const jobKeptUntil = ({ runId, until }: { runId: RunId; until: Instant }): number =>
  Math.max(runKeptUntil(runId), inSeconds(until) + 30 * daySeconds);

/** The rows of a version of the timetable: as long as a run of its last day, because somebody may ask for its fares. */
export const versionKeptUntil = (lastDate: ServiceDate): number => secondsAfter(lastDate, runKeptDays);

/**
 * When an order's personal data ends: the profile's days after its arrival, and within the next day. Spreading orders
 * over that day keeps a full train from filling the clean-up's list in one minute.
 */
export const personalDataEnd = (
  { orderId, arrivesAt }: { orderId: OrderId; arrivesAt: Instant },
  { personalDataKeptDays }: Pick<Carrier, 'personalDataKeptDays'>,
): Instant => {
  const withinDay = (bytesOfUlid(orderId).readUInt16BE(13) / 65_536) * daySeconds;
  return plusSeconds(arrivesAt, personalDataKeptDays * daySeconds + Math.floor(withinDay));
};

/** When the rest of the order ends, spread in the same way: never a day too early. */
export const orderEnd = (
  order: { orderId: OrderId; arrivesAt: Instant },
  { ordersKeptYears }: Pick<Carrier, 'ordersKeptYears'>,
): Instant => personalDataEnd(order, { personalDataKeptDays: ordersKeptYears * 366 });

/** A journal entry: the profile's years after its own year. */
export const entryKeptUntil = (at: Instant, { booksKeptYears }: Pick<Carrier, 'booksKeptYears'>): number =>
  Math.floor(Date.UTC(Number(at.slice(0, 4)) + 1 + booksKeptYears, 0, 2) / 1000);

/** The answer to a repeated request: it names passengers as long as the order does. */
export const answerKeptUntil = (
  arrivesAt: Instant,
  { personalDataKeptDays }: Pick<Carrier, 'personalDataKeptDays'>,
): Instant => plusSeconds(arrivesAt, personalDataKeptDays * daySeconds);

/** A user's counts, from the day of the last hold: longer than any run is on sale. */
export const countsKeptUntil = (today: ServiceDate): number => secondsAfter(today, countsKeptDays);

/**
 * A void order blocks a commit that is still under way. Only api/orders/place-order commits, and Lambda ends it after
 * ten seconds; AWS refuses a request that was signed more than fifteen minutes ago; even a suspended machine does not
 * come back after a day. So thirty days are far more than enough, and voids do not pile up.
 */
export const voidKeptUntil = (voidedAt: Instant): number => inSeconds(voidedAt) + 30 * daySeconds;

/** The clean-up judges a suspicion within minutes. If one is left after a month, the daily sweep has judged it too. */
export const suspectKeptUntil = (dueAt: Instant): number => inSeconds(dueAt) + 30 * daySeconds;

/** A person's claims of a day: long after any order of that day can still end. */
export const claimsKeptUntil = (day: string): number => secondsAfter(day, 90);

/** Providers repeat a notification for at most a day or so. */
export const notificationKeptUntil = (receivedAt: Instant): number => inSeconds(receivedAt) + 90 * daySeconds;

/** An event comes again within a day or two at most; after a quarter nobody asks which mails went out. */
export const sentKeptUntil = (sentAt: Instant): number => inSeconds(sentAt) + 90 * daySeconds;

/** The tickets say what became of an offer; after a quarter nobody asks what others would have been. */
export const offerKeptUntil = (validUntil: Instant): number => inSeconds(validUntil) + 90 * daySeconds;

/** Somebody looks at a wrong use in the days after it; after a quarter nobody can tell who it was. */
export const wrongUseKeptUntil = (toldAt: Instant): number => inSeconds(toldAt) + 90 * daySeconds;

/** A place in a queue that is over: nobody asks for it, and a repeated write finds it for as long as it may come. */
export const queuedKeptUntil = (overAt: Instant): number => inSeconds(overAt) + 2 * daySeconds;

/** A busy record means nothing after its time: the request is free then, with or without the record. */
export const busyKeptUntil = (busyUntil: Instant): number => inSeconds(busyUntil) + 3600;

/** The answers to a run that has not come to its end: they count for a day. */
export const answersKeptUntil = (answeredAt: Instant): number => inSeconds(answeredAt) + 2 * daySeconds;

export const inSeconds = (instant: Instant): number => Math.floor(millisecondsOf(instant) / 1000);

/**
 * Whether an item has outlived its time, so that DynamoDB may delete it at any moment: a watcher treats it as deleted.
 */
export const isOver = (keptUntil: unknown, now: Instant): boolean =>
  typeof keptUntil === 'number' && keptUntil * 1000 <= Date.parse(now);
