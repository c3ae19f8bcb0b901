import type { ColdImport } from './cold-imports.ts';
import type { PairRate } from './paired.ts';
import type { TicketsReport } from './ticket-times.ts';

export type PaymentsReport = {
  rates?: PairRate[];
  imports?: ColdImport[];
  tickets?: TicketsReport;
};

export const whole = (value: number): string => Math.round(value).toLocaleString('en');
export const table = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `| ${row.join(' | ')} |`).join('\n');

export const ratesTable = (rates: readonly PairRate[]): string =>
  table([
    ['a second', 'ours', 'theirs', 'ours / theirs', 'theirs is'],
    ['---', '--:', '--:', '--:', '---'],
    ...rates.map(({ what, oracle, ours, theirs, ratio }) => [
      what,
      whole(ours),
      whole(theirs),
      ratio.toFixed(2),
      oracle,
    ]),
  ]);

const importsTable = (imports: readonly ColdImport[]): string => {
  const floor = imports.find(({ entry }) => entry.startsWith('api/'));
  const ratio = (of: (one: ColdImport) => number, one: ColdImport): string =>
    floor ? (of(one) / of(floor)).toFixed(2) : '–';
  return table([
    ['function', 'bundle, KB', 'ratio', 'cold import, ms', 'ratio'],
    ['---', '--:', '--:', '--:', '--:'],
    ...imports.map((one) => [
      one.entry,
      whole(one.kilobytes),
      ratio(({ kilobytes }) => kilobytes, one),
      one.milliseconds.toFixed(1),
      ratio(({ milliseconds }) => milliseconds, one),
    ]),
  ]);
};

const ticketsText = ({ atOnce, seconds, loadBefore, byProvider, others }: TicketsReport): string => {
  const all = byProvider.at(-1);
  const rate = (all?.tickets ?? 0) / seconds;
  const ratio = (p99: number, of: number | undefined): string => (of ? (p99 / of).toFixed(2) : '–');
  return [
    table([
      [
        'provider',
        'tickets',
        'callback to ticket, p50 ms',
        'p99 ms',
        'p99 / all',
        'button to ticket, p50 ms',
        'p99 ms',
      ],
      ['---', '--:', '--:', '--:', '--:', '--:', '--:'],
      ...byProvider.map(({ provider, tickets, issue, whole: seen }) => [
        provider,
        String(tickets),
        whole(issue.p50),
        whole(issue.p99),
        ratio(issue.p99, all?.issue.p99),
        whole(seen.p50),
        whole(seen.p99),
      ]),
    ]),
    '',
    `${atOnce} at once, ${rate.toFixed(1)} tickets a second; load of each processor before: ${loadBefore.toFixed(2)}`,
    ...Object.entries(others).map(([why, count]) => `${count} without a ticket: ${why}`),
  ].join('\n');
};

/** The tables of docs/benchmarks.md. */
export const paymentsText = ({ rates, imports, tickets }: PaymentsReport): string =>
  [rates && ratesTable(rates), imports && importsTable(imports), tickets && ticketsText(tickets)]
    .filter((part) => part !== undefined)
    .join('\n\n');
