import { orderOfHolder, overlaps } from '../orders/rules.ts';
import { expectedClaims, findingsAbout, type Lookups } from './lookups.ts';
import type { ClaimPart, Finding, OrderPart } from './model.ts';

/** A claim is the keyed hash of a document: its beginning is enough to find it by. */
const claimName = ({ claim, day }: { claim: string; day: string }): string => `${claim.slice(0, 12)}… ${day}`;

/** What one person claims on one day: each claim is one that should be, and no two overlap. */
export const auditClaims = (part: ClaimPart, { orderOf }: Lookups): Finding[] => {
  const { claim, day } = part;
  const { findings, report } = findingsAbout({ kind: 'claims', claim, day });
  const claims = Object.entries(part.claims);
  for (const [index, [holder, time]] of claims.entries()) {
    for (const [other, taken] of claims.slice(index + 1)) {
      if (!overlaps(time, taken)) continue;
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

/** Claims are swept a week after their day; from the day before that none is missed any more. */
const keptMilliseconds = 7 * 86_400_000;

/** The claims that an order should have are there. */
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
