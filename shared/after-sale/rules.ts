import type { AppliedRule, RefundRules } from '../platform/after-sale/refund-rules.ts';
import type { Carrier } from '../platform/carrier.ts';
import { money, type Money } from '../platform/money.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { waiverOf, type Ticket, type WaiverReason } from '../tickets/model.ts';
import type { Run } from '../timetable/model.ts';
import { afterBy, beforeBy, earlier, localDateOf, plusSeconds, type Instant } from '../platform/time.ts';

/** The rules of a ticket: those in force on the day on which it was ordered, in the carrier's zone. */
export const rulesOn = (
  { afterSale, timeZone }: Pick<Carrier, 'afterSale' | 'timeZone'>,
  orderedAt: Instant,
) => {
  const day = localDateOf(orderedAt, timeZone);
  return afterSale?.versions.findLast(({ from }) => from === undefined || from <= day);
};

export const refundRulesOn = (
  carrier: Pick<Carrier, 'afterSale' | 'timeZone'>,
  orderedAt: Instant,
): RefundRules | undefined => rulesOn(carrier, orderedAt)?.refund;

/** The departure from the stop where the passenger boards, and the zone of that stop. */
export type Boarding = { departsAt: Instant; timeZone: string };

/**
 * The rule that holds now: before the departure the first for which enough time is left, and from the departure on the
 * first whose time is not over. Each limit belongs to the better rule: exactly eight days before is "at least eight".
 */
export const ruleAt = (
  { beforeDeparture, afterDeparture = [] }: RefundRules,
  { departsAt, timeZone }: Boarding,
  now: Instant,
): AppliedRule | undefined =>
  now < departsAt
    ? beforeDeparture.find(({ atLeast }) => now <= beforeBy(departsAt, atLeast, timeZone))
    : afterDeparture.find(({ atMost }) => now <= afterBy(departsAt, atMost, timeZone));

/** The nearest multiple of `of` hundredths; the greater one of two. */
const nearest = (hundredths: number, of: number): number =>
  Math.floor((2 * hundredths + 100 * of) / (200 * of)) * of;

/**
 * What the carrier keeps of a price: the share, rounded; then the fixed amount; then the least and the greatest fee. A
 * rule that keeps nothing has no least fee, and a fee is never more than the price.
 */
export const feeOf = (
  { roundTo = 1, feeMin = 0, feeMax = Infinity }: Pick<RefundRules, 'roundTo' | 'feeMin' | 'feeMax'>,
  { percent, fixed = 0 }: { percent: number; fixed?: number | undefined },
  price: Money,
): Money => {
  if (percent === 0 && fixed === 0) return money(0, price.currency);
  const fee = nearest(price.amount * percent, roundTo) + fixed;
  return money(Math.min(Math.max(fee, feeMin), feeMax, price.amount), price.currency);
};

/** What is paid back for a price, and by which rule. */
export type Quote = { price: Money; fee: Money; refund: Money; rule: AppliedRule };

const quoteOf = (price: Money, fee: Money, rule: AppliedRule): Quote => ({
  price,
  fee,
  refund: money(price.amount - fee.amount, price.currency),
  rule,
});

/** What the carrier does not do as it sold, and how long an offer for that may bind it at most. */
export type Freedom = { reason: WaiverReason; until?: Instant };

const ruleOfFreedom: Readonly<Record<WaiverReason, AppliedRule>> = {
  'run-cancelled': { runCancelled: true, percent: 0 },
  'stop-cancelled': { stopCancelled: true, percent: 0 },
  delayed: { delayed: true, percent: 0 },
};

/** Why the carrier keeps nothing of a ticket's price, if it keeps nothing whatever its rules say. */
export const freedomOf = (ticket: Ticket, run: Run | undefined, now: Instant): Freedom | undefined => {
  const waiver = waiverOf(ticket, now);
  if (waiver) return { reason: waiver.reason, until: waiver.until };
  return run?.state === 'closed' ? { reason: 'run-cancelled' } : undefined;
};

/** The same when the carrier does not carry as it sold: it keeps nothing. */
export const freeOfCharge = <Quoted extends Pick<Quote, 'price'>>(
  quoted: Quoted,
  { reason }: Freedom,
): Quoted & Quote => ({
  ...quoted,
  ...quoteOf(quoted.price, money(0, quoted.price.currency), ruleOfFreedom[reason]),
});

/**
 * A ticket to quote: its price, why the carrier keeps nothing of it, if it does not, and the rule of which it keeps at least as
 * much because the ticket was exchanged.
 */
export type Quotable = { price: Money; freedom: Freedom | undefined; floor?: AppliedRule | undefined };

/** How long an offer binds a carrier that has no rules of its own: it does not carry as it sold, so it pays all back. */
const offerSecondsUsual = 600;

type Binding = { quote: Quote; validUntil: Instant };

/** The dearer of two rules for a price. */
const dearer = (rules: RefundRules, rule: AppliedRule, floor: AppliedRule, price: Money): AppliedRule =>
  feeOf(rules, floor, price).amount > feeOf(rules, rule, price).amount ? floor : rule;

const quoteTicket = (
  rules: RefundRules | undefined,
  boarding: Boarding,
  { price, freedom, floor }: Quotable,
  now: Instant,
): Binding | undefined => {
  const until = plusSeconds(now, rules?.offerSeconds ?? offerSecondsUsual);
  if (freedom)
    return { quote: freeOfCharge({ price }, freedom), validUntil: earlier(until, freedom.until ?? until) };
  const usual = rules && ruleAt(rules, boarding, now);
  if (!usual) return undefined;
  const rule = floor ? dearer(rules, usual, floor, price) : usual;
  const isCut = !rules.afterDeparture?.length;
  return {
    quote: quoteOf(price, feeOf(rules, rule, price), rule),
    validUntil: isCut ? earlier(until, boarding.departsAt) : until,
  };
};

/**
 * What is paid back for tickets now, and how long that binds the carrier: for the time of an offer, but not beyond the
 * departure if nothing is paid back after it. If the carrier does not carry as it sold, everything is.
 */
export const quote = (
  rules: RefundRules | undefined,
  boarding: Boarding,
  tickets: readonly Quotable[],
  now: Instant,
): Outcome<{ quotes: Quote[]; validUntil: Instant }, 'not-refundable' | 'too-late-to-refund'> => {
  const bindings = tickets.flatMap((ticket) => quoteTicket(rules, boarding, ticket, now) ?? []);
  const [first, ...others] = bindings;
  if (!first || bindings.length < tickets.length)
    return rejected(rules ? 'too-late-to-refund' : 'not-refundable');
  return accepted({
    quotes: bindings.map((binding) => binding.quote),
    validUntil: others.reduce((until, { validUntil }) => earlier(until, validUntil), first.validUntil),
  });
};
