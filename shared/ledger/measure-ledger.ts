import type { Table } from '../platform/dynamo.ts';
import { logger } from '../platform/log.ts';
import { writeMetrics } from '../platform/metrics.ts';
import type { Clock } from '../platform/time.ts';
import { listEntries, type Span } from './entries-store.ts';
import { watchingEntries, type WrongEntry } from './read-ledger.ts';

type Dependencies = { bookings: Table; clock: Clock };

export type MeasuredLedger = { entries: number; imbalance: number; wrong: WrongEntry[] };

/**
 * Checks that each entry of a span adds up to zero, and writes the metric `LedgerImbalance`: the minor units by which its
 * entries are off, whatever their sign and currency, so that two wrong entries cannot hide each other. An entry that
 * cannot be read counts as one. The log names each.
 */
export const measureLedger =
  ({ bookings, clock }: Dependencies) =>
  async (span: Span): Promise<MeasuredLedger> => {
    const watch = watchingEntries();
    let entries = 0;
    for await (const entry of listEntries(bookings, span, watch)) {
      watch.see(entry);
      entries += 1;
    }
    const { wrong } = watch;
    for (const fault of wrong)
      logger.error('a journal entry is wrong', {
        entry: fault.entry,
        ...('off' in fault ? { off: String(fault.off), currency: fault.currency } : { unreadable: true }),
      });
    const imbalance = Number(wrong.reduce((sum, fault) => sum + sizeOf(fault), 0n));
    writeMetrics(
      'the balance of the books',
      { LedgerImbalance: { value: imbalance, unit: 'Count' } },
      clock(),
    );
    return { entries, imbalance, wrong };
  };

const sizeOf = (fault: WrongEntry): bigint => {
  if (!('off' in fault)) return 1n;
  return fault.off < 0n ? -fault.off : fault.off;
};
