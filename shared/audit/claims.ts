import { isExchanging } from '../orders/model.ts';
import { orderOfHolder, overlaps } from '../orders/rules.ts';
import { expectedClaims, findingsAbout, type Lookups } from './lookups.ts';
import type { ClaimPart, Finding, OrderPart } from './model.ts';

/** A claim is the keyed hash of a document; its beginning is enough to find it. */
const claimName = ({ claim, day }: { claim: string; day: string }): string => `${claim.slice(0, 12)}… ${day}`;

/** Checks one person's claims on one day: each claim belongs to a living item, and no two overlap. */
export const auditClaims = (part: ClaimPart, { orderOf }: Lookups): Finding[] => {
  const { claim, day } = part;
  const { findings, report } = findingsAbout({ kind: 'claims', claim, day });
  const claims = Object.entries(part.claims);
  for (const [index, [holder, time]] of claims.entries()) {
    for (const [other, otherTime] of claims.slice(index + 1)) {
      if (!overlaps(time, otherTime)) continue;
      if (replaces(holder, other, orderOf) || replaces(other, holder, orderOf)) continue;
      const key = `${claimName(part)} ${holder} ${other}`;
      report('claims-apart', key, `${holder} and ${other} take one passenger to two places at one time`);
    }
    const orderId = orderOfHolder(holder);
    const order = orderId && orderOf(orderId);
    const expected = expectedClaims(order).find(
      (each) => each.claim === claim && each.day === day && each.holder === holder,
    );
    if (!expected) {
      const state = order ? `which is ${order.state}` : 'which does not exist';
      const what = `${claimName(part)} is claimed by ${holder} of an order ${state}, and should not be`;
      report('claim-needed', `${claimName(part)} ${holder}`, what);
    } else if (expected.time.from !== time.from || expected.time.to !== time.to) {
      const what = `${claimName(part)} is claimed by ${holder} for another time than it travels`;
      report('claim-kept', `${claimName(part)} ${holder}`, what);
    }
  }
  return findings;
};

/**
 * Whether a holder is to be exchanged for the other: until then its passenger has the claims of both, and travels on one. The
 * exchange removes the claim of the ticket that ends.
 */
const replaces = (holder: string, other: string, orderOf: Lookups['orderOf']): boolean => {
  const orderId = orderOfHolder(holder);
  const order = orderId && orderOf(orderId);
  if (!order || !isExchanging(order)) return false;
  return `${order.exchangeOf.orderId}-${holder.slice(-1)}` === other;
};

/** Claims end a week after their day; from the day before that, a missing claim is no fault. */
const keptMilliseconds = 7 * 86_400_000;

/** Checks that an order has all its claims. */
export const auditClaimsOfOrder = ({ orderId, order }: OrderPart, { now, claimsOf }: Lookups): Finding[] => {
  const { findings, report } = findingsAbout({ kind: 'order', orderId });
  for (const each of expectedClaims(order)) {
    if (Date.parse(`${each.day}T00:00:00Z`) + keptMilliseconds < Date.parse(now)) continue;
    if (claimsOf(each.claim, each.day)[each.holder]) continue;
    const what = `the passenger of ${each.holder} is free to travel elsewhere on ${each.day}: its claim is missing`;
    report('claim-kept', `${claimName(each)} ${each.holder}`, what);
  }
  return findings;
};
