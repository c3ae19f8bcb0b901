/** Each state of an entity, and those that it may go to. */
export type Transitions<State extends string> = Readonly<Record<State, readonly State[]>>;

/** The clause of a write that changes an item's state, and the values that this clause and `SET #state` name. */
type Way = { condition: string; values: Record<string, string> };

/** No item is as this says. */
const never = 'attribute_exists(pk) AND attribute_not_exists(pk)';

/**
 * How a write brings an item to a state: from those states alone from which the table lets it go there, each named as
 * `:<state>`, and so is `to`. `only`: this write knows fewer of them. `orAlready`: it is repeated where the item is
 * there already. From `absent` an item comes to be. What the table does not have, no write does.
 */
export const wayTo = <State extends string>(
  table: Transitions<State>,
  to: State,
  { only, orAlready = false }: { only?: readonly State[]; orAlready?: boolean } = {},
): Way => {
  const known: ReadonlySet<string> | undefined = only && new Set(only);
  const leading = Object.entries<readonly State[]>(table).flatMap(([state, ways]) =>
    ways.includes(to) && (!known || known.has(state)) ? [state] : [],
  );
  const from = [...leading, ...(orAlready ? [to] : [])].filter((state) => state !== 'absent');
  const clauses = [
    ...(leading.includes('absent') ? ['attribute_not_exists(pk)'] : []),
    ...(from.length > 0 ? [`#state IN (${from.map((state) => `:${state}`).join(', ')})`] : []),
  ];
  return {
    condition: clauses.join(' OR ') || never,
    values: Object.fromEntries([...from, to].map((state) => [`:${state}`, state])),
  };
};
