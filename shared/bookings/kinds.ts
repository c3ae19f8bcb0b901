/** What the rest of the code must know of a kind of item in `Bookings`. */
type KindOfItem = {
  /** What its partition key begins with; behind it stands the id of the thing that it is of. */
  partition: string;
  /** Its sort key; one that ends in `#` is followed by a number of its own, since there may be several. */
  sort: string;
  /** What of it is published: the name of a teller in selling/events-of.ts. */
  tells: string;
};

/**
 * Every kind of item in `Bookings`. Whoever adds one says here all that the rest of the code must know of it.
 * No other file spells its prefixes.
 */
export const kinds = {
  /** An order with its items and its history. */
  order: { partition: 'ORDER', sort: 'ORDER', tells: 'its-history' },
  payment: { partition: 'ORDER', sort: 'PAYMENT#', tells: 'when-captured' },
  refund: { partition: 'ORDER', sort: 'REFUND#', tells: 'when-requested' },
  ticket: { partition: 'ORDER', sort: 'TICKET#', tells: 'nothing' },
  /** An entry of the journal. */
  entry: { partition: 'ORDER', sort: 'JOURNAL#', tells: 'nothing' },
  /** That a message was sent. */
  sent: { partition: 'ORDER', sort: 'SENT#', tells: 'nothing' },
  /** What sees to the end of the order's data. */
  retention: { partition: 'ORDER', sort: 'RETENTION', tells: 'nothing' },
  /** Pieces of seats that a try of the order took, and no item of it names. */
  suspect: { partition: 'ORDER', sort: 'SUSPECT#', tells: 'nothing' },
  /** Who claims a person's time on a day. */
  claims: { partition: 'CLAIM', sort: 'CLAIM', tells: 'nothing' },
  /** What is counted of a user. */
  counts: { partition: 'USER', sort: 'OPEN', tells: 'nothing' },
  /** A request that may be repeated, and its answer. */
  request: { partition: 'IDEMPOTENCY', sort: 'RECORD', tells: 'nothing' },
  /** That a provider's notification came. */
  notification: { partition: 'NOTIFICATION', sort: 'NOTIFICATION', tells: 'nothing' },
  /** That one came which the provider signed and that is not ours to book. */
  refusedNotification: { partition: 'NOTIFICATION', sort: 'REFUSED', tells: 'nothing' },
  /** How far a sweep has come. */
  place: { partition: 'SCAN', sort: 'PLACE', tells: 'nothing' },
  /** A note that a run may have to follow the timetable. */
  note: { partition: 'RUN', sort: 'CHANGE', tells: 'nothing' },
  /** A run with seats sold that the newest timetable does not have. */
  gone: { partition: 'RUN', sort: 'GONE', tells: 'nothing' },
} as const satisfies Record<string, KindOfItem>;
export type Kind = keyof typeof kinds;
