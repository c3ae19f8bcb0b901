import { clause } from '../platform/clauses.ts';
import { updateIf } from '../platform/conditional-writes.ts';
import type { Item, Table } from '../platform/dynamo.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';

/**
 * After a rejection nothing was written: the item differs from what the write assumes. The caller can read it again and
 * decide anew.
 */
export type Written = Outcome<object, 'changed-meanwhile'>;

/** The assumptions of a write, one clause each, and its change. `#name` means the attribute `name`. */
type Change = { onlyIf: readonly string[]; update: string; values: Item };

const namesIn = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/#\w+/g)].map(([placeholder]) => [placeholder, placeholder.slice(1)]));

/** Changes one payment or refund. It throws any error other than a refusal; the write may then have happened or not. */
export const change = async (
  bookings: Table,
  key: Item,
  { onlyIf, update, values }: Change,
): Promise<Written> => {
  const names = namesIn([...onlyIf, update].join(' '));
  const assumed = onlyIf.map((condition) => clause(condition));
  const { outcome } = await updateIf(bookings, key, { onlyIf: assumed, update, names, values });
  return outcome === 'written' ? accepted({}) : rejected('changed-meanwhile');
};
