import type { ServiceDate } from '../platform/ids.ts';
import { daysBetween, plusDays } from '../platform/time.ts';
import type { KeptVersion } from '../timetable/kept-versions-store.ts';
import type { Sales, Version } from '../timetable/model.ts';
import { runsOnDay } from '../timetable/rules.ts';

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
  const begin = sales && (sales.from > today ? sales.from : today);
  const open = begin && begin <= sales.until ? { from: begin, until: sales.until } : undefined;
  if (next.lastDate < today) {
    const reason = `its last day of service was ${next.lastDate}, so nothing of it can be sold`;
    doubts.push({ kind: 'in-the-past', reason });
  } else if (inForce && open && !runsWithin(next, open) && (!kept || runsWithin(kept, open))) {
    const reason = `none of its trips runs from ${open.from} to ${open.until}, the dates on sale: nothing would be on sale`;
    doubts.push({ kind: 'nothing-on-sale', reason });
  }
  if (inForce && !next.hasFares && kept?.hasFares !== false) {
    const reason = 'it has no fares, and the timetable in force has: no seat could be sold';
    doubts.push({ kind: 'no-fares', reason });
  }
  return doubts;
};

const runsWithin = ({ firstDate, lastDate, days }: Offered, { from, until }: Sales): boolean => {
  const last = lastDate < until ? lastDate : until;
  for (let date = firstDate > from ? firstDate : from; date <= last; date = plusDays(date, 1))
    if (runsOnDay(days, daysBetween(firstDate, date))) return true;
  return false;
};
