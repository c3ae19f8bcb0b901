import { lasts } from '../bookings/attention.ts';
import { endStates, type CommittedOrder } from '../orders/model.ts';
import { doubtedSince, isCaptured, isUnfinished, wasPaidTwice, type RefundState } from '../payments/model.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';
import { findingsAbout, type Lookups } from './lookups.ts';
import type { Finding, OrderPart } from './model.ts';

type Report = ReturnType<typeof findingsAbout>['report'];
type Payment = OrderPart['payments'][number];
type Refund = OrderPart['refunds'][number];

/**
 * Checks that the attention index contains everything that needs a person, and nothing else. It counts how long
 * something has been open from its own beginning, because the code that schedules the next look is itself under audit.
 */
export const auditAttention = (part: OrderPart, lookups: Lookups): Finding[] => {
  const { findings, report } = findingsAbout({ kind: 'order', orderId: part.orderId });
  const { order, payments, refunds } = part;
  const committed = order && order.state !== 'void' ? order : undefined;
  for (const [name, item] of [
    ...(committed ? [[part.orderId, committed] as const] : []),
    ...payments.map((payment) => [payment.paymentId, payment] as const),
    ...refunds.map((refund) => [refund.refundNumber, refund] as const),
    ...(part.waitlisted ? [[`the entry ${part.orderId}`, part.waitlisted] as const] : []),
    ...(part.retention ? [[`the end of the data of ${part.orderId}`, part.retention] as const] : []),
  ]) {
    if ((item.attention !== undefined) !== item.inAttentionIndex)
      report('attention-flagged', name, `${name} needs a person, and is not in the attention index`);
  }
  if (committed && isCalledInVain(committed, lookups))
    report(
      'attention-over',
      part.orderId,
      `the order ${part.orderId} has ended, and is still in the attention index`,
    );
  for (const payment of payments) auditPayment(payment, lookups, report);
  for (const refund of refunds) auditRefund(refund, lookups, report);
  return findings;
};

/** The clean-up ends the flag of what kept failing within minutes of the end; a person ends the others. */
const isCalledInVain = (
  order: CommittedOrder & { inDueIndex: boolean },
  { now, bounds }: Lookups,
): boolean => {
  const { state, attention, inDueIndex, history } = order;
  if (!attention || lasts(attention.kind) || inDueIndex || !endStates.has(state)) return false;
  const endedAt = history.at(-1)?.at ?? attention.since;
  return plusSeconds(endedAt, bounds.overdueSeconds) < now;
};

const isOver = (since: Instant, { now, bounds }: Lookups): boolean =>
  plusSeconds(since, bounds.patienceSeconds) < now;

const auditPayment = (payment: Payment, lookups: Lookups, report: Report): void => {
  const { paymentId, state, expiresAt, attention } = payment;
  const callsFor = (since: Instant, what: string): void => {
    if (attention || !isOver(since, lookups)) return;
    report(
      'attention-flagged',
      paymentId,
      `the payment ${paymentId} ${what} since ${since}, and no person is alerted`,
    );
  };
  if (isUnfinished(payment)) callsFor(expiresAt, `is ${state}, and has run out`);
  const doubtedAt = doubtedSince(payment);
  if (doubtedAt) callsFor(doubtedAt, 'is in doubt');
  const isDone = !isUnfinished(payment) && (!isCaptured(payment) || payment.appliedAt !== undefined);
  if (isDone && attention && !lasts(attention.kind))
    report(
      'attention-over',
      paymentId,
      `the payment ${paymentId} is ${state}, and is still in the attention index`,
    );
};

const returnedAtOf = (refund: Refund): Instant | undefined =>
  'returnedAt' in refund ? refund.returnedAt : undefined;

/** Only a person can take a refund out of these states. */
const waitsForPerson: ReadonlySet<RefundState> = new Set(['failed', 'settling']);

const auditRefund = (refund: Refund, lookups: Lookups, report: Report): void => {
  const { refundNumber, state, requestedAt, attention, handled = [] } = refund;
  const isOpen = state === 'requested' || state === 'submitted';
  if (!attention && (waitsForPerson.has(state) || (isOpen && isOver(requestedAt, lookups)))) {
    const what = `the refund ${refundNumber} is ${state}, requested at ${requestedAt}, and no person is alerted`;
    report('attention-flagged', refundNumber, what);
  }
  // A person must know that it was paid twice; and again, if the provider took its payment back since.
  const told = wasPaidTwice(refund) && (returnedAtOf(refund) ?? refund.requestedAt);
  const isSeenTo = handled.some(
    ({ did, about, at }) => did === 'settled' && about !== undefined && told && at >= told,
  );
  if (told && !attention && !isSeenTo)
    report(
      'attention-flagged',
      refundNumber,
      `the refund ${refundNumber} was paid twice, and no person is alerted`,
    );
  if (attention && !wasPaidTwice(refund) && (state === 'succeeded' || state === 'settled'))
    report(
      'attention-over',
      refundNumber,
      `the refund ${refundNumber} is back, and is still in the attention index`,
    );
};
