import type { AttentionKind } from './attention.ts';

/** What the rest of the code must know of a kind of item in `Bookings`. */
type KindOfItem = {
  /** What its partition key begins with; behind it stands the id of the thing that it is of. */
  partition: string;
  /** Its sort key; one that ends in `#` is followed by a number of its own, since there may be several. */
  sort: string;
  /**
   * What the clean-up does with it when it is due, if it ever is: the name of a deed in upkeep/clean-up.ts. What comes
   * `last` waits until seats and money have had their turn.
   */
  due?: { does: string; last?: true };
  /** For what a person may be asked about it; beside `keeps-failing`, for whatever can be due. */
  person: readonly AttentionKind[];
  /** What of it is published: the name of a teller in selling/events-of.ts. */
  tells: string;
  /**
   * How the audit reads it (audit/sort-items.ts): with its order, which must then be there; beside an order, whether
   * that is there or not; by itself; or not at all, since no invariant speaks of it.
   */
  audit: 'with-its-order' | 'beside-its-order' | 'by-itself' | 'not';
  /**
   * What ends it: the end of its order's years; its own, which for the books is later and for what sees to these ends is
   * last; a `ttl` that it has from the first; or nothing, for a reason.
   */
  ends: 'with-its-order' | 'with-the-books' | 'after-its-order' | 'by-itself' | { stays: string };
};

/**
 * Every kind of item in `Bookings`. Whoever adds one says here what the rest of the code must know of it, and the
 * compiler or a test asks for what is missing elsewhere: docs/how-to/add-a-kind-of-item.md. No other file spells the
 * prefixes of its keys.
 */
export const kinds = {
  /** An order with its items and its history. */
  order: {
    partition: 'ORDER',
    sort: 'ORDER',
    due: { does: 'end-or-issue' },
    person: ['workflow-died'],
    tells: 'its-history',
    audit: 'with-its-order',
    ends: 'with-its-order',
  },
  payment: {
    partition: 'ORDER',
    sort: 'PAYMENT#',
    due: { does: 'settle-or-apply' },
    person: ['payment-unclosed', 'payment-unapplied', 'amount-disputed'],
    tells: 'when-captured',
    audit: 'with-its-order',
    ends: 'with-its-order',
  },
  refund: {
    partition: 'ORDER',
    sort: 'REFUND#',
    due: { does: 'submit' },
    person: ['refund-declined', 'refund-unconfirmed', 'refund-settling', 'refund-paid-twice'],
    tells: 'when-requested',
    audit: 'with-its-order',
    ends: 'with-its-order',
  },
  ticket: {
    partition: 'ORDER',
    sort: 'TICKET#',
    person: [],
    tells: 'nothing',
    audit: 'with-its-order',
    ends: 'with-its-order',
  },
  /** An entry of the journal. */
  entry: {
    partition: 'ORDER',
    sort: 'JOURNAL#',
    person: [],
    tells: 'nothing',
    audit: 'with-its-order',
    ends: 'with-the-books',
  },
  /** That a message was sent. */
  sent: {
    partition: 'ORDER',
    sort: 'SENT#',
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: 'by-itself',
  },
  /** What sees to the end of the order's data. */
  retention: {
    partition: 'ORDER',
    sort: 'RETENTION',
    due: { does: 'end-its-data' },
    person: [],
    tells: 'nothing',
    audit: 'beside-its-order',
    ends: 'after-its-order',
  },
  /** Pieces of seats that a try of the order took, and that no item of it names. */
  suspect: {
    partition: 'ORDER',
    sort: 'SUSPECT#',
    due: { does: 'judge' },
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: 'by-itself',
  },
  /** Who claims a person's time on a day. */
  claims: {
    partition: 'CLAIM',
    sort: 'CLAIM',
    person: [],
    tells: 'nothing',
    audit: 'by-itself',
    ends: 'by-itself',
  },
  /** What is counted of a user. */
  counts: {
    partition: 'USER',
    sort: 'OPEN',
    person: [],
    tells: 'nothing',
    audit: 'by-itself',
    ends: 'by-itself',
  },
  /** A request that may be repeated, and its answer. */
  request: {
    partition: 'IDEMPOTENCY',
    sort: 'RECORD',
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: 'by-itself',
  },
  /** That a provider's notification came. */
  notification: {
    partition: 'NOTIFICATION',
    sort: 'NOTIFICATION',
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: 'by-itself',
  },
  /** That one came which the provider signed and that is not ours to book. */
  refusedNotification: {
    partition: 'NOTIFICATION',
    sort: 'REFUSED',
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: 'by-itself',
  },
  /** How far a sweep has come. */
  place: {
    partition: 'SCAN',
    sort: 'PLACE',
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: { stays: 'one item for each sweep that there is' },
  },
  /** A note that a run may have to follow the timetable. After an import many are due at once. */
  note: {
    partition: 'RUN',
    sort: 'CHANGE',
    due: { does: 'follow-the-timetable', last: true },
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: 'by-itself',
  },
  /** A run with seats sold that the newest timetable does not have. */
  gone: {
    partition: 'RUN',
    sort: 'GONE',
    person: ['run-gone'],
    tells: 'nothing',
    audit: 'not',
    ends: 'by-itself',
  },
} as const satisfies Record<string, KindOfItem>;

type Kinds = typeof kinds;
export type Kind = keyof Kinds;

/** What the clean-up can be asked to do. */
export type Deed = Extract<Kinds[Kind], { due: object }>['due']['does'];

/** The kinds that the audit reads in one of these ways. */
export type Audited<Way extends KindOfItem['audit']> = {
  [Each in Kind]: Kinds[Each]['audit'] extends Way ? Each : never;
}[Kind];
