import type { ServiceDate } from '../platform/ids.ts';
import type { Money } from '../platform/money.ts';
import type { Outcome } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';

/** One movement in a provider's bill of a day. */
export type BillRow = {
  /** `other`: neither a payment nor a refund, such as a payout or a dispute. */
  kind: 'payment' | 'refund' | 'other';
  /** What the provider calls it. */
  type: string;
  /** Our payment's number, if the row has one. Another shop of the same account has numbers of its own. */
  paymentNumber?: string;
  /** Our refund's number. */
  refundNumber?: string;
  /** The provider's number: of the trade, or of the refund where it has one. */
  providerNumber: string;
  /** When the provider moved it. */
  at: Instant;
  /** Positive for payments and refunds; for `other` signed. */
  amount: Money;
  /** What the provider kept of it, in minor units of `amount`; negative when it gave costs back. */
  cost: number;
  /** The provider's word for the state, where its bill has one that is not "done". */
  state?: string;
  /** The line in the file, or the position in the list, from 1. */
  row: number;
};

/**
 * A provider's bills. Its days are those of its own zone, so that each movement is in one bill only, whatever the carrier's zone.
 */
export type ProviderBills = {
  /** The day in whose bill a movement is. */
  dayOf(at: Instant): ServiceDate;
  /** The time of a day's bill: from `from`, before `until`. */
  span(date: ServiceDate): { from: Instant; until: Instant };
  /** From when on one can expect the bill of a day. */
  readyAt(date: ServiceDate): Instant;
  /**
   * Asks for the bill of a day. `not-ready`: ask again later; `too-old`: the provider does not give it any more. A day without
   * movements has a bill without rows. Throws as every call to a provider does.
   *
   * `rows` can be read once, and downloads the bill when the first row is taken, so take it soon: addresses of bills live for
   * seconds. It throws `TransientFailure` for a download that breaks off, and `UnreadableBill` for a bill that we do not wholly
   * understand, or whose hash or totals do not match its rows. The totals stand at the end: until `rows` has ended, what it gave
   * is not proved. It leaves nothing behind, also if the reader stops early.
   */
  read(
    date: ServiceDate,
    signal?: AbortSignal,
  ): Promise<Outcome<{ rows: AsyncIterable<BillRow> }, BillRefusal>>;
};

export type BillRefusal = 'not-ready' | 'too-old';

/** A place in a bill. */
export type BillPlace = {
  /** Such as `the bill for 2026-12-01`, with the provider’s name. */
  bill: string;
  /** The line or the position, from 1. */
  row?: number;
  /** What has that number: a line, if it does not say. */
  of?: 'line' | 'movement';
};

/** The error for a bill that we do not understand. It quotes nothing that could be a person's. */
export const unreadableBill = ({ bill, row, of = 'line' }: BillPlace, why: string, cause?: unknown): Error =>
  Object.assign(new Error(`${bill}${row === undefined ? '' : `, ${of} ${row}`}: ${why}`, { cause }), {
    name: 'UnreadableBill',
  });

/** A bill without rows. */
export const emptyBill = async function* (): AsyncGenerator<BillRow> {
  yield* [];
};
