import { attentionFor, type Attention } from '../bookings/attention.ts';
import type { Money } from '../platform/money.ts';
import type { Instant } from '../platform/time.ts';
import {
  differenceClasses,
  type BillDay,
  type BillTotals,
  type BookTotals,
  type Difference,
  type Finding,
  type Report,
} from './model.ts';

/** What is remembered of a day. */
export type Remembered = { report: Report | undefined; differences: readonly Difference[] };

/** What a run found. */
export type Found = { findings: readonly Finding[]; bill: BillTotals; books: BookTotals };

/** What to write after a run: the differences that changed, then the report if it changed. */
export type Decided = {
  changes: { before: Difference | undefined; after: Difference }[];
  report: Report;
  isReportChanged: boolean;
  /** All differences of the day after the run. */
  differences: Difference[];
};

/** By what a difference is known again. */
export const keyOfDifference = (of: Pick<Difference, 'class' | 'number'>): string =>
  `${of.class}#${of.number}`;

/**
 * The editions whose open differences a person has settled. Only a person's word takes the flag from a report with open
 * differences: without its flag, such a report is settled as it is.
 */
export const settledTo = (report: Report | undefined): number => {
  if (!report) return 0;
  return report.attention || report.open === 0 ? report.settledTo : report.edition;
};

/** Whether a difference still needs a person. */
export const needsPerson = ({ state, edition }: Difference, report: Report | undefined): boolean =>
  state === 'open' && edition > settledTo(report);

const sameAmount = (a: Money | undefined, b: Money | undefined): boolean =>
  a?.amount === b?.amount && a?.currency === b?.currency;

/** Whether it is told already: words may differ, because a provider may be silent today and not tomorrow. */
const isKnown = (before: Difference, finding: Finding): boolean =>
  before.of === finding.of &&
  sameAmount(before.ours, finding.ours) &&
  sameAmount(before.theirs, finding.theirs);

export const firstTold = (finding: Finding, edition: number, now: Instant): Difference => {
  const { repaired, class: of, of: thing, number, ours, theirs, why } = finding;
  return {
    class: of,
    of: thing,
    number,
    ...(ours && { ours }),
    ...(theirs && { theirs }),
    why,
    state: repaired ? 'repaired' : 'open',
    edition,
    openedAt: now,
    ...(repaired && { endedAt: now }),
  };
};

/** The difference after a run that found it. */
const found = (
  before: Difference | undefined,
  finding: Finding,
  { edition, now }: { edition: number; now: Instant },
): Difference => {
  if (before?.state === 'open' && finding.repaired)
    return { ...before, why: finding.why, state: 'repaired', endedAt: now };
  const isSame = before && isKnown(before, finding) && (before.state === 'open') === !finding.repaired;
  return isSame && before.state !== 'gone' ? before : firstTold(finding, edition, now);
};

const lost = (before: Difference, now: Instant): Difference =>
  before.state === 'open' ? { ...before, state: 'gone', endedAt: now } : before;

/** One finding for each key: the same twice in a bill is told once. */
const byKey = <Value extends Pick<Difference, 'class' | 'number'>>(
  all: readonly Value[],
): Map<string, Value> => {
  const map = new Map<string, Value>();
  for (const each of all) if (!map.has(keyOfDifference(each))) map.set(keyOfDifference(each), each);
  return map;
};

/** `2 missing-here, 1 amount` */
export const countByClass = (differences: readonly Pick<Difference, 'class'>[]): string =>
  differenceClasses
    .map((each) => [each, differences.filter(({ class: of }) => of === each).length] as const)
    .filter(([, count]) => count > 0)
    .map(([each, count]) => `${count} ${each}`)
    .join(', ');

/** The reason names the edition, so that no person settles a later one unseen. */
const flagOf = (
  open: readonly Difference[],
  edition: number,
  times: { now: Instant; before: Attention | undefined },
): Attention | undefined =>
  open.length === 0
    ? undefined
    : attentionFor('bill-differs', `${countByClass(open)}; edition ${edition}`, times);

const sameReport = (a: Report, b: Report): boolean =>
  JSON.stringify(comparable(a)) === JSON.stringify(comparable(b));

const comparable = ({ edition, settledTo: settled, open, bill, books, attention }: Report) => [
  edition,
  settled,
  open,
  sorted(bill),
  sorted(books),
  attention?.why,
];

/** A text of a value that does not depend on the order of its fields. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    each && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );

/**
 * Compares what a run found with what is remembered. A difference is told once: what was found before stays as it is,
 * what is not found any more is gone, and only what is new, or has come again, raises the edition.
 */
export const decideReport = (
  day: BillDay,
  { report: before, differences: known }: Remembered,
  { findings, bill, books }: Found,
  now: Instant,
): Decided => {
  const remembered = byKey(known);
  const current = byKey(findings);
  const next = (before?.edition ?? 0) + 1;
  const after = [...current].map(([key, finding]) =>
    found(remembered.get(key), finding, { edition: next, now }),
  );
  const rest = known
    .filter((each) => !current.has(keyOfDifference(each)))
    .map((difference) => lost(difference, now));
  const differences = [...after, ...rest];
  const changes = differences
    .map((difference) => ({ before: remembered.get(keyOfDifference(difference)), after: difference }))
    .filter((change) => change.before !== change.after);
  const isNews = differences.some(({ state, edition }) => state === 'open' && edition === next);
  const settled = settledTo(before);
  const open = differences.filter(({ state, edition }) => state === 'open' && edition > settled);
  const edition = before && !isNews ? before.edition : next;
  const attention = flagOf(open, edition, { now, before: before?.attention });
  const report: Report = {
    ...day,
    edition,
    settledTo: settled,
    open: open.length,
    bill,
    books,
    firstRunAt: before?.firstRunAt ?? now,
    changedAt: now,
    ...(before?.handled && { handled: before.handled }),
    ...(attention && { attention }),
  };
  if (before && sameReport(before, report))
    return { changes, report: before, isReportChanged: false, differences };
  return { changes, report, isReportChanged: true, differences };
};

/** What a difference is to a person who reads the report of a run. */
export type DifferenceStatus = 'new' | 'open' | 'settled' | 'repaired' | 'gone';

/** How a difference stands after a run; `editionBefore` is the edition of the report before it. */
export const statusOf = (difference: Difference, report: Report, editionBefore: number): DifferenceStatus => {
  if (difference.state !== 'open') return difference.state;
  if (!needsPerson(difference, report)) return 'settled';
  return difference.edition > editionBefore ? 'new' : 'open';
};
