import type { AttentionKind } from './attention.ts';

/** What the rest of the code needs to know about a kind of item in `Bookings`. */
export type KindOfItem = {
  /** The prefix of its partition key; the id of its thing follows. */
  partition: string;
  /** Its sort key; if it ends in `#`, a number follows, because there may be several. */
  sort: string;
  /**
   * What the clean-up does with a due item, if the kind is ever due: the name of an action in upkeep/clean-up.ts. Kinds
   * with `last` wait until seats and money have had their turn.
   */
  due?: { does: string; last?: true };
  /** The reasons to flag it for a person, besides `keeps-failing`, which applies to everything that can be due. */
  person: readonly AttentionKind[];
  /** The events that it publishes: the name of a teller in selling/events-of.ts. */
  tells: string;
  /**
   * How the audit reads it (audit/sort-items.ts): with its order, which must then exist; beside an order, whether or
   * not that exists; by itself; its entries in the indexes alone, of items due and of items that need a person; or not
   * at all, because no invariant covers it.
   */
  audit: 'with-its-order' | 'beside-its-order' | 'by-itself' | 'its-indexes' | 'not';
  /**
   * What ends it: the end of its order's years; an end of its own, which is later for the books and last for the record
   * that sets these ends; a `ttl` from the start; or nothing, for a reason.
   */
  ends: 'with-its-order' | 'with-the-books' | 'after-its-order' | 'by-itself' | { stays: string };
};
