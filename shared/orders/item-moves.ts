import { wayTo } from '../bookings/transitions.ts';
import type { Item } from '../platform/dynamo.ts';
import { itemTransitions, orderItemSchema, type ItemIn, type ItemState } from './model.ts';

/** The next state of an item with the fields that it brings. A released item that lives again gets a new place. */
export type NextItem =
  | Pick<ItemIn<'living'>, 'state' | 'place' | 'thenPlace'>
  | Pick<ItemIn<'ticketed'>, 'state' | 'ticketId'>
  | Pick<ItemIn<'releasing'>, 'state' | 'releaseDue'>
  | Pick<ItemIn<'released'>, 'state'>;

/** The next states of an order's items, by id. */
export type NextItems = Readonly<Record<string, NextItem>>;

/** The parts of an update of an order: its conditions, and the paths that it sets and removes. */
type ItemMoves = {
  conditions: string[];
  set: string[];
  remove: string[];
  names: Record<string, string>;
  values: Item;
};

const fieldsOf = new Map<ItemState, readonly string[]>(
  orderItemSchema.options.map(({ shape }) => [shape.state.value, Object.keys(shape)]),
);

/** The fields that an item may have and that its next state does not have. */
const fieldsLeft = (to: ItemState): string[] => {
  const states = [...fieldsOf.keys()].filter((from) => itemTransitions[from].includes(to));
  const before = new Set(states.flatMap((from) => fieldsOf.get(from) ?? []));
  return [...before.difference(new Set(fieldsOf.get(to)))];
};

/**
 * How an update of an order moves its items, each only by a transition of the items' table. Each item then has exactly
 * the fields of its state. `only` limits this write to some of the states from which the table allows it.
 */
export const moveItems = (items: NextItems, { only }: { only?: readonly ItemState[] } = {}): ItemMoves => {
  const moves: ItemMoves = { conditions: [], set: [], remove: [], names: {}, values: {} };
  const named = (field: string): string => {
    moves.names[`#f_${field}`] = field;
    return `#f_${field}`;
  };
  for (const [itemId, { state, ...fields }] of Object.entries(items)) {
    const item = `#items.#i${itemId}`;
    const way = wayTo(itemTransitions, state, { path: `${item}.#state`, ...(only && { only }) });
    moves.conditions.push(way.condition);
    moves.set.push(`${item}.#state = :${state}`);
    Object.assign(moves.names, { '#items': 'items', [`#i${itemId}`]: itemId, '#state': 'state' });
    Object.assign(moves.values, way.values);
    for (const [field, value] of Object.entries(fields)) {
      moves.values[`:i${itemId}_${field}`] = value;
      moves.set.push(`${item}.${named(field)} = :i${itemId}_${field}`);
    }
    moves.remove.push(...fieldsLeft(state).map((field) => `${item}.${named(field)}`));
  }
  return moves;
};
