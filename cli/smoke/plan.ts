import type { Carrier } from '../../shared/platform/carrier.ts';
import { runIdSchema, stopIdSchema, type RunId, type ServiceDate } from '../../shared/platform/ids.ts';
import { localDateOf, millisecondsOf, plusSeconds, type Instant } from '../../shared/platform/time.ts';
import { startOfServiceDay } from '../../shared/timetable/rules.ts';

/** A trip of the test carrier, which runs once. `departs`: seconds of the service day. */
export type SmokeTrip = { tripId: string; date: ServiceDate; departs: number; runId: RunId };

export type SmokePlan = {
  /** No two smoke tests have the same; all that they make begins with it. */
  mark: string;
  from: ReturnType<typeof stopIdSchema.parse>;
  to: ReturnType<typeof stopIdSchema.parse>;
  /** It leaves so soon that a hold on it ends as early as the carrier allows. */
  soon: SmokeTrip;
  /** It leaves late enough to be paid for. */
  later: SmokeTrip;
};

export const markPrefix = 'keyun-smoke';

/** The time for the steps before the hold that is to end. It is real time: where the clock runs faster, more passes. */
const workSeconds = 180;
const daySeconds = 86_400;

/** The stops, runs and times of a smoke test that begins now. */
export const planSmoke = (
  carrier: Pick<Carrier, 'timeZone' | 'saleClosesSeconds' | 'holdSecondsMin'>,
  { id, now, timeScale }: { id: string; now: Instant; timeScale: number },
): SmokePlan => {
  const mark = `${markPrefix}-${id.toLowerCase()}`;
  const trip = (name: string, seconds: number): SmokeTrip => {
    const at = plusSeconds(now, seconds);
    const date = localDateOf(at, carrier.timeZone);
    const sinceStart = (millisecondsOf(at) - startOfServiceDay(date, carrier.timeZone)) / 1000;
    const tripId = `${mark}-${name}`;
    return { tripId, date, departs: Math.ceil(sinceStart), runId: runIdSchema.parse(`${tripId}~${date}`) };
  };
  const { saleClosesSeconds, holdSecondsMin } = carrier;
  return {
    mark,
    from: stopIdSchema.parse(`${mark}-a`),
    to: stopIdSchema.parse(`${mark}-b`),
    soon: trip('soon', saleClosesSeconds + holdSecondsMin + workSeconds * Math.max(1, timeScale)),
    later: trip('later', daySeconds),
  };
};
