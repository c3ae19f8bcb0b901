import { knownProviders } from '../shared/payments/known-providers.ts';
import { toDecimal, type Money } from '../shared/platform/money.ts';
import { countByClass, statusOf, type DifferenceStatus } from '../shared/reconciliation/decide-report.ts';
import {
  differenceClasses,
  reportIdOf,
  type Difference,
  type Report,
  type Tally,
} from '../shared/reconciliation/model.ts';
import type { Published } from '../shared/reconciliation/publish-report.ts';
import { print } from './run-command.ts';

const counts = new Intl.NumberFormat('en');

/** `1 row`, `3 rows` */
const rows = (count: number): string => `${counts.format(count)} row${count === 1 ? '' : 's'}`;

const amountOf = (money: Money | undefined): string =>
  money ? `${toDecimal(money)} ${money.currency}` : '–';

const sumsOf = (sums: Readonly<Record<string, number>>): string =>
  Object.entries(sums)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, amount]) => amountOf({ amount, currency }))
    .join(', ') || '–';

const wide = (text: string, width: number): string => text.padEnd(width);

const printTally = (what: string, tally: Tally, ours?: Tally): void => {
  const booked = ours ? `   booked that day: ${counts.format(ours.count)}, ${sumsOf(ours.sums)}` : '';
  print(
    `  ${wide(what, 28)}  ${rows(tally.count).padStart(13)}  ${sumsOf(tally.sums).padStart(18)}${booked}`,
  );
};

const printTallies = (what: string, tallies: Readonly<Record<string, Tally>>): void => {
  for (const [type, tally] of Object.entries(tallies)) printTally(`${what}: ${type}`, tally);
};

/** What a person reads for each status. */
const words: Readonly<Record<DifferenceStatus, string>> = {
  new: 'NEW',
  open: 'STILL OPEN',
  settled: 'settled',
  repaired: 'booked',
  gone: 'gone',
};

/** The order in which a person reads them: what needs a person comes first. */
const ranks: readonly DifferenceStatus[] = ['new', 'open', 'repaired', 'gone', 'settled'];

type Shown = { difference: Difference; status: DifferenceStatus };

/** By what a person has to do, then by class and number: the same in every run and list. */
export const inOrder = (shown: readonly Shown[]): Shown[] => {
  const rankOf = ({ status, difference: { class: of } }: Shown): number =>
    ranks.indexOf(status) * differenceClasses.length + differenceClasses.indexOf(of);
  return shown.toSorted(
    (a, b) => rankOf(a) - rankOf(b) || (a.difference.number < b.difference.number ? -1 : 1),
  );
};

/** One difference in one line. */
export const lineOfDifference = (
  { class: of, of: thing, number, ours, theirs, why }: Difference,
  status: DifferenceStatus,
): string =>
  `  ${wide(words[status], 10)}  ${wide(of, 14)}  ${wide(thing, 7)}  ${number}  ours ${amountOf(ours)}, theirs ${amountOf(theirs)}: ${why}`;

export const titleOf = ({ provider, date }: Pick<Report, 'provider' | 'date'>): string =>
  `${knownProviders[provider].title}, ${date}`;

/** A report of a run for people: counts, sums, then each difference in one line. */
export const printReconciled = ({ report, differences, editionBefore, changes }: Published): void => {
  const { bill, books } = report;
  print(titleOf(report));
  printTally('payments', bill.payments, books.payments);
  printTally('refunds', bill.refunds, books.refunds);
  printTallies('neither', bill.other);
  printTallies('of another application', bill.notOurs);
  print(`  ${wide('costs', 28)}  ${wide('', 13)}  ${sumsOf(bill.costs).padStart(18)}`);
  const shown = inOrder(
    differences
      .map((difference) => ({ difference, status: statusOf(difference, report, editionBefore) }))
      .filter(({ difference, status }) => status !== 'gone' || changes.includes(difference)),
  );
  for (const { difference, status } of shown) print(lineOfDifference(difference, status));
  print(`  ${summaryOf(report, shown)}`);
};

/** What to type after the differences were compared at the provider. */
export const nextStep = (report: Report): string =>
  `compare each at the provider, then: keyun attention show ${reportIdOf(report)}`;

const summaryOf = (report: Report, shown: readonly Shown[]): string => {
  const isOpen = ({ status }: Shown) => status === 'new' || status === 'open';
  const repaired = shown.filter(({ status }) => status === 'repaired').length;
  const byClass = countByClass(shown.filter(isOpen).map(({ difference }) => difference));
  const booked = repaired > 0 ? `; ${counts.format(repaired)} booked by Keyun` : '';
  return report.open === 0
    ? `no open differences${booked}`
    : `${counts.format(report.open)} open (${byClass})${booked}: ${nextStep(report)}`;
};
