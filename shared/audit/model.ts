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

/** What must be true of the tables at any moment, and how bad it is when it is not. */
export const invariants = {
  /** A stored item cannot be read: nothing can be said about it. */
  readable: 'critical',
  /** A run with shards is frozen: its stops and seats can no longer change. */
  'run-frozen': 'critical',
  /** A shard of a generation that its run has left takes no hold, and no living item has a seat in it. */
  'generation-left': 'critical',
  /** The pieces of a seat cover its line from the first stop to the last, without gap or overlap. */
  'line-covered': 'critical',
  /** A piece that is owned is named by an item that may own it. */
  'piece-named': 'serious',
  /** No two items name one piece: that is a seat sold twice. */
  'piece-named-once': 'critical',
  /** A living item owns its piece: otherwise somebody else can be sold its seat. */
  'item-owns-piece': 'critical',
  /** An owner that was fenced never becomes the owner of a living item. */
  'fence-holds': 'critical',
  /** Nothing that is due stays so for longer than the clean-up takes. */
  'not-overdue': 'serious',
  /** What has a deadline stands in the index of what is due. */
  'due-indexed': 'serious',
  /** What needs a person, or has been open for longer than anyone should wait, stands in the index that people read. */
  'attention-called': 'critical',
  /** What has come to its end asks for nobody. */
  'attention-over': 'serious',
  /** A person is at one place at a time. */
  'claims-apart': 'critical',
  /** An item that should have its claim has it. */
  'claim-kept': 'critical',
  /** A claim belongs to an item that should have it: another keeps its passenger from travelling. */
  'claim-needed': 'serious',
  /** A user's count of open orders is right. */
  'open-count': 'serious',
  /** A user's count of orders that ended in a day is right. */
  'ended-count': 'serious',
  /** A user's count of seats on a run is right. */
  'seat-count': 'serious',
  /** Captured money has become a paid order, or goes back, or is within its time. */
  'money-used': 'critical',
  /** Refunds of a payment never sum to more than was captured, and `refundable` is the rest. */
  'refunds-within': 'critical',
  /** A paid order has its payment, of its own amount. */
  'order-paid': 'critical',
  /** Each living item of an issued order has its ticket. */
  'ticket-issued': 'critical',
  /** A ticket that lets one travel belongs to a living item of an issued order. */
  'ticket-backed': 'critical',
  /** The legs of a journal entry add up to nothing. */
  'entry-balanced': 'critical',
  /** The journal says of an order what its payments and refunds say. */
  'journal-agrees': 'critical',
  /** Something sees to the end of an order's data. */
  'retention-kept': 'serious',
  /** What was to end of an order's personal data has ended. */
  'personal-data-ended': 'serious',
  /** Nothing of an order ends while law and refund claims may still ask for it. */
  'kept-long-enough': 'critical',
  /** The availability view is the truth, but for the moment it takes to count: it may keep buyers from free seats. */
  'view-true': 'serious',
} as const;
export type Invariant = keyof typeof invariants;
export type Severity = (typeof invariants)[Invariant];

/** What is audited on its own, and read again when something seems wrong with it. */
export type Subject =
  | { kind: 'run'; runId: RunId }
  | { kind: 'order'; orderId: OrderId }
  | { kind: 'claims'; claim: string; day: string }
  | { kind: 'user'; userId: UserId };

/**
 * Something that must not be. `key` names the thing as closely as can be, so that the same finding seen twice is the
 * same fault; `what` is one line for a person. Neither has personal data.
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

/** A run that has been touched: all of its stored shards, the run as it was frozen, and the view of its free seats. */
export type RunPart = {
  runId: RunId;
  run: Run | undefined;
  shards: StoredShard[];
  unreadable: ShardKey[];
  view: Availability | undefined;
};

/** Something stored, and whether it stands in the index of what is due, and in that of what needs a person. */
type Indexed = { inDueIndex: boolean; inAttentionIndex: boolean; ttl?: number | undefined };

/** Everything of one order. */
export type OrderPart = {
  orderId: OrderId;
  /** Absent when other items stand under its key without it. */
  order: (Order & Indexed) | undefined;
  payments: (Payment & Indexed)[];
  refunds: (Refund & Indexed)[];
  tickets: Ticket[];
  entries: (JournalEntry & { ttl?: number | undefined })[];
  /** What sees to the end of its data. */
  retention: (Retention & Indexed) | undefined;
};

/** Whose time a person's claims of one UTC day are, by holder `<orderId>-<itemId>`. */
export type ClaimPart = { claim: string; day: string; claims: Readonly<Record<string, TravelTime>> };

/** The tables at one time; or a part of them. */
export type Snapshot = {
  now: Instant;
  runs: readonly RunPart[];
  orders: readonly OrderPart[];
  claims: readonly ClaimPart[];
  userCounts: readonly CountsOfUser[];
};

/** How long something may be on its way before it is a fault, in seconds. */
export type Bounds = {
  /** Younger pieces that no item names are a hold at work, or wait for the reconciler. */
  youngPieceSeconds: number;
  /** What is due is done by the clean-up of the next minute; this leaves it a few. */
  overdueSeconds: number;
  /** A closing order waits this long after its deadline for a silent provider (the carrier's `closingGraceSeconds`). */
  closingGraceSeconds: number;
  /** What is open for this long has reached a person: the product's own patience, and the clean-up's time after it. */
  patienceSeconds: number;
  /** A view younger than this may still be on its way to the truth. */
  viewSeconds: number;
  /** The carrier's `personalDataKeptDays`, and the days of its `ordersKeptYears`. */
  personalDataDays: number;
  ordersKeptDays: number;
};

export const usualBounds: Bounds = {
  // 120 s until the reconciler looks at a piece, five minutes until it next runs, and as long again for a full scan.
  youngPieceSeconds: 720,
  overdueSeconds: 180,
  closingGraceSeconds: 300,
  // A number of its own: the product's patience is one of the things that are watched.
  patienceSeconds: 3900,
  viewSeconds: 10,
  personalDataDays: 30,
  ordersKeptDays: 3 * 365,
};
