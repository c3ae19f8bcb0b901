import type { Clause } from '../platform/clauses.ts';

/** Each state of an entity, and the states that may follow it. */
export type Transitions<State extends string> = Readonly<Record<State, readonly State[]>>;

/** The clause of a write that changes an item's state, with the values that this clause and `SET #state` name. */
type Way = Clause & { values: Record<string, string> };

/** No item satisfies this. */
const never = 'attribute_exists(pk) AND attribute_not_exists(pk)';

/**
 * How a write moves an item to a state: only from the states from which the table allows it. The condition names each
 * as `:<state>`, and the target too. `only` limits this write to some of them. `orAlready` also accepts an item that is
 * in the target state already, for repetitions. From `absent` a write creates the item. No write makes a transition
 * that the table lacks. `path` is the place of the state if it is inside of the item.
 */
export const wayTo = <State extends string>(
  table: Transitions<State>,
  to: State,
  {
    only,
    orAlready = false,
    path = '#state',
  }: { only?: readonly State[]; orAlready?: boolean; path?: string } = {},
): Way => {
  const allowed: ReadonlySet<string> | undefined = only && new Set(only);
  const leading = Object.entries<readonly State[]>(table).flatMap(([state, ways]) =>
    ways.includes(to) && (!allowed || allowed.has(state)) ? [state] : [],
  );
  const from = [...leading, ...(orAlready ? [to] : [])].filter((state) => state !== 'absent');
  const clauses = [
    ...(leading.includes('absent') ? ['attribute_not_exists(pk)'] : []),
    ...(from.length > 0 ? [`${path} IN (${from.map((state) => `:${state}`).join(', ')})`] : []),
  ];
  return {
    ...(from.length > 0 && { names: { '#state': 'state' } }),
    condition: clauses.join(' OR ') || never,
    values: Object.fromEntries([...from, to].map((state) => [`:${state}`, state])),
  };
};
