import type { Carrier } from '../platform/carrier.ts';
import type { RunId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { afterBy, plusSeconds, usualSecondsOf, type Instant } from '../platform/time.ts';
import { shardsOfRun } from '../inventory/shards.ts';
import type { Run } from '../timetable/model.ts';
import type { Disruption, Job } from './model.ts';
import type { AnnouncementRefusal } from './refusals.ts';
import { disruptionRulesOn, jobIdOf } from './rules.ts';

export type Announcement = { runId: RunId; disruption: Disruption; by: string; mark: string };

const secondsLate = (disruption: Disruption): number =>
  disruption.reason === 'delayed' ? disruption.minutes * 60 : 0;

/** The delayed departure from the last stop where anybody boards. */
const lastDeparture = ({ stops }: Run, disruption: Disruption): Instant | undefined => {
  const last = stops.slice(0, -1).at(-1);
  return last && plusSeconds(last.departs, secondsLate(disruption));
};

/** Why the run is not disrupted in this way; undefined if it is. */
const refusalOf = (run: Run, disruption: Disruption, now: Instant): AnnouncementRefusal | undefined => {
  const arrives = run.stops.at(-1)?.arrives ?? now;
  if (disruption.reason === 'delayed') {
    if (run.state === 'closed') return 'run-not-running';
    const departs = lastDeparture(run, disruption);
    return departs && departs <= now ? 'delay-past' : undefined;
  }
  if (arrives <= now) return 'run-over';
  if (disruption.reason === 'run-cancelled') return undefined;
  if (run.state === 'closed') return 'run-not-running';
  return run.stops.some(({ stopId }) => stopId === disruption.stopId) ? undefined : 'stop-not-served';
};

/** The job that an announcement makes. The run may have been closed before: then its sale has ended already. */
export const decideAnnouncement = (
  run: Run | undefined,
  { runId, disruption, by, mark }: Announcement,
  carrier: Pick<Carrier, 'afterSale' | 'timeZone'>,
  now: Instant,
): Outcome<{ job: Job }, AnnouncementRefusal> => {
  if (!run) return rejected('not-found');
  const refusal = refusalOf(run, disruption, now);
  if (refusal) return rejected(refusal);
  const rules = disruptionRulesOn(carrier, now);
  if (!rules) return rejected('no-disruption-rules');
  if (disruption.reason === 'delayed' && secondsLate(disruption) < usualSecondsOf(rules.delayAtLeast))
    return rejected('delay-below-limit');
  return accepted({
    job: {
      jobId: jobIdOf(runId, disruption),
      runId,
      disruption,
      state: 'begun',
      by,
      createdAt: now,
      until:
        disruption.reason === 'delayed'
          ? (lastDeparture(run, disruption) ?? now)
          : afterBy(now, rules.window, carrier.timeZone),
      look: 1,
      shardsDone: 0,
      shards: shardsOfRun(run).length,
      unsettled: 0,
      progress: { waived: 0, refunded: 0, ended: 0 },
      dueAt: now,
      mark,
    },
  });
};
