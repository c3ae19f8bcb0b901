import { moveLeaseEnd, takeLease, type Lease } from '../bookings/lease-store.ts';
import type { Table } from '../platform/dynamo.ts';
import { leaseLimits } from '../platform/limits.ts';
import { loggable, logger } from '../platform/log.ts';
import { plusSeconds, type Clock, type Instant } from '../platform/time.ts';

type Dependencies = { bookings: Table; clock: Clock };

/** The work is over, with its result, or another call is at work. */
type Leased<Value> = { state: 'over'; value: Value } | { state: 'at-work' };

/** Asked between two items: whether the lease is still ours. */
export type MayGoOn = () => boolean;

const seconds = (milliseconds: number): number => milliseconds / 1000;

/**
 * Runs a sweep unless another call runs it: `at-work`. Calls that overlap would do the same work twice, and in a small account
 * they would take the place of buyers. It is no lock that seats or money rely on: their own conditions guard them.
 *
 * A lease ends soon, so that a call that died does not keep the next ones out. The work renews it by asking `mayGoOn` between
 * its items. Work that could not renew it in time, or lost it, hears `false` and ends.
 */
export const underLease =
  ({ bookings, clock }: Dependencies, lease: Lease) =>
  async <Value>(work: (mayGoOn: MayGoOn) => Promise<Value>): Promise<Leased<Value>> => {
    const began = clock();
    const first = endOf(began);
    if ((await takeLease(bookings, lease, { now: began, until: first })) === 'held')
      return { state: 'at-work' };
    const held = holdLease({ bookings, clock }, lease, { since: began, until: first });
    try {
      return { state: 'over', value: await work(held.mayGoOn) };
    } finally {
      await held.release();
    }
  };

const endOf = (since: Instant): Instant => plusSeconds(since, seconds(leaseLimits.lasts));

const holdLease = (
  { bookings, clock }: Dependencies,
  lease: Lease,
  { since: taken, until: first }: { since: Instant; until: Instant },
) => {
  let since = taken;
  let until = first;
  let isLost = false;
  let renewing: Promise<void> | undefined;

  const renew = async (now: Instant): Promise<void> => {
    try {
      const end = endOf(now);
      if ((await moveLeaseEnd(bookings, lease, end)) === 'lost') isLost = true;
      else [since, until] = [now, end];
    } catch (error) {
      // The next look tries again, as long as the lease lasts.
      logger.warn('a lease could not be renewed', { ...lease, thrown: loggable(error) });
    }
  };

  return {
    mayGoOn: (): boolean => {
      const now = clock();
      if (now >= until) isLost = true;
      if (!isLost && plusSeconds(since, seconds(leaseLimits.renewedAfter)) <= now)
        renewing ??= renew(now).finally(() => (renewing = undefined));
      return !isLost;
    },
    /** Lets the next call begin at once. If that fails, the lease ends by itself. */
    release: async (): Promise<void> => {
      await renewing;
      try {
        await moveLeaseEnd(bookings, lease, clock());
      } catch (error) {
        logger.warn('a lease could not be released', { ...lease, thrown: loggable(error) });
      }
    },
  };
};
