import type { ShardKey } from '../inventory/model.ts';
import type { RunId, UserId } from '../platform/ids.ts';
import { sleep } from '../platform/random.ts';
import { auditCounts, countOrders } from './counts.ts';
import type { Bounds, Finding, Subject } from './model.ts';
import {
  lookAtBookings,
  lookAtRun,
  readBill,
  readDayClaims,
  readItem,
  readOrderParts,
  readUser,
  type Reading,
} from './read-parts.ts';
import { auditParts } from './rules.ts';
import { noParts } from './sort-items.ts';

type Looking = {
  reading: Reading;
  bounds: Bounds;
  shards: ReadonlyMap<RunId, readonly ShardKey[]>;
  secondLookMilliseconds: number;
};

const atOnce = 8;

const nameOf = ({ invariant, key }: Finding): string => `${invariant} ${key}`;

/**
 * Waits, reads everything about each suspect subject once more, and keeps the faults that occur both times. A change
 * that was under way between two reads has finished by then.
 */
export const lookAgain = async (suspects: readonly Finding[], looking: Looking): Promise<Finding[]> => {
  if (suspects.length === 0) return [];
  await sleep(looking.secondLookMilliseconds);
  const before = new Set(suspects.map(nameOf));
  const subjects = [...new Map(suspects.map(({ subject }) => [JSON.stringify(subject), subject])).values()];
  const confirmed = new Map<string, Finding>();
  for (let start = 0; start < subjects.length; start += atOnce) {
    const looks = subjects.slice(start, start + atOnce).map((subject) => lookAt(subject, looking));
    for (const finding of (await Promise.all(looks)).flat()) {
      if (before.has(nameOf(finding))) confirmed.set(nameOf(finding), finding);
    }
  }
  return [...confirmed.values()];
};

const lookAt = async (subject: Subject, { reading, bounds, shards }: Looking): Promise<Finding[]> => {
  switch (subject.kind) {
    case 'run': {
      const { parts, context } = await lookAtRun(reading, subject.runId, shards.get(subject.runId) ?? []);
      return auditParts(parts, context, bounds).findings;
    }
    case 'order': {
      const read = await readOrderParts(reading, [subject.orderId]);
      const { parts, context } = await lookAtBookings(reading, { ...noParts(), orders: read.orders });
      return auditParts(parts, context, bounds).findings;
    }
    case 'claims': {
      const claims = await readDayClaims(reading.bookings, [subject]);
      const { parts, context } = await lookAtBookings(reading, { ...noParts(), claims });
      return auditParts(parts, context, bounds).findings;
    }
    case 'item': {
      const { indexedItems, costs } = await readItem(reading, subject.key);
      const { parts, context } = await lookAtBookings(reading, { ...noParts(), indexedItems, costs });
      return auditParts(parts, context, bounds).findings;
    }
    case 'bill': {
      const { bills, toldCosts } = await readBill(reading, subject.id);
      const { parts, context } = await lookAtBookings(reading, { ...noParts(), bills, toldCosts });
      return auditParts(parts, context, bounds).findings;
    }
    case 'user':
      return lookAtUser(reading, subject.userId);
    default:
      return [];
  }
};

const lookAtUser = async ({ bookings, clock }: Reading, userId: UserId): Promise<Finding[]> => {
  const { orders, counts } = await readUser(bookings, userId);
  return auditCounts(countOrders(orders), new Map([[userId, counts]]), clock());
};
