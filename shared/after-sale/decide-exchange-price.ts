import { differenceOf, type Difference, type ExchangeOf } from '../orders/exchange.ts';
import type { ExchangeRules } from '../platform/after-sale/exchange-rules.ts';
import type { AppliedRule, RefundRules } from '../platform/after-sale/refund-rules.ts';
import type { ItemId } from '../platform/ids.ts';
import { money, type Money } from '../platform/money.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { afterBy, beforeBy, earlier, localDateOf, type Instant } from '../platform/time.ts';
import { feeOf, ruleAt, type Boarding, type Freedom } from './rules.ts';

/** A ticket and the fare of the one for which it is exchanged; `freedom`: why the carrier keeps nothing, if it does not. */
export type Exchanged = { itemId: ItemId; former: Money; fare: Money; freedom: Freedom | undefined };

/** The rules of the earlier order, and the departures of both. */
export type ExchangeTerms = {
  rules: ExchangeRules | undefined;
  refundRules: RefundRules | undefined;
  from: Boarding;
  to: Boarding;
};

/** What an exchange costs, and what the new order records. It binds the carrier until `until`, if it ends before the hold. */
export type PricedExchange = Omit<ExchangeOf, 'orderId' | 'offerId'> &
  Difference & { until: Instant | undefined };

type Tier = ExchangeRules['beforeDeparture'][number] | NonNullable<ExchangeRules['afterDeparture']>[number];

const isWithin = (atMost: string, { departsAt, timeZone }: Boarding, now: Instant): boolean =>
  atMost === 'same-day'
    ? localDateOf(now, timeZone) === localDateOf(departsAt, timeZone)
    : now <= afterBy(departsAt, atMost, timeZone);

/** The tier that holds now. Each limit belongs to the better tier: exactly 48 hours before is "at least 48 hours". */
const tierAt = (
  { beforeDeparture, afterDeparture = [] }: ExchangeRules,
  from: Boarding,
  now: Instant,
): Tier | undefined =>
  now < from.departsAt
    ? beforeDeparture.find(({ atLeast }) => now <= beforeBy(from.departsAt, atLeast, from.timeZone))
    : afterDeparture.find(({ atMost }) => isWithin(atMost, from, now));

const dayOf = ({ departsAt, timeZone }: Boarding): string => localDateOf(departsAt, timeZone);

const baseOf = ({ percentOf }: ExchangeRules, { former, fare }: Exchanged): Money => {
  if (percentOf === 'former-fare') return former;
  if (percentOf === 'new-fare') return fare;
  return former.amount < fare.amount ? former : fare;
};

/** What the carrier keeps of the difference to a cheaper ticket: what a refund of that much would cost, or all of it. */
const keptOfDifference = (
  { refundRules, from }: ExchangeTerms,
  { former, fare }: Exchanged,
  now: Instant,
): number => {
  const less = money(Math.max(0, former.amount - fare.amount), former.currency);
  const rule = refundRules && ruleAt(refundRules, from, now);
  return refundRules && rule ? feeOf(refundRules, rule, less).amount : less.amount;
};

const feeFor = (
  terms: ExchangeTerms & { rules: ExchangeRules },
  tier: Tier,
  ticket: Exchanged,
  now: Instant,
): Money => {
  const { rules, from, to } = terms;
  const costs = (dayOf(to) > dayOf(from) && tier.toLaterDays) || tier;
  const fee = feeOf(rules, costs, baseOf(rules, ticket)).amount;
  return money(fee + keptOfDifference(terms, ticket, now), ticket.former.currency);
};

/** The rule below which a later refund does not go; none where a refund now would keep nothing. */
const floorOf = ({ rules, refundRules, from }: ExchangeTerms, now: Instant): AppliedRule | undefined => {
  const rule = rules?.keepsRefundTier && refundRules ? ruleAt(refundRules, from, now) : undefined;
  return rule && (rule.percent > 0 || ('fixed' in rule && rule.fixed !== undefined)) ? rule : undefined;
};

/** The earliest moment at which the carrier is no longer bound, apart from the hold. */
const boundUntil = (
  rules: ExchangeRules | undefined,
  from: Boarding,
  tickets: readonly Exchanged[],
): Instant | undefined => {
  const ends = tickets.flatMap(({ freedom }) => {
    if (freedom) return freedom.until ?? [];
    return rules?.afterDeparture?.length ? [] : from.departsAt;
  });
  return ends.length === 0 ? undefined : ends.reduce(earlier);
};

/**
 * What it costs to exchange these tickets now, by the rules of the day on which they were ordered. Nothing is kept if the
 * carrier does not carry as it sold, whatever the rules say.
 */
export const decideExchangePrice = (
  terms: ExchangeTerms,
  tickets: readonly Exchanged[],
  now: Instant,
): Outcome<PricedExchange, 'not-exchangeable' | 'too-late-to-exchange'> => {
  const { rules, from } = terms;
  const areFree = tickets.every(({ freedom }) => freedom !== undefined);
  const tier = rules && tierAt(rules, from, now);
  if (!areFree && !rules) return rejected('not-exchangeable');
  if (!areFree && !tier) return rejected('too-late-to-exchange');
  const priced = tickets.map((ticket) => ({
    ...ticket,
    fee:
      ticket.freedom || !rules || !tier
        ? money(0, ticket.former.currency)
        : feeFor({ ...terms, rules }, tier, ticket, now),
  }));
  const floor = areFree ? undefined : floorOf(terms, now);
  return accepted({
    tickets: priced.map(({ itemId, former, fee }) => ({ itemId, former, fee })),
    ...(floor && { refundFloor: floor }),
    isRefundable: areFree || !tier || !('refundable' in tier) || tier.refundable,
    ...differenceOf(priced, tickets[0]?.former.currency ?? ''),
    until: boundUntil(rules, from, tickets),
  });
};
