import type { Attention } from '../bookings/attention.ts';
import type { ItemKey } from '../bookings/keys.ts';
import type { Audited } from '../bookings/kinds-by-use.ts';
import type { Job } from '../disruption/model.ts';
import type { Entry } from '../entries/model.ts';
import type { Availability, ShardKey } from '../inventory/model.ts';
import type { ShardState } from '../inventory/pieces.ts';
import type { JournalEntry } from '../ledger/model.ts';
import type { CountsOfUser } from '../orders/budgets.ts';
import type { Order } from '../orders/model.ts';
import type { Retention } from '../orders/retention.ts';
import type { TravelTime } from '../orders/rules.ts';
import type { Payment, Refund } from '../payments/model.ts';
import type { OrderId, RunId, UserId } from '../platform/ids.ts';
import type { Instant } from '../platform/time.ts';
import type { Ticket } from '../tickets/model.ts';
import type { Run } from '../timetable/model.ts';

/** The invariants of the tables at any moment, and how severe a breach is. */
export const invariants = {
  /** Every stored item is readable; nothing can be checked about an unreadable one. */
  readable: 'critical',
  /** A run with shards is frozen: its stops and seats can no longer change. */
  'run-frozen': 'critical',
  /** A shard of a generation that its run has left takes no hold, and no living item has a seat in it. */
  'generation-left': 'critical',
  /** The pieces of a seat cover its line from the first stop to the last, without gap or overlap. */
  'line-covered': 'critical',
  /** An item that may own the piece names every owned piece. */
  'piece-named': 'serious',
  /** No two items name one piece: that would be a seat sold twice. */
  'piece-named-once': 'critical',
  /** A living item owns its piece: otherwise somebody else can buy its seat. */
  'item-owns-piece': 'critical',
  /** A fenced owner never becomes the owner of a living item. */
  'fence-holds': 'critical',
  /** Nothing stays due for longer than the clean-up takes. */
  'not-overdue': 'serious',
  /** The index of due items contains everything with a deadline. */
  'due-indexed': 'serious',
  /** The index that people read contains everything that needs a person or has been open too long. */
  'attention-flagged': 'critical',
  /** Nothing that has ended is in the attention index. */
  'attention-over': 'serious',
  /** A person is at one place at a time. */
  'claims-apart': 'critical',
  /** Every item that needs a claim has it. */
  'claim-kept': 'critical',
  /** Every claim belongs to an item that needs it: any other claim keeps its passenger from travelling. */
  'claim-needed': 'serious',
  /** A user's count of open orders is right. */
  'open-count': 'serious',
  /** A user's count of open entries of the waitlist is right. */
  'entry-count': 'serious',
  /** An entry is fulfilled exactly if it has become an order, for no more than it has paid. */
  'entry-fulfilled': 'critical',
  /** A user's count of orders that ended in a day is right. */
  'ended-count': 'serious',
  /** A user's count of seats on a run is right. */
  'seat-count': 'serious',
  /** Captured money has paid an order, is on its way back, or is within its time. */
  'money-used': 'critical',
  /** Refunds of a payment never sum to more than the captured amount, `refundable` is the rest, and its state agrees. */
  'refunds-within': 'critical',
  /** A paid order has its payment, with the order's own amount. */
  'order-paid': 'critical',
  /** Each living item of an issued order has its ticket. */
  'ticket-issued': 'critical',
  /** Every valid ticket belongs to a living item of an issued order. */
  'ticket-backed': 'critical',
  /** The fare of a ticket that was given back goes back, except for the carrier's fee. */
  'ticket-refund': 'critical',
  /** An exchanged ticket has the ticket of an issued order in its place, and that order replaces no other. */
  'exchange-once': 'critical',
  /** What an exchange costs is what its order costs; what it brings goes back. */
  'exchange-money': 'critical',
  /** Once the job of a cancelled run has looked at every ticket, the fee of each is waived. */
  'ticket-waived': 'critical',
  /** A ticket whose waiver has ended was given back, exchanged or paid back: a late run alone keeps its tickets. */
  'waiver-ended': 'serious',
  /** The legs of a journal entry add up to zero. */
  'entry-balanced': 'critical',
  /** The index of the books contains every entry, on its day. */
  'books-indexed': 'critical',
  /** The journal agrees with an order's payments and refunds. */
  'journal-agrees': 'critical',
  /** Every order has a record that ends its data. */
  'retention-kept': 'serious',
  /** An order's personal data has ended when it was due to end. */
  'personal-data-ended': 'serious',
  /** Nothing of an order ends while the law or refund claims may still need it. */
  'kept-long-enough': 'critical',
  /**
   * The availability view agrees with the shards, except for the time that a count takes: a wrong view may keep buyers
   * from free seats.
   */
  'view-true': 'serious',
} as const;
export type Invariant = keyof typeof invariants;
export type Severity = (typeof invariants)[Invariant];

/** One subject of the audit, which the audit reads again if it seems wrong. */
export type Subject =
  | { kind: 'run'; runId: RunId }
  | { kind: 'order'; orderId: OrderId }
  | { kind: 'claims'; claim: string; day: string }
  | { kind: 'user'; userId: UserId }
  | { kind: 'item'; key: ItemKey }
  /** The comparison of a provider's bill of a day, `<provider>-<date>`. */
  | { kind: 'bill'; id: string };

/**
 * A breach of an invariant. `key` names the thing as exactly as possible, so that the same finding seen twice is the
 * same fault; `what` is one line for a person. Neither contains personal data.
 */
export type Finding = {
  invariant: Invariant;
  severity: Severity;
  key: string;
  what: string;
  subject: Subject;
};

/** A shard item as it is stored. */
export type StoredShard = { key: ShardKey; state: ShardState };

/** A run that orders have touched: all its stored shards, the frozen run, and the view of its free seats. */
export type RunPart = {
  runId: RunId;
  run: Run | undefined;
  shards: StoredShard[];
  unreadable: ShardKey[];
  view: Availability | undefined;
};

/** Whether a stored item is in the index of due items and in the attention index. */
type Indexed = { inDueIndex: boolean; inAttentionIndex: boolean; ttl?: number | undefined };

/** A journal entry; `inBooks`: whether the index of the books has it on its day. Entries older than the index lack it. */
export type StoredEntry = JournalEntry & { ttl?: number | undefined; inBooks?: boolean | undefined };

/** All items of one order. */
export type OrderPart = {
  orderId: OrderId;
  /** Absent if the order itself is missing among the items under its key. */
  order: (Order & Indexed) | undefined;
  /** The entry of the waitlist that it comes from, or may come from. */
  waitlisted: (Entry & Indexed) | undefined;
  payments: (Payment & Indexed)[];
  refunds: (Refund & Indexed)[];
  tickets: Ticket[];
  entries: StoredEntry[];
  /** The record that ends its data. */
  retention: (Retention & Indexed) | undefined;
};

/** A person's claims for one UTC day, by holder `<orderId>-<itemId>`. */
export type ClaimPart = { claim: string; day: string; claims: Readonly<Record<string, TravelTime>> };

/**
 * An item that the audit checks only for its entries in the indexes: when it is due, since when the clean-up has failed
 * for it and when it last did, and whether it needs a person.
 */
export type IndexedItem = Indexed & {
  key: ItemKey;
  kind: Audited<'its-indexes' | 'by-itself'>;
  dueAt?: Instant | undefined;
  postponedSince?: Instant | undefined;
  postponedAt?: Instant | undefined;
  attention?: Attention;
};

/** An entry of the journal about what a provider kept on a day, where it is stored. */
export type CostsPart = { key: ItemKey; entry: JournalEntry; inBooks: boolean };

/** What a provider's bill of a day, `<provider>-<date>`, says that it kept, in minor units by currency. */
export type BillPart = { id: string; costs: Readonly<Record<string, number>> };

/** The tables, or a part of them, at one time. */
export type Snapshot = {
  now: Instant;
  runs: readonly RunPart[];
  orders: readonly OrderPart[];
  claims: readonly ClaimPart[];
  userCounts: readonly CountsOfUser[];
  indexedItems: readonly IndexedItem[];
  costs: readonly CostsPart[];
  bills: readonly BillPart[];
  /** The costs of which a bill was reported to differ: `<provider>-<date>`, or that and `-<currency>`. */
  toldCosts: readonly string[];
  /** The jobs of cancelled runs. */
  cancellations: readonly Job[];
};

/** The parts of a snapshot that are audited for themselves. */
export type Parts = Pick<Snapshot, 'runs' | 'orders' | 'claims' | 'indexedItems' | 'costs' | 'bills'>;

/** The time that a change may take before it counts as a fault, in seconds. */
export type Bounds = {
  /** Younger pieces without an item belong to a hold under way, or wait for the reconciler. */
  youngPieceSeconds: number;
  /** The clean-up handles a due item in the next minute; this allows a few. */
  overdueSeconds: number;
  /** The same for the kinds of items that wait until seats and money have had their turn. */
  overdueLastSeconds: number;
  /** A closing order waits this long after its deadline for a silent provider (the carrier's `closingGraceSeconds`). */
  closingGraceSeconds: number;
  /** A person must have seen anything that is open this long: the product's own patience, plus the clean-up's time. */
  patienceSeconds: number;
  /** A younger view may still miss changes that are on their way. */
  viewSeconds: number;
  /** The carrier's `personalDataKeptDays`, and the days of its `ordersKeptYears`. */
  personalDataDays: number;
  ordersKeptDays: number;
};

export const usualBounds: Bounds = {
  // 120 s until the reconciler looks at a piece, five minutes until it next runs, and as long again for a full scan.
  youngPieceSeconds: 720,
  overdueSeconds: 180,
  // After an import, many thousands are due at once; the clean-up takes a few hundred a minute.
  overdueLastSeconds: 3 * 3600,
  closingGraceSeconds: 300,
  // A number of its own, because the product's patience is one of the things under audit.
  patienceSeconds: 3900,
  viewSeconds: 10,
  personalDataDays: 30,
  ordersKeptDays: 3 * 365,
};
