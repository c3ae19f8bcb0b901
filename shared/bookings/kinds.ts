import type { KindOfItem } from './kind-of-item.ts';

/**
 * Every kind of item in `Bookings`. A new kind states here what the rest of the code must know, and the compiler or a
 * test reports what is missing elsewhere: docs/how-to/add-a-kind-of-item.md. No other file spells the prefixes of its
 * keys.
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
    person: [
      'refund-declined',
      'refund-unconfirmed',
      'refund-settling',
      'refund-paid-twice',
      'refund-surplus-returned',
    ],
    tells: 'when-requested-or-noticed',
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
  /** A use of a ticket at a gate without a network that should not have been. */
  use: {
    partition: 'ORDER',
    sort: 'USE#',
    person: ['ticket-used-wrongly'],
    tells: 'nothing',
    audit: 'its-indexes',
    ends: 'by-itself',
  },
  /** Tickets of a run that were offered to go back: gates look at what became of them. */
  offered: {
    partition: 'RUN',
    sort: 'OFFERED#',
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: 'by-itself',
  },
  /** How late a run is, as the carrier announced. */
  delay: {
    partition: 'RUN',
    sort: 'DELAY',
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: 'by-itself',
  },
  /** The public halves of the keys that sign tickets. */
  ticketKeys: {
    partition: 'KEYS',
    sort: 'PUBLIC',
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: { stays: 'there is one item' },
  },
  /** An offer to pay tickets of the order back. */
  offer: {
    partition: 'ORDER',
    sort: 'OFFER#',
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: 'by-itself',
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
  /** An entry of the journal about what a provider kept for its service on a day. */
  costs: {
    partition: 'BOOKS',
    sort: 'JOURNAL#',
    person: [],
    tells: 'nothing',
    audit: 'by-itself',
    ends: 'by-itself',
  },
  /** The record of a sent message, and of what became of it. */
  sent: {
    partition: 'ORDER',
    sort: 'SENT#',
    person: ['mail-undelivered'],
    tells: 'nothing',
    audit: 'its-indexes',
    ends: 'by-itself',
  },
  /** The record that ends the order's data. */
  retention: {
    partition: 'ORDER',
    sort: 'RETENTION',
    due: { does: 'end-its-data' },
    person: [],
    tells: 'nothing',
    audit: 'beside-its-order',
    ends: 'after-its-order',
  },
  /** Pieces of seats that one try of the order took, and that none of its items names. */
  suspect: {
    partition: 'ORDER',
    sort: 'SUSPECT#',
    due: { does: 'judge' },
    person: [],
    tells: 'nothing',
    audit: 'its-indexes',
    ends: 'by-itself',
  },
  /** The waitlist: entries under the id of their order, wishes in queues, notes of released seats, who is in which entry. */
  waitlisted: {
    partition: 'ORDER',
    sort: 'WAITLIST',
    due: { does: 'serve-or-end' },
    person: [],
    tells: 'its-own-history',
    audit: 'with-its-order',
    ends: 'with-its-order',
  },
  wish: {
    partition: 'WAITLIST',
    sort: 'WISH#',
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: 'by-itself',
  },
  allocation: {
    partition: 'WAITLIST',
    sort: 'ALLOCATION',
    due: { does: 'allocate' },
    person: [],
    tells: 'when-asked',
    audit: 'its-indexes',
    ends: 'by-itself',
  },
  waits: {
    partition: 'WAITING',
    sort: 'WAITING',
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: 'by-itself',
  },
  /** The claims on a person's time on one day. */
  claims: {
    partition: 'CLAIM',
    sort: 'CLAIM',
    person: [],
    tells: 'nothing',
    audit: 'by-itself',
    ends: 'by-itself',
  },
  /** A user's counts. */
  counts: {
    partition: 'USER',
    sort: 'OPEN',
    person: [],
    tells: 'nothing',
    audit: 'by-itself',
    ends: 'by-itself',
  },
  /** A request that a client may repeat, and its answer. */
  request: {
    partition: 'IDEMPOTENCY',
    sort: 'RECORD',
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: 'by-itself',
  },
  /** The record of a provider's notification. */
  notification: {
    partition: 'NOTIFICATION',
    sort: 'NOTIFICATION',
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: 'by-itself',
  },
  /** The record of a notification that the provider signed but that we cannot book. */
  refusedNotification: {
    partition: 'NOTIFICATION',
    sort: 'REFUSED',
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: 'by-itself',
  },
  /** The progress of a sweep. */
  place: {
    partition: 'SCAN',
    sort: 'PLACE',
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: { stays: 'there is one item per sweep' },
  },
  /** Who runs a sweep at the moment. */
  lease: {
    partition: 'SCAN',
    sort: 'LEASE',
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: { stays: 'there is one item per sweep' },
  },
  /** A note that a run may have to follow the timetable. After an import, many are due at once. */
  note: {
    partition: 'RUN',
    sort: 'CHANGE',
    due: { does: 'follow-the-timetable', last: true },
    person: [],
    tells: 'nothing',
    audit: 'its-indexes',
    ends: 'by-itself',
  },
  /** What becomes of the tickets of a run that the carrier does not run as it sold it. Seats and money come first. */
  job: {
    partition: 'JOB',
    sort: 'JOB',
    due: { does: 'work-on-job' },
    person: [],
    tells: 'nothing',
    audit: 'its-indexes',
    ends: 'by-itself',
  },
  /** A run with sold seats that the newest timetable lacks. */
  gone: {
    partition: 'RUN',
    sort: 'GONE',
    person: ['run-gone'],
    tells: 'nothing',
    audit: 'its-indexes',
    ends: 'by-itself',
  },
  /** The comparison of a provider's bill of a day with our books. */
  report: {
    partition: 'BILL',
    sort: 'REPORT',
    person: ['bill-differs'],
    tells: 'nothing',
    audit: 'by-itself',
    ends: 'by-itself',
  },
  /** One difference in the bill of a day. */
  difference: {
    partition: 'BILL',
    sort: 'DIFFERENCE#',
    person: [],
    tells: 'nothing',
    audit: 'by-itself',
    ends: 'by-itself',
  },
  /** What a provider has answered to a comparison that has not come to its end. */
  answers: {
    partition: 'BILL',
    sort: 'ANSWERS#',
    person: [],
    tells: 'nothing',
    audit: 'not',
    ends: 'by-itself',
  },
} as const satisfies Record<string, KindOfItem>;

export type Kinds = typeof kinds;
export type Kind = keyof Kinds;
