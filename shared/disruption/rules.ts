import type { CommittedOrder } from '../orders/model.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { DisruptionRules } from '../platform/after-sale/disruption-rules.ts';
import { jobIdSchema, type JobId, type RunId } from '../platform/ids.ts';
import { later, localDateOf, plusSeconds, type Instant } from '../platform/time.ts';
import type { Waiver, WaiverReason } from '../tickets/model.ts';
import { escapeTripId } from '../timetable/run-id.ts';
import type { Disruption, Job } from './model.ts';

/** The rules in force on the day of an announcement, in the carrier's zone. */
export const disruptionRulesOn = (
  { afterSale, timeZone }: Pick<Carrier, 'afterSale' | 'timeZone'>,
  announcedAt: Instant,
): DisruptionRules | undefined => {
  const day = localDateOf(announcedAt, timeZone);
  return afterSale?.versions.findLast(({ from }) => from === undefined || from <= day)?.disruption;
};

/** One announcement, one id: whoever announces the same again meets the same job. */
export const jobIdOf = (runId: RunId, disruption: Disruption): JobId => {
  switch (disruption.reason) {
    case 'run-cancelled':
      return jobIdSchema.parse(`${runId}~cancelled`);
    case 'stop-cancelled':
      return jobIdSchema.parse(`${runId}~stop-${escapeTripId(disruption.stopId)}`);
    case 'delayed':
      return jobIdSchema.parse(`${runId}~delay-${disruption.minutes}`);
  }
};

type Journey = Pick<CommittedOrder, 'from' | 'to' | 'departsAt' | 'arrivesAt' | 'createdAt'>;

const delayedDeparture = ({ departsAt }: Pick<Journey, 'departsAt'>, minutes: number): Instant =>
  plusSeconds(departsAt, minutes * 60);

/**
 * Whether an announcement concerns an order. Who has arrived by then has travelled; who boards and alights elsewhere does
 * not miss a stop; and who buys after the announcement of a delay, or has left even with it, is not surprised by it.
 */
export const concerns = (
  { disruption, createdAt: announcedAt }: Pick<Job, 'disruption' | 'createdAt'>,
  order: Journey,
): boolean => {
  if (order.arrivesAt <= announcedAt) return false;
  switch (disruption.reason) {
    case 'run-cancelled':
      return true;
    case 'stop-cancelled':
      return order.from.stopId === disruption.stopId || order.to.stopId === disruption.stopId;
    case 'delayed':
      return order.createdAt <= announcedAt && delayedDeparture(order, disruption.minutes) > announcedAt;
  }
};

/** The waiver of an order's tickets: for the time to choose, or until a late run has left. */
export const waiverFor = ({ jobId, disruption, until }: Job, order: Journey): Waiver => ({
  jobId,
  reason: disruption.reason,
  until: disruption.reason === 'delayed' ? delayedDeparture(order, disruption.minutes) : until,
});

const weightOf: Readonly<Record<WaiverReason, number>> = {
  delayed: 1,
  'stop-cancelled': 2,
  'run-cancelled': 3,
};

/** Whether a waiver takes the place of another one: for the graver reason, or of the same for the longer time. */
export const outweighs = (waiver: Waiver, other: Waiver | undefined): boolean => {
  if (!other) return true;
  const heavier = weightOf[waiver.reason] - weightOf[other.reason];
  return heavier === 0 ? waiver.until > other.until : heavier > 0;
};

/**
 * A hold that began before the stop was struck from the run, or before the delay was announced, is an order by then, or can
 * never be one: AWS refuses a request that was signed more than fifteen minutes ago. The shards of a cancelled run are
 * closed, and take none from the start.
 */
const lastHoldSeconds = 20 * 60;

/** Before this moment, a look that meets nothing unsettled may still not be the last. */
export const looksUntil = ({ disruption, createdAt }: Job): Instant =>
  disruption.reason === 'run-cancelled' ? createdAt : plusSeconds(createdAt, lastHoldSeconds);

/** A hold, a payment or an offer is over in minutes. */
const lookAgainSeconds = 20;

/** Whether every ticket that there is has been waived, and its passengers are told. */
export const isEveryoneTold = ({ state, look, shardsDone, unsettled }: Job): boolean =>
  (state !== 'begun' && state !== 'waiving') || (look > 1 && shardsDone === 0 && unsettled === 0);

/** What a look at all shards leads to, and when. */
type Next = Pick<Job, 'state' | 'look'> & { dueAt?: Instant };

/** What comes after a look at all shards. */
export const afterLook = (job: Job, now: Instant): Next => {
  const { state, look, unsettled, disruption, until } = job;
  const again = { state, look: look + 1 };
  if (unsettled > 0) return { ...again, dueAt: plusSeconds(now, lookAgainSeconds) };
  if (state === 'refunding') return { state: 'done', look };
  if (now < looksUntil(job)) return { ...again, dueAt: looksUntil(job) };
  // After a delay the ticket stays good, so nothing goes back by itself.
  if (disruption.reason === 'delayed') return { state: 'done', look };
  return { state: 'waiting', look, dueAt: later(now, until) };
};
