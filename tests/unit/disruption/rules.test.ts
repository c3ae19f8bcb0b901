import { decideAnnouncement } from '../../../shared/disruption/decide-announcement.ts';
import type { Disruption, Job } from '../../../shared/disruption/model.ts';
import {
  afterLook,
  concerns,
  disruptionRulesOn,
  isEveryoneTold,
  jobIdOf,
  outweighs,
} from '../../../shared/disruption/rules.ts';
import { assembleCarrier, carrierFolderOf } from '../../../shared/platform/carrier-folder.ts';
import { jobIdSchema, serviceDateSchema, stopIdSchema } from '../../../shared/platform/ids.ts';
import { instantOf, plusSeconds, type Instant } from '../../../shared/platform/time.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import { sampleRun } from '../../support/sample-run.ts';

const at = (text: string): Instant => instantOf(Date.parse(text));
const cancelled: Disruption = { reason: 'run-cancelled' };
const delayed = (minutes: number): Disruption => ({ reason: 'delayed', minutes });
const atStop = (stopId: string): Disruption => ({
  reason: 'stop-cancelled',
  stopId: stopIdSchema.parse(stopId),
});
const mark = '01KBZ5Q7W8XN3V4M5T6R7S8P9A';
const rulesOf = (window: string) => ({ window, delayAtLeast: 'PT1H' });
const carrierWith = (window: string, timeZone = 'Asia/Shanghai') => ({
  ...sampleCarrier,
  timeZone,
  afterSale: { versions: [{ disruption: rulesOf(window) }] },
});

const announceOf = (
  run: Run | undefined,
  disruption: Disruption,
  now: Instant,
  carrier = carrierWith('P3D'),
) => {
  const runId = (run ?? sampleRun('2026-12-05', 1)).runId;
  return decideAnnouncement(run, { runId, disruption, by: 'operator-1', mark }, carrier, now);
};
const reasonOf = (...what: Parameters<typeof announceOf>) => {
  const outcome = announceOf(...what);
  return outcome.outcome === 'rejected' ? outcome.reason : 'accepted';
};
const jobFor = (...what: Parameters<typeof announceOf>): Job => {
  const outcome = announceOf(...what);
  if (outcome.outcome === 'rejected') throw new Error(outcome.reason);
  return outcome.job;
};

const run = sampleRun('2026-12-05', 1);
const departsLastAt = run.stops[2]!.departs;
const arrivesAt = run.stops[3]!.arrives;

describe('an announcement', () => {
  test.each([
    [-1, 'accepted'],
    [0, 'run-over'],
    [1, 'run-over'],
  ])('that a run is cancelled, %d s after its arrival', (seconds, expected) => {
    expect(reasonOf(run, cancelled, plusSeconds(arrivesAt, seconds))).toBe(expected);
    expect(reasonOf(run, atStop('S1'), plusSeconds(arrivesAt, seconds))).toBe(expected);
  });

  test.each([
    [-1, 'accepted'],
    [0, 'delay-past'],
    [1, 'delay-past'],
  ])('of a delay, %d s after the delayed departure from the last stop', (seconds, expected) => {
    expect(reasonOf(run, delayed(60), plusSeconds(departsLastAt, 3600 + seconds))).toBe(expected);
  });

  test.each([
    [59, 'delay-below-limit'],
    [60, 'accepted'],
    [61, 'accepted'],
  ])('of a delay of %d minutes, where an hour counts', (minutes, expected) => {
    expect(reasonOf(run, delayed(minutes), run.stops[0]!.departs)).toBe(expected);
  });

  test('needs a run that runs, a stop of it, and rules', () => {
    const now = at('2026-12-01T00:00:00Z');
    const closed: Run = { ...run, state: 'closed' };
    expect(reasonOf(undefined, cancelled, now)).toBe('not-found');
    expect(reasonOf(run, atStop('elsewhere'), now)).toBe('stop-not-served');
    expect(reasonOf(closed, atStop('S1'), now)).toBe('run-not-running');
    expect(reasonOf(closed, delayed(60), now)).toBe('run-not-running');
    expect(reasonOf(closed, cancelled, now)).toBe('accepted');
    expect(reasonOf(run, cancelled, now, { ...sampleCarrier, afterSale: { versions: [{} as never] } })).toBe(
      'no-disruption-rules',
    );
  });
});

describe('the time to choose', () => {
  test.each([
    [
      'days of the calendar',
      'P3D',
      'Asia/Shanghai',
      '2026-12-01T23:59:59+08:00',
      '2026-12-04T23:59:59+08:00',
    ],
    ['hours', 'PT48H', 'Asia/Shanghai', '2026-12-01T10:00:00+08:00', '2026-12-03T10:00:00+08:00'],
    [
      'a day over the spring',
      'P1D',
      'Europe/Berlin',
      '2027-03-27T18:00:00+01:00',
      '2027-03-28T18:00:00+02:00',
    ],
    [
      '24 hours over the spring',
      'PT24H',
      'Europe/Berlin',
      '2027-03-27T18:00:00+01:00',
      '2027-03-28T19:00:00+02:00',
    ],
    [
      'a day over the autumn',
      'P1D',
      'America/Los_Angeles',
      '2027-11-06T18:00:00-07:00',
      '2027-11-07T18:00:00-08:00',
    ],
    ['over 29 February', 'P2D', 'Asia/Shanghai', '2028-02-28T09:00:00+08:00', '2028-03-01T09:00:00+08:00'],
    ['no time at all', 'P0D', 'Asia/Shanghai', '2026-12-01T10:00:00+08:00', '2026-12-01T10:00:00+08:00'],
  ])('is of %s', (_, window, zone, announced, until) => {
    const someday = sampleRun('2029-12-05', 1);
    expect(jobFor(someday, cancelled, at(announced), carrierWith(window, zone)).until).toBe(at(until));
  });

  test.each(['cn-rail', 'eu-coach', 'us-rail', 'air'])('has rules at %s', (name) => {
    expect(disruptionRulesOn(assembleCarrier(carrierFolderOf(name)), at('2026-12-01T00:00:00Z'))).toEqual({
      window: expect.stringMatching(/^P[37]D$/),
      delayAtLeast: expect.stringMatching(/^PT[123]H$/),
    });
  });

  test.each([
    ['2026-12-31T23:59:59+08:00', 'P1D'],
    ['2027-01-01T00:00:00+08:00', 'P2D'],
    ['2027-01-01T00:00:01+08:00', 'P2D'],
  ])('is that of the day of the announcement in the carrier’s zone: %s', (announced, window) => {
    const versions = [
      { disruption: rulesOf('P1D') },
      { from: serviceDateSchema.parse('2027-01-01'), disruption: rulesOf('P2D') },
    ];
    const carrier = { ...sampleCarrier, afterSale: { versions } };
    expect(disruptionRulesOn(carrier, at(announced))?.window).toBe(window);
  });
});

describe('whom an announcement concerns', () => {
  const order = sampleOrder('issued');
  const about = (disruption: Disruption, createdAt: Instant) => concerns({ disruption, createdAt }, order);

  test.each([
    [-1, true],
    [0, false],
    [1, false],
  ])('a passenger who arrives: %d s after the arrival', (seconds, isConcerned) => {
    expect(about(cancelled, plusSeconds(order.arrivesAt, seconds))).toBe(isConcerned);
  });

  test.each([
    [-1, true],
    [0, false],
    [1, false],
  ])('a passenger of a late run: %d s after the delayed departure', (seconds, isConcerned) => {
    expect(about(delayed(60), plusSeconds(order.departsAt, 3600 + seconds))).toBe(isConcerned);
  });

  test.each([
    [-1, false],
    [0, true],
    [1, true],
  ])('a buyer, %d s after buying', (seconds, isConcerned) => {
    expect(about(delayed(60), plusSeconds(order.createdAt, seconds))).toBe(isConcerned);
    expect(about(cancelled, plusSeconds(order.createdAt, seconds))).toBe(true);
  });

  test('of a stop, who boards or alights there', () => {
    const now = order.createdAt;
    expect(['VNP', 'AOH', 'NJH'].map((stop) => about(atStop(stop), now))).toEqual([true, true, false]);
  });
});

describe('what comes after a look', () => {
  const now = at('2026-12-01T00:00:00Z');
  const job = jobFor(run, cancelled, now);
  const waiving: Job = { ...job, state: 'waiving' };
  const late: Job = { ...jobFor(run, delayed(60), now), state: 'waiving' };

  test('another look while something is under way', () => {
    expect(afterLook({ ...waiving, unsettled: 1 }, now)).toEqual({
      state: 'waiving',
      look: 2,
      dueAt: plusSeconds(now, 20),
    });
    expect(afterLook({ ...waiving, state: 'refunding', unsettled: 1 }, now).state).toBe('refunding');
  });

  test('the time to choose, and then the end', () => {
    expect(afterLook(waiving, now)).toEqual({ state: 'waiting', look: 1, dueAt: job.until });
    const after = plusSeconds(job.until, 60);
    expect(afterLook(waiving, after)).toEqual({ state: 'waiting', look: 1, dueAt: after });
    expect(afterLook({ ...waiving, state: 'refunding' }, after)).toEqual({ state: 'done', look: 1 });
  });

  test.each([
    [-1, 'waiving'],
    [0, 'done'],
    [1, 'done'],
  ])('of a delay the end, when no hold is under way any more: %d s from there', (seconds, state) => {
    expect(afterLook(late, plusSeconds(now, 20 * 60 + seconds)).state).toBe(state);
  });

  test('everyone is told once a look was without anything unsettled', () => {
    expect(isEveryoneTold(job)).toBe(false);
    expect(isEveryoneTold(waiving)).toBe(false);
    expect(isEveryoneTold({ ...waiving, look: 2 })).toBe(true);
    expect(isEveryoneTold({ ...waiving, look: 2, unsettled: 1 })).toBe(false);
    expect(isEveryoneTold({ ...waiving, look: 2, shardsDone: 1 })).toBe(false);
    expect(isEveryoneTold({ ...job, state: 'waiting' })).toBe(true);
  });
});

test('the graver reason outweighs, and of the same the longer time', () => {
  const until = at('2026-12-05T00:00:00Z');
  const waiver = (reason: 'run-cancelled' | 'stop-cancelled' | 'delayed', seconds = 0) => ({
    jobId: jobIdSchema.parse('G1~2026-12-05~cancelled'),
    reason,
    until: plusSeconds(until, seconds),
  });
  expect(outweighs(waiver('delayed'), undefined)).toBe(true);
  expect(outweighs(waiver('stop-cancelled'), waiver('delayed', 60))).toBe(true);
  expect(outweighs(waiver('delayed', 60), waiver('stop-cancelled'))).toBe(false);
  expect(outweighs(waiver('run-cancelled'), waiver('stop-cancelled', 60))).toBe(true);
  expect(outweighs(waiver('delayed', 1), waiver('delayed'))).toBe(true);
  expect(outweighs(waiver('delayed'), waiver('delayed'))).toBe(false);
});

test('a stop of any name has a job', () => {
  expect(jobIdOf(run.runId, atStop('de:08212:90 ü~'))).toBe('G1~2026-12-05~stop-de!3A08212!3A90!20!C3!BC!7E');
});
