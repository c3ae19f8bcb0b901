import { endStates, type StandingOrder } from '../orders/model.ts';
import { personalDataOf } from '../orders/retention.ts';
import { isUnapplied, isUnfinished } from '../payments/model.ts';
import { millisecondsOf } from '../platform/time.ts';
import { findingsAbout, type Lookups } from './lookups.ts';
import type { Finding, OrderPart } from './model.ts';

type Report = ReturnType<typeof findingsAbout>['report'];

/** Orders are spread over the day after the profile's days; one that moved is looked at a day later. */
const slackDays = 3;

const dayMilliseconds = 86_400_000;

/** The books outlast their order: then its journal is all that there is, and each entry has an end of its own. */
export const isBooksAlone = ({ order, payments, refunds, tickets, entries }: OrderPart): boolean =>
  !order && payments.length + refunds.length + tickets.length === 0 && entries.every(({ ttl }) => ttl);

/** What an order knows of its passengers ends in time, and nothing of it ends before its time. */
export const auditRetention = (part: OrderPart, lookups: Lookups): Finding[] => {
  const { orderId, order, retention } = part;
  const { findings, report } = findingsAbout({ kind: 'order', orderId });
  // At the very end all items of an order go by their one time to live, in any order.
  if (!order && retention && retention.ttl === undefined)
    report(
      'retention-kept',
      `${orderId} data`,
      `what sees to the end of the data of ${orderId} has no order`,
    );
  if (!order || order.state === 'void') return findings;
  if (!retention) {
    report('retention-kept', orderId, `nothing sees to the end of the data of the order ${orderId}`);
    return findings;
  }
  if (retention.state !== 'over' && !retention.inDueIndex)
    report('due-indexed', `${orderId} data`, `the end of the data of ${orderId} is due no more`);
  if (retention.state !== 'whole') auditStripped(part, order, report);
  else if (isPast(order, lookups.bounds.personalDataDays + slackDays, lookups) && isAtRest(part))
    report('not-overdue', `${orderId} data`, `the passengers of ${orderId} are still named`);
  if (isAtRest(part)) auditYears(part, order, lookups, report);
  auditEnds(part, order, lookups, report);
  return findings;
};

const isPast = ({ arrivesAt }: StandingOrder, days: number, { now }: Lookups): boolean =>
  millisecondsOf(arrivesAt) + days * dayMilliseconds < millisecondsOf(now);

/** Nothing moves, and nobody is asked: what the end of personal data may wait for is over. */
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

/** An order that is leaving has this long left: its time to live, and the last look before that. */
const leavingDays = 14;

/** Years are counted long, so that nothing ends a day too soon; and then it must end. */
const auditYears = (
  { orderId, retention }: OrderPart,
  order: StandingOrder,
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

const auditStripped = ({ orderId, tickets, retention }: OrderPart, order: StandingOrder, report: Report) => {
  const left = [
    ...personalDataOf(order),
    ...tickets.flatMap(({ itemId, code, passenger }) =>
      code !== undefined || passenger.document !== undefined ? [`ticket ${itemId}`] : [],
    ),
    ...(retention?.documentKey === undefined ? [] : ['key of its documents']),
  ];
  for (const what of left)
    report('personal-data-ended', `${orderId} ${what}`, `the ${what} of ${orderId} should have ended`);
};

/** Measured from the journey itself: who gives ends is one of the things that are watched. */
const auditEnds = (
  { orderId, order: stored, payments, refunds }: OrderPart,
  { arrivesAt }: StandingOrder,
  { bounds }: Lookups,
  report: Report,
): void => {
  const earliest = (millisecondsOf(arrivesAt) + bounds.ordersKeptDays * dayMilliseconds) / 1000;
  for (const { ttl } of [...(stored ? [stored] : []), ...payments, ...refunds]) {
    if (ttl === undefined || ttl >= earliest) continue;
    report('kept-long-enough', orderId, `an item of the order ${orderId} ends before its time`);
  }
};
