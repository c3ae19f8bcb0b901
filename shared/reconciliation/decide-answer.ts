import { takenOf, type CapturedPayment, type Refund } from '../payments/model.ts';
import type { ProviderPayment, ProviderRefund } from '../payments/provider.ts';
import { sameMoney } from '../platform/money.ts';
import type { Instant } from '../platform/time.ts';
import { numberOfRow, type Booked, type MoneyRow } from './decide-row.ts';
import type { Finding } from './model.ts';

/** The time of a bill: from the first instant of its day to the first one after it. */
export type Span = { from: Instant; until: Instant };

export const isIn = ({ from, until }: Span, at: Instant): boolean => from <= at && at < until;

/** The provider's answer about a payment or refund; `refuses`: it will not answer about this one, for a reason. */
export type Answer<Known> = { known: Known } | { refuses: string };

const whyNot = (answer: Answer<{ state: string }>): string =>
  'refuses' in answer ? answer.refuses : `the provider says ${answer.known.state}`;

/** The finding about money that only the bill has; `repaired` if the provider confirmed it and we booked it. */
export const missingHere = (
  row: MoneyRow,
  answer: Answer<{ state: string }>,
  repaired: boolean,
): Finding => ({
  class: 'missing-here',
  of: row.kind,
  number: numberOfRow(row),
  theirs: row.amount,
  why: repaired ? 'the provider confirmed it' : whyNot(answer),
  ...(repaired && { repaired }),
});

const missingThere = ({ of, number, amount }: Booked, why: string): Finding => ({
  class: 'missing-there',
  of,
  number,
  ours: amount,
  why,
});

/** The journal has a number that no payment and no refund of ours has: our own books are damaged. */
export const ofNothing = (booked: Booked): Finding =>
  missingThere(booked, 'our journal has it, and no payment or refund of ours has this number');

/** Whether all of the time in which something may have happened lies in the span. */
const surelyIn = (span: Span, from: Instant, until: Instant): boolean =>
  isIn(span, from) && isIn(span, until);

/**
 * Judges a payment that we booked on that day and that the bill lacks. It is none if the provider took the money on
 * another day: at the edge of a day, or because we learnt of it late.
 */
export const decideMissingPayment = (
  booked: Booked,
  payment: CapturedPayment,
  answer: Answer<ProviderPayment>,
  span: Span,
): Finding | undefined => {
  if ('refuses' in answer || answer.known.state !== 'captured') return missingThere(booked, whyNot(answer));
  const { paid, paidAt } = answer.known;
  if (!sameMoney(paid, takenOf(payment)))
    return {
      ...missingThere(booked, 'the bill does not have it, and the provider has another amount'),
      class: 'amount',
      theirs: paid,
    };
  const isOfThisDay = paidAt ? isIn(span, paidAt) : surelyIn(span, payment.createdAt, booked.at);
  const itsBooks = paidAt ? 'its books' : 'its books, without a time';
  return isOfThisDay
    ? { ...missingThere(booked, `the provider has it in ${itsBooks}, and not in its bill`), theirs: paid }
    : undefined;
};

/**
 * The same for a refund. Providers do not tell when a refund happened, so a confirmed one that we requested on another
 * day than we booked it may be in the bill of either.
 */
export const decideMissingRefund = (
  booked: Booked,
  refund: Refund,
  answer: Answer<ProviderRefund>,
  span: Span,
): Finding | undefined => {
  if ('refuses' in answer || answer.known.state !== 'succeeded') return missingThere(booked, whyNot(answer));
  return surelyIn(span, refund.requestedAt, booked.at)
    ? missingThere(booked, 'the provider confirms it, and its bill does not have it')
    : undefined;
};

/** Judges what we booked and the bill calls not done: a refund may have been under way when the bill was made. */
export const decideNotDone = (
  row: MoneyRow,
  booked: Booked,
  answer: Answer<{ state: string }>,
): Finding | undefined => {
  const isBackByNow = row.kind === 'refund' && 'known' in answer && answer.known.state === 'succeeded';
  if (isBackByNow) return undefined;
  return {
    class: 'state',
    of: row.kind,
    number: booked.number,
    ours: booked.amount,
    theirs: row.amount,
    why: `the bill says ${row.state}; ${whyNot(answer)}`,
  };
};
