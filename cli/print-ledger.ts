import { sumsOf, type Moved } from '../shared/ledger/balances.ts';
import type { Ledger, LedgerDays, WrongEntry } from '../shared/ledger/read-ledger.ts';
import { toDecimal } from '../shared/platform/money.ts';
import { print, printable, printJson } from './run-command.ts';

const decimal = (amount: bigint, currency: string): string => toDecimal({ amount, currency });

const labelOf = ({ account, provider }: Moved): string => (provider ? `${account} ${provider}` : account);

type Amount = 'debit' | 'credit' | 'balance';

const amounts: readonly Amount[] = ['debit', 'credit', 'balance'];

const row = (label: string, texts: readonly string[]): void =>
  print(`${label.padEnd(24)}${texts.map((text) => text.padStart(16)).join('')}`.trimEnd());

const rowOf = (label: string, line: Omit<Moved, 'account'>, shown: readonly Amount[]): void =>
  row(
    label,
    amounts.map((amount) => (shown.includes(amount) ? decimal(line[amount], line.currency) : '')),
  );

/** The lines of a currency, and their sum: of a day without the balances, since other lines have some too. */
const printLines = (
  lines: readonly Moved[],
  currency: string,
  { shown, summed = shown }: { shown: readonly Amount[]; summed?: readonly Amount[] },
): void => {
  const ofCurrency = lines.filter((line) => line.currency === currency);
  for (const line of ofCurrency) rowOf(`  ${labelOf(line)}`, line, shown);
  for (const sum of sumsOf(ofCurrency)) rowOf('  sum', sum, summed);
};

const currenciesOf = ({ opening, closing }: Ledger): string[] =>
  [...new Set([...opening, ...closing].map(({ currency }) => currency))].toSorted();

/** Prints balances for people: a block for each currency, a part for each day, the sums of both sides. */
export const printLedger = (ledger: Ledger, { from, until, timeZone }: LedgerDays): void => {
  print(`The books from ${from} to ${until}, by days of ${timeZone}; a balance below zero is a credit`);
  for (const currency of currenciesOf(ledger)) {
    print('');
    row(currency, amounts);
    const isNew = !ledger.opening.some((line) => line.currency === currency);
    print(`${from} opening${isNew ? ': nothing' : ''}`);
    printLines(ledger.opening, currency, { shown: ['balance'] });
    for (const { date, lines } of ledger.days) {
      if (!lines.some((line) => line.currency === currency)) continue;
      print(date);
      printLines(lines, currency, { shown: amounts, summed: ['debit', 'credit'] });
    }
    print(`${until} closing, and all that moved`);
    printLines(ledger.closing, currency, { shown: amounts });
  }
  print('');
  const count = `${ledger.entries} ${ledger.entries === 1 ? 'entry' : 'entries'}`;
  print(
    ledger.wrong.length === 0 ? `${count}; debits and credits are equal` : `${count}; THE BOOKS ARE WRONG`,
  );
};

const shownLine = ({ account, provider, currency, debit, credit, balance }: Moved) => ({
  account,
  ...(provider && { provider }),
  currency,
  debit: decimal(debit, currency),
  credit: decimal(credit, currency),
  balance: decimal(balance, currency),
});

/** Prints the same for programs: amounts are decimals of their currency, as texts. */
export const printLedgerJson = (ledger: Ledger, days: LedgerDays): void =>
  printJson({
    ...days,
    opening: ledger.opening.map(shownLine),
    days: ledger.days.map(({ date, lines }) => ({ date, lines: lines.map(shownLine) })),
    closing: ledger.closing.map(shownLine),
    entries: ledger.entries,
    wrong: ledger.wrong.map((fault) =>
      'off' in fault ? { ...fault, off: decimal(fault.off, fault.currency) } : fault,
    ),
  });

/** Says on stderr which entries are wrong, whatever stdout is for; the command then fails. */
export const reportWrong = (wrong: readonly WrongEntry[]): void => {
  if (wrong.length === 0) return;
  const say = (line: string): void => void process.stderr.write(`keyun: ${printable(line)}\n`);
  for (const fault of wrong)
    say(
      'off' in fault
        ? `the entry ${fault.entry} is off by ${decimal(fault.off, fault.currency)} ${fault.currency}`
        : `the entry ${fault.entry} cannot be read`,
    );
  say(`THE BOOKS ARE WRONG in ${wrong.length} ${wrong.length === 1 ? 'entry' : 'entries'}: run keyun audit`);
  process.exitCode = 1;
};
