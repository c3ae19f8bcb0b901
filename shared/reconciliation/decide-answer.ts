import { isReturned, takenOf, type CapturedPayment, type Refund } from '../payments/model.ts';
import type { ProviderPayment, ProviderRefund } from '../payments/provider.ts';
import { sameMoney } from '../platform/money.ts';
import { instantOf, millisecondsOf, type Instant } from '../platform/time.ts';
import { numberOfRow, type Booked, type MoneyRow } from './decide-row.ts';
import type { Elsewhere, Finding } from './model.ts';

/** The time of a bill: from the first instant of its day to the first one after it. */
export type Span = { from: Instant; until: Instant };

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

/** What we booked and the bill lacks: nothing to tell, a difference, or one if the bills of earlier days lack it too. */
export type Missing = { is: 'none' } | { is: 'told'; finding: Finding } | ({ is: 'elsewhere' } & Elsewhere);

const told = (finding: Finding): Missing => ({ is: 'told', finding });

const justBefore = (instant: Instant): Instant => instantOf(millisecondsOf(instant) - 1);

/**
 * Judges a payment that we booked on that day and that the bill lacks. The provider's own time decides: at the edge of a day,
 * or because we learnt of it late, it may be in the bill of an earlier day. A later one is compared when its day is over.
 */
export const decideMissingPayment = (
  booked: Booked,
  payment: CapturedPayment,
  answer: Answer<ProviderPayment>,
  span: Span,
): Missing => {
  if ('refuses' in answer || answer.known.state !== 'captured')
    return told(missingThere(booked, whyNot(answer)));
  const { paid, paidAt } = answer.known;
  if (!sameMoney(paid, takenOf(payment)))
    return told({
      ...missingThere(booked, 'the bill does not have it, and the provider has another amount'),
      class: 'amount',
      theirs: paid,
    });
  const missing = (where: string): Finding => ({
    ...missingThere(booked, `the provider has it in its books${where}`),
    theirs: paid,
  });
  if (paidAt === undefined)
    return payment.createdAt >= span.from
      ? told(missing(', without a time, and not in its bill'))
      : elsewhere(missing(', without a time, and not in its bills since it began'), payment.createdAt, span);
  if (paidAt >= span.until) return { is: 'none' };
  if (paidAt >= span.from) return told(missing(', and not in its bill'));
  return {
    is: 'elsewhere',
    finding: missing(` at ${paidAt}, and not in its bill of that day`),
    from: paidAt,
    until: paidAt,
  };
};

/** Moved at some time since an instant, and before the day of the bill. */
const elsewhere = (finding: Finding, from: Instant, span: Span): Missing => ({
  is: 'elsewhere',
  finding,
  from,
  until: justBefore(span.from),
});

/**
 * The same for a refund. Providers do not tell when a refund happened, so a confirmed one that we requested on an earlier day
 * than we booked it may be in the bill of any day in between.
 */
export const decideMissingRefund = (
  booked: Booked,
  refund: Refund,
  answer: Answer<ProviderRefund>,
  span: Span,
): Missing => {
  // Its own entry says that the provider has the money again.
  if (isReturned(refund)) return { is: 'none' };
  if ('refuses' in answer || answer.known.state !== 'succeeded')
    return told(missingThere(booked, whyNot(answer)));
  return refund.requestedAt >= span.from
    ? told(missingThere(booked, 'the provider confirms it, and its bill does not have it'))
    : elsewhere(
        missingThere(booked, 'the provider confirms it, and its bills since the request do not have it'),
        refund.requestedAt,
        span,
      );
};

/**
 * Judges what we booked and the bill calls not done: a refund may have been under way when the bill was made, or the provider
 * may have taken it back since, which we have booked as well.
 */
export const decideNotDone = (
  row: MoneyRow,
  booked: Booked,
  answer: Answer<{ state: string }>,
  refund?: Refund,
): Finding | undefined => {
  if (refund && isReturned(refund)) return undefined;
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
