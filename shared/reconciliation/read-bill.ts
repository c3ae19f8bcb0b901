import type { BillRow, ProviderBills } from '../payments/bill.ts';
import type { ServiceDate } from '../platform/ids.ts';
import { loggable, logger } from '../platform/log.ts';
import { writeMetrics } from '../platform/metrics.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { isTransient } from '../platform/transient.ts';
import type { BillDay } from './model.ts';
import type { RunRefusal } from './rules.ts';

type Bill = { clock: Clock; bills: Pick<ProviderBills, 'read'>; day: BillDay };

/**
 * Reads the bill of a day, for somebody who takes its rows and may run out of time: then the result is undefined. Whatever the
 * provider's side throws becomes a reason.
 */
export const readBill = async <Result>(
  { clock, bills, day: { provider, date } }: Bill,
  take: (rows: AsyncIterable<BillRow>) => Promise<Result | undefined>,
): Promise<Outcome<{ result: Result }, RunRefusal> & { why?: string }> => {
  const over = new AbortController();
  const theirs = noting();
  try {
    const bill = await theirs.asked(bills.read(date, over.signal));
    if (bill.outcome === 'rejected') return bill;
    const result = await take(theirs.rows(bill.rows));
    return result === undefined ? rejected('out-of-time') : accepted({ result });
  } catch (error) {
    // An error of our tables is none of the provider's.
    if (!theirs.isFailure(error)) throw error;
    return { ...reasonOf(error, { provider, date }, clock), why: messageOf(error) };
  } finally {
    over.abort();
  }
};

/** Notes which errors come from the provider. */
const noting = () => {
  const failures = new WeakSet<object>();
  const note = (error: unknown): never => {
    if (error instanceof Error) failures.add(error);
    throw error;
  };
  return {
    isFailure: (error: unknown): boolean => error instanceof Error && failures.has(error),
    asked: <Value>(value: Promise<Value>): Promise<Value> => value.catch(note),
    rows: async function* (rows: AsyncIterable<BillRow>): AsyncGenerator<BillRow> {
      try {
        yield* rows;
      } catch (error) {
        note(error);
      }
    },
  };
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The names of the errors of a provider, and what they mean for a run. Any other error is thrown on. */
const reasonOf = (
  error: unknown,
  about: { provider: string; date: ServiceDate },
  clock: Clock,
): ReturnType<typeof rejected<'provider-silent' | 'provider-refuses' | 'bill-unreadable'>> => {
  const thrown = loggable(error);
  if (isTransient(error)) {
    logger.warn('a provider does not give its bill', { ...about, thrown });
    return rejected('provider-silent');
  }
  if (thrown.name === 'UnreadableBill') {
    logger.error('a bill cannot be read', { ...about, thrown });
    return rejected('bill-unreadable');
  }
  if (thrown.name !== 'ProviderRefusal') throw error;
  logger.error('a provider refuses to give its bill', { ...about, thrown });
  writeMetrics('what providers refuse', { ProviderRefusals: { value: 1, unit: 'Count' } }, clock());
  return rejected('provider-refuses');
};
