import type { Entry } from '../entries/model.ts';
import { endStates, type CommittedOrder } from '../orders/model.ts';
import { personalDataOf } from '../orders/retention.ts';
import { isUnapplied, isUnfinished } from '../payments/model.ts';
import { millisecondsOf } from '../platform/time.ts';
import { findingsAbout, type Lookups } from './lookups.ts';
import type { Finding, OrderPart } from './model.ts';

type Report = ReturnType<typeof findingsAbout>['report'];

/** The profile spreads the orders over the day after its days; an order that moved is due a day later. */
const slackDays = 3;

const dayMilliseconds = 86_400_000;

/** The books outlive their order: then only its journal remains, and each entry has its own end. */
export const isBooksAlone = ({
  order,
  waitlisted,
  payments,
  refunds,
  tickets,
  entries,
}: OrderPart): boolean =>
  !order &&
  !waitlisted &&
  payments.length + refunds.length + tickets.length === 0 &&
  entries.every(({ ttl }) => ttl);

/** An order's data about its passengers ends in time, and nothing of the order ends too early. */
export const auditRetention = (part: OrderPart, lookups: Lookups): Finding[] => {
  const { orderId, order, retention } = part;
  const { findings, report } = findingsAbout({ kind: 'order', orderId });
  // At the very end, the items of an order disappear in any order, by the time to live that they share.
  if (!order && !part.waitlisted && retention && retention.ttl === undefined)
    report('retention-kept', `${orderId} data`, `the record that ends the data of ${orderId} has no order`);
  if (!order || order.state === 'void') return findings;
  if (!retention) {
    report('retention-kept', orderId, `no record ends the data of the order ${orderId}`);
    return findings;
  }
  if (retention.state !== 'over' && !retention.inDueIndex)
    report('due-indexed', `${orderId} data`, `the end of the data of ${orderId} is no longer due`);
  if (retention.state !== 'whole') auditStripped(part, order, report);
  else if (isPast(order, lookups.bounds.personalDataDays + slackDays, lookups) && isAtRest(part))
    report('not-overdue', `${orderId} data`, `the order ${orderId} still names its passengers`);
  if (isAtRest(part)) auditYears(part, order, lookups, report);
  auditEnds(part, order, lookups, report);
  return findings;
};

const isPast = ({ arrivesAt }: CommittedOrder, days: number, { now }: Lookups): boolean =>
  millisecondsOf(arrivesAt) + days * dayMilliseconds < millisecondsOf(now);

/**
 * Everything for which the end of personal data may wait is over: nothing is under way, and no person has to decide.
 */
const isAtRest = ({ order, payments, refunds }: OrderPart): boolean => {
  const items = [...(order ? [order] : []), ...payments, ...refunds];
  return (
    order !== undefined &&
    endStates.has(order.state) &&
    items.every(({ inDueIndex, inAttentionIndex }) => !inDueIndex && !inAttentionIndex) &&
    !payments.some((payment) => isUnfinished(payment) || isUnapplied(payment)) &&
    refunds.every(({ state }) => state === 'succeeded' || state === 'settled')
  );
};

/** The time that a leaving order has left: its time to live, and the last look before it. */
const leavingDays = 14;

/** Counts years generously, so that nothing ends a day too soon; after them the order must end. */
const auditYears = (
  { orderId, retention }: OrderPart,
  order: CommittedOrder,
  lookups: Lookups,
  report: Report,
): void => {
  const { ordersKeptDays } = lookups.bounds;
  const years = ordersKeptDays + Math.ceil(ordersKeptDays / 365) + slackDays;
  const late =
    (retention?.state === 'stripped' && isPast(order, years, lookups)) ||
    (retention?.state === 'leaving' && isPast(order, years + leavingDays, lookups));
  if (late) report('not-overdue', `${orderId} data`, `the order ${orderId} is kept longer than its years`);
};

const auditStripped = (
  { orderId, waitlisted, tickets, retention }: OrderPart,
  order: CommittedOrder,
  report: Report,
) => {
  const left = [
    ...personalDataOf(order),
    ...(waitlisted ? personalDataOfEntry(waitlisted) : []),
    ...tickets.flatMap(({ itemId, code, passenger }) =>
      code !== undefined || passenger.document !== undefined || passenger.onLap !== undefined
        ? [`ticket ${itemId}`]
        : [],
    ),
    ...(retention?.documentKey === undefined ? [] : ['key of its documents']),
  ];
  for (const what of left)
    report('personal-data-ended', `${orderId} ${what}`, `the ${what} of ${orderId} should have ended`);
};

/** What of an entry of the waitlist still identifies its passengers. */
const personalDataOfEntry = ({ contact, passengers }: Entry): string[] => [
  ...(contact ? ['contact of the entry'] : []),
  ...passengers.flatMap(({ name, nameMasked, documentSealed }, at) =>
    name === nameMasked && documentSealed === undefined ? [] : [`passenger ${at + 1} of the entry`],
  ),
];

/** Measures from the journey itself, because the code that sets the ends is one of the things under audit. */
const auditEnds = (
  { orderId, order: stored, payments, refunds }: OrderPart,
  { arrivesAt }: CommittedOrder,
  { bounds }: Lookups,
  report: Report,
): void => {
  const earliest = (millisecondsOf(arrivesAt) + bounds.ordersKeptDays * dayMilliseconds) / 1000;
  for (const { ttl } of [...(stored ? [stored] : []), ...payments, ...refunds]) {
    if (ttl === undefined || ttl >= earliest) continue;
    report('kept-long-enough', orderId, `an item of the order ${orderId} ends before its time`);
  }
};
