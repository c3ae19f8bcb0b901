import { lasts } from '../bookings/attention.ts';
import { comesLast } from '../bookings/kinds-by-use.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';
import { findingsAbout, type Lookups } from './lookups.ts';
import type { Finding, IndexedItem } from './model.ts';

/** Checks that the clean-up handles an item in time, and that a person sees it while it needs one, and no longer. */
export const auditIndexedItem = (item: IndexedItem, lookups: Lookups): Finding[] => {
  const { key, dueAt, attention, inDueIndex, inAttentionIndex } = item;
  const name = `${key.pk} ${key.sk}`;
  const { findings, report } = findingsAbout({ kind: 'item', key });
  if (dueAt && !inDueIndex)
    report('due-indexed', name, `${name} has a deadline and is not in the index of what is due`);
  if (dueAt && isOverdue(item, dueAt, lookups))
    report('not-overdue', name, `${name} has been due since ${dueAt}`);
  if ((attention !== undefined) !== inAttentionIndex)
    report('attention-flagged', name, `${name} needs a person, and is not in the attention index`);
  if (!attention && inDueIndex && hasFailedLong(item, lookups))
    report(
      'attention-flagged',
      name,
      `${name} has failed since ${item.postponedSince}, and no person is alerted`,
    );
  // The write that ends the work also ends the flag.
  if (attention && !lasts(attention.kind) && !dueAt)
    report('attention-over', name, `${name} is no longer due, and is still in the attention index`);
  return findings;
};

const isOverdue = ({ kind }: IndexedItem, dueAt: Instant, { now, bounds }: Lookups): boolean => {
  const { overdueSeconds, overdueLastSeconds } = bounds;
  return plusSeconds(dueAt, comesLast(kind) ? overdueLastSeconds : overdueSeconds) < now;
};

/** A failure that is longer ago says nothing about now: meanwhile the item succeeded, or was due again much later. */
const recentlySeconds = 900;

/** Measures from the first failure of the series, because each failure moves the deadline. */
const hasFailedLong = ({ postponedSince, postponedAt }: IndexedItem, { now, bounds }: Lookups): boolean =>
  postponedSince !== undefined &&
  postponedAt !== undefined &&
  plusSeconds(postponedAt, recentlySeconds) > now &&
  plusSeconds(postponedSince, bounds.patienceSeconds) < now;
