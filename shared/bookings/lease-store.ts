import { clause, type Clause } from '../platform/clauses.ts';
import { updateIf } from '../platform/conditional-writes.ts';
import type { Table } from '../platform/dynamo.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';
import { bookingKey } from './keys.ts';

/** Table `Bookings`: `SCAN#<name>` / `LEASE` says who runs a sweep, and until when. */
export type Lease = { sweep: string; holder: string };

const keyOf = ({ sweep }: Lease) => bookingKey('lease', sweep);

const isHeldBy = (holder: string): Clause =>
  clause('#holder = :holder', { ':holder': holder }, { '#holder': 'holder' });

/**
 * Nobody holds it, its time is over, or we hold it: the answer to our first try may have been lost. An end that no lease can have
 * comes from a wrong clock.
 */
const isFree = (holder: string, { now, latest }: { now: Instant; latest: Instant }): Clause =>
  clause(
    'attribute_not_exists(pk) OR #until <= :now OR #until > :latest OR #holder = :holder',
    { ':now': now, ':latest': latest, ':holder': holder },
    { '#until': 'until', '#holder': 'holder' },
  );

/** More than the clocks of two machines differ. */
const skewSeconds = 10;

/** Takes the lease if it is free. `until` is its end, unless it is renewed. */
export const takeLease = async (
  bookings: Table,
  lease: Lease,
  { now, until }: { now: Instant; until: Instant },
): Promise<'taken' | 'held'> => {
  const { outcome } = await updateIf(bookings, keyOf(lease), {
    onlyIf: [isFree(lease.holder, { now, latest: plusSeconds(until, skewSeconds) })],
    update: 'SET #holder = :holder, #until = :until',
    values: { ':until': until },
  });
  return outcome === 'written' ? 'taken' : 'held';
};

/** Moves the end of a lease that we hold; `lost` if somebody else has taken it. */
export const moveLeaseEnd = async (
  bookings: Table,
  lease: Lease,
  until: Instant,
): Promise<'moved' | 'lost'> => {
  const { outcome } = await updateIf(bookings, keyOf(lease), {
    onlyIf: [isHeldBy(lease.holder)],
    update: 'SET #until = :until',
    names: { '#until': 'until' },
    values: { ':until': until },
  });
  return outcome === 'written' ? 'moved' : 'lost';
};
