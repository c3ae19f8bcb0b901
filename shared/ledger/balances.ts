import { accounts, type Account, type JournalEntry } from './model.ts';
import { isOfProvider } from './rules.ts';

/** A line of the ledger: an account, or a provider's part of it, in one currency. */
export type LedgerLine = {
  account: Account;
  provider?: JournalEntry['provider'];
  currency: string;
};

/** What moved on a line, and what stands there afterwards, in minor units; a negative balance is a credit. */
export type Moved = LedgerLine & { debit: bigint; credit: bigint; balance: bigint };

const nameOf = ({ account, provider, currency }: LedgerLine): string =>
  [currency, account, provider ?? ''].join(' ');

const inOrder = (a: LedgerLine, b: LedgerLine): number =>
  a.currency.localeCompare(b.currency) ||
  accounts.indexOf(a.account) - accounts.indexOf(b.account) ||
  (a.provider ?? '').localeCompare(b.provider ?? '');

/** Adds entries up by line. It keeps one number for each line, however many entries there are. */
export const addingUp = () => {
  const lines = new Map<string, Moved>();
  const move = (line: LedgerLine, { debit, credit }: Pick<Moved, 'debit' | 'credit'>): void => {
    const before = lines.get(nameOf(line)) ?? { debit: 0n, credit: 0n, balance: 0n };
    lines.set(nameOf(line), {
      ...line,
      debit: before.debit + debit,
      credit: before.credit + credit,
      balance: before.balance + debit - credit,
    });
  };
  return {
    add: ({ currency, provider, legs }: Pick<JournalEntry, 'currency' | 'provider' | 'legs'>): void => {
      for (const { account, amount } of legs) {
        const moved = BigInt(amount);
        move(
          { account, currency, ...(isOfProvider(account) && { provider }) },
          moved > 0n ? { debit: moved, credit: 0n } : { debit: 0n, credit: -moved },
        );
      }
    },
    /** Adds what moved elsewhere, whatever stands there. */
    addMoved: (moved: readonly Moved[]): void => {
      for (const line of moved) move(line, line);
    },
    /** What has moved since the last time; the balances stay. */
    takeMoved: (): Moved[] => {
      const moved = [...lines.values()].filter(({ debit, credit }) => debit + credit > 0n).toSorted(inOrder);
      for (const line of moved) lines.set(nameOf(line), { ...line, debit: 0n, credit: 0n });
      return moved;
    },
    /** What stands on the lines that are not even. */
    standing: (): Moved[] => [...lines.values()].filter(({ balance }) => balance !== 0n).toSorted(inOrder),
  };
};

/** What moved on each line over some days, one after another, and what stands on all lines after them. */
export const totalsOf = (days: readonly (readonly Moved[])[], standing: readonly Moved[]): Moved[] => {
  const totals = new Map<string, Moved>();
  for (const line of [...days.flat(), ...standing]) {
    const { debit, credit } = totals.get(nameOf(line)) ?? { debit: 0n, credit: 0n };
    totals.set(nameOf(line), { ...line, debit: debit + line.debit, credit: credit + line.credit });
  }
  return [...totals.values()].toSorted(inOrder);
};

/** The sums of lines, by currency. */
export const sumsOf = (lines: readonly Moved[]): Omit<Moved, 'account' | 'provider'>[] =>
  [...Map.groupBy(lines, ({ currency }) => currency)].map(([currency, ofCurrency]) => ({
    currency,
    debit: ofCurrency.reduce((sum, { debit }) => sum + debit, 0n),
    credit: ofCurrency.reduce((sum, { credit }) => sum + credit, 0n),
    balance: ofCurrency.reduce((sum, { balance }) => sum + balance, 0n),
  }));
