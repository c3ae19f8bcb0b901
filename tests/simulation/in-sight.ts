import type { StreamRecord } from '../../shared/platform/stream-records.ts';
import type { Mirror } from './mirror.ts';
import type { Item } from './protocol.ts';
import type { Wrong } from './wrong.ts';

const rule = 'in-sight';

/** Minutes that the clean-up may be late in a world where much goes wrong; beside the hour that the product waits. */
const toldWithinMilliseconds = 2.25 * 3_600_000;

const needsPerson = (item: Item | undefined): boolean => item?.['attention'] !== undefined;
const kindOf = (item: Item): string => String((item['attention'] as Item | undefined)?.['kind'] ?? 'none');

type Deed = { did: string; about?: string };
const deedsOf = (item: Item | undefined): Deed[] => (item?.['handled'] ?? []) as Deed[];
const isSettled = (item: Item): boolean => deedsOf(item).at(-1)?.did === 'settled';

/** The ends at which nobody is needed any more, from what the items say themselves. */
const isOver = (sk: string, before: Item, after: Item): boolean => {
  if (deedsOf(after).length > deedsOf(before).length && isSettled(after)) return true;
  // It fails no more: nothing is due of it, or its last failure is half an hour older than its next turn.
  if (kindOf(before) === 'keeps-failing') {
    const waits = Date.parse(String(after['dueAt'])) - Date.parse(String(after['postponedAt']));
    if (after['dueAt'] === undefined || waits > 1_800_000) return true;
  }
  // Another amount is over when a person says so, and never before.
  if (kindOf(before) === 'amount-disputed') return false;
  const state = String(after['state']);
  if (sk.startsWith('REFUND#')) return state === 'succeeded' || state === 'settled';
  if (sk.startsWith('PAYMENT#'))
    return state !== before['state'] || (!before['appliedAt'] && after['appliedAt'] !== undefined);
  return ['issued', 'expired', 'cancelled', 'refunded'].includes(state);
};

/**
 * What can be said of each write about who is needed: what ends without the money being back is shown to a person in
 * the same write, stays shown until it is over, and is in one person's hands.
 */
export const seeAttention = ({ keys, newImage: after, oldImage: before }: StreamRecord): Wrong[] => {
  const [pk, sk] = [String(keys['pk']), String(keys['sk'])];
  if (!after || !pk.startsWith('ORDER#')) return [];
  const wrong: Wrong[] = [];
  const report = (what: string): void => void wrong.push({ rule, what: `${pk} ${sk} ${what}` });
  const isIndexed = after['attentionShard'] !== undefined && after['attentionSince'] !== undefined;
  if (needsPerson(after) !== isIndexed) report('needs a person, and its index does not agree');
  if (before && needsPerson(before) && !needsPerson(after) && !isOver(sk, before, after))
    report(`needed a person for ${kindOf(before)}, and does not any more`);
  if (!sk.startsWith('REFUND#')) return wrong;
  const stuck = after['state'] === 'failed' || after['state'] === 'settling';
  if (stuck && !needsPerson(after)) report(`is ${String(after['state'])}, and nobody is told`);
  const isOverpaid = after['overpaidAt'] !== undefined;
  if (isOverpaid && before?.['overpaidAt'] === undefined && kindOf(after) !== 'refund-paid-twice')
    report('was paid twice, and nobody is told');
  const isGivenBack = before?.['state'] === 'settling' && after['state'] === 'failed';
  if (before?.['settledBy'] !== undefined && before['settledBy'] !== after['settledBy'] && !isGivenBack)
    report(`went from the hands of ${String(before['settledBy'])} to ${String(after['settledBy'])}`);
  return wrong;
};

/** Since when something waits, by its own beginning; undefined when it waits for nothing. */
const waitsSince = (sk: string, item: Item): unknown => {
  const state = String(item['state']);
  if (sk.startsWith('REFUND#'))
    return ['requested', 'submitted', 'failed', 'settling'].includes(state) ? item['requestedAt'] : undefined;
  if (!sk.startsWith('PAYMENT#')) return undefined;
  if (state === 'created' || state === 'pending') return item['expiresAt'];
  return item['capturedAt'] !== undefined && item['appliedAt'] === undefined ? item['capturedAt'] : undefined;
};

/** What has waited for hours has reached a person, whatever it says about when it is looked at next. */
export const toldInTime = ({ bookings }: Pick<Mirror, 'bookings'>, nowMilliseconds: number): Wrong[] =>
  [...bookings].flatMap(([pk, items]) =>
    [...items].flatMap(([sk, item]) => {
      const since = waitsSince(sk, item);
      if (since === undefined || needsPerson(item)) return [];
      if (Date.parse(String(since)) + toldWithinMilliseconds > nowMilliseconds) return [];
      return [{ rule, what: `${pk} ${sk} is ${String(item['state'])} since ${String(since)}, untold` }];
    }),
  );

/** What may still need a person when all is at rest, and which facts of its own say so. */
const follows = (sk: string, item: Item, lies: ReadonlySet<string>): boolean => {
  const state = String(item['state']);
  switch (kindOf(item)) {
    case 'refund-declined':
      return state === 'failed';
    case 'refund-settling':
      return state === 'settling' && item['settledBy'] !== undefined;
    case 'refund-paid-twice':
      return item['overpaidAt'] !== undefined;
    case 'amount-disputed':
      return lies.has(sk.slice('PAYMENT#'.length));
    case 'workflow-died':
      return sk === 'ORDER';
    case 'mail-undelivered':
      return sk.startsWith('SENT#');
    case 'ticket-used-wrongly':
      return sk.startsWith('USE#');
    case 'run-gone':
      return String(item['pk']).startsWith('RUN#');
    default:
      return false;
  }
};

/** At rest: who is needed follows from what is stored, and nothing ends unseen without its money being back. */
export const needsAtRest = (
  { bookings }: Pick<Mirror, 'bookings'>,
  lies: ReadonlySet<string>,
): { wrong: Wrong[]; standing: number } => {
  const wrong: Wrong[] = [];
  let standing = 0;
  for (const [pk, items] of bookings) {
    for (const [sk, item] of items) {
      if (!needsPerson(item)) continue;
      standing += 1;
      if (!follows(sk, item, lies))
        wrong.push({
          rule,
          what: `${pk} ${sk} asks for a person: ${kindOf(item)}, is ${String(item['state'])}`,
        });
    }
    const refunds = [...items].flatMap(([sk, item]) => (sk.startsWith('REFUND#') ? [item] : []));
    const isHeard = refunds.some((refund) => refund['state'] !== 'succeeded' && needsPerson(refund));
    if (items.get('ORDER')?.['state'] === 'refunding' && !isHeard)
      wrong.push({ rule, what: `${pk} is refunding for ever, and nobody is told` });
    for (const refund of refunds) {
      if (refund['overpaidAt'] === undefined || needsPerson(refund)) continue;
      if (!deedsOf(refund).some(({ did, about }) => did === 'settled' && about !== undefined))
        wrong.push({ rule, what: `${String(refund['refundNumber'])} was paid twice, and nobody sees to it` });
    }
  }
  return { wrong, standing };
};
