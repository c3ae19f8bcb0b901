import { attentionFor, type Attention } from '../bookings/attention.ts';
import {
  isCaptured,
  isUnfinished,
  type AskOn,
  type Doubt,
  type EndedPayment,
  type Payment,
} from '../payments/model.ts';
import type { ProviderCapture, ProviderPayment } from '../payments/provider.ts';
import { askAboutEndedAt, askSeldomAt, disputedBefore, patienceSeconds } from '../payments/rules.ts';
import { toDecimal } from '../platform/money.ts';
import { accepted, rejected, type Accepted, type Outcome, type Rejected } from '../platform/outcome.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';
import { moneyOf } from './decide-capture.ts';
import { isOverAtProvider } from './decide-settle.ts';

type Doubted = { payment: EndedPayment; doubt: Doubt };

/** Whether a doubt requires the provider's books. A payment that is still payable is asked about anyway. */
export const decideToAsk = (
  payment: Payment | undefined,
): Outcome<Doubted, 'not-in-doubt' | 'still-payable'> => {
  if (!payment || isCaptured(payment) || !payment.doubt) return rejected('not-in-doubt');
  return isUnfinished(payment) ? rejected('still-payable') : accepted({ payment, doubt: payment.doubt });
};

/** The result of a doubt after the provider's answer. */
type Resolved =
  | { write: 'capture'; captured: ProviderCapture }
  /** The provider does not have the reported money, or does not answer: a person must compare. */
  | { write: 'dispute'; attention: Attention; askOn: AskOn }
  /** The same, but a person has settled that before: providers repeat their notifications. */
  | { write: 'drop'; askOn: AskOn };

const askAgainSeconds = 120;

/**
 * We keep asking after a person has settled a dispute; only a final answer of the provider ends that. If a person
 * closed the payment, the time for that continues.
 */
const askOnAfter = (payment: EndedPayment, known: ProviderPayment | undefined, now: Instant): AskOn => {
  if (!isOverAtProvider(payment, known, now)) return { again: askSeldomAt(now), watchedSince: now };
  const closedByHandAt = payment.state === 'closed' ? payment.closedByHandAt : undefined;
  const again = closedByHandAt && askAboutEndedAt(closedByHandAt, now);
  return again && { again };
};

/** `known` is undefined if the provider is silent: then we ask `again`, until a person must compare. */
export const decideDoubt = (
  { payment, doubt }: Doubted,
  known: ProviderPayment | undefined,
  now: Instant,
): Accepted<Resolved> | (Rejected<'provider-silent'> & { again: Instant }) => {
  const captured = moneyOf(payment, known);
  if (captured) return accepted({ write: 'capture', captured });
  if (!known && plusSeconds(doubt.since, patienceSeconds) > now)
    return { ...rejected('provider-silent'), again: plusSeconds(now, askAgainSeconds) };
  const amount = `${toDecimal(doubt.told)} ${doubt.told.currency}`;
  const why = `a notification reported ${amount}, and the provider says ${known?.state ?? 'nothing'}`;
  const askOn = askOnAfter(payment, known, now);
  if (disputedBefore(payment, why)) return accepted({ write: 'drop', askOn });
  const attention = attentionFor('amount-disputed', why, { now, before: payment.attention });
  return accepted({ write: 'dispute', attention, askOn });
};
