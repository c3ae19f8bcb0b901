import type { ServiceDate } from '../platform/ids.ts';
import { daysBetween, plusDays } from '../platform/time.ts';
import type { KeptVersion } from '../timetable/kept-versions-store.ts';
import type { Sales, Version } from '../timetable/model.ts';
import { runsOnDay } from '../timetable/rules.ts';
import { isAnythingOpen } from '../timetable/sale-rules.ts';

/** What a version sells, as far as this decision needs it. */
export type Offered = Pick<KeptVersion, 'firstDate' | 'lastDate' | 'days' | 'hasFares'>;

/**
 * Why a version looks like a mistake, so that it comes into force only if the operator says yes.
 *
 * - `in-the-past`: its last day of service is over
 * - `nothing-on-sale`: no trip of it runs on any date on sale, where one of the version in force does
 * - `no-fares`: it has no fare, where the version in force has
 */
export type Doubt = { kind: 'in-the-past' | 'nothing-on-sale' | 'no-fares'; reason: string };

type Question = {
  next: Offered;
  /** The version in force, if there is one; whatever is unknown of it counts as if it had everything. */
  inForce: Version | undefined;
  kept: Offered | undefined;
  sales: Sales | undefined;
  today: ServiceDate;
};

/** The reasons to ask before a version comes into force; none if it is like any other. */
export const findDoubts = ({ next, inForce, kept, sales, today }: Question): Doubt[] => {
  const doubts: Doubt[] = [];
  if (next.lastDate < today) {
    const reason = `its last day of service was ${next.lastDate}, so nothing of it can be sold`;
    doubts.push({ kind: 'in-the-past', reason });
  } else if (inForce && !sells(next, sales, today) && sells(kept ?? always(inForce), sales, today)) {
    const reason = 'none of its trips runs on a date on sale, from today on: nothing would be on sale';
    doubts.push({ kind: 'nothing-on-sale', reason });
  }
  if (inForce && !next.hasFares && kept?.hasFares !== false) {
    const reason = 'it has no fares, and the timetable in force has: no seat could be sold';
    doubts.push({ kind: 'no-fares', reason });
  }
  return doubts;
};

/** Whether a trip of it runs on a date from today on for which anything is on sale. */
const sells = (
  { firstDate, lastDate, days }: Offered,
  sales: Sales | undefined,
  today: ServiceDate,
): boolean => {
  for (let date = firstDate > today ? firstDate : today; date <= lastDate; date = plusDays(date, 1))
    if (runsOnDay(days, daysBetween(firstDate, date)) && isAnythingOpen(sales, date)) return true;
  return false;
};

/** A version of which we know the first and the last day alone, as if it ran on every day between. */
const always = ({ firstDate, lastDate }: Version): Offered => {
  const days = new Uint8Array((daysBetween(firstDate, lastDate) >> 3) + 1).fill(255);
  return { firstDate, lastDate, days, hasFares: true };
};
