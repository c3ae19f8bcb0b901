import { isDeepStrictEqual } from 'node:util';

type Item = Record<string, unknown>;
type Names = Readonly<Record<string, string>>;
type Values = Readonly<Item>;

/**
 * One clause of a condition, with the names and values that it speaks of. Whoever makes one gives it its name:
 * `isOwnedBy(owner)`. So a write reads as a list of what must be true, and no clause can miss its value.
 */
export type Clause = { condition: string; names?: Names; values?: Values };

export const clause = (condition: string, values?: Values, names?: Names): Clause => ({
  condition,
  ...(values && { values }),
  ...(names && { names }),
});

export const exists = clause('attribute_exists(pk)');
export const isAbsent = clause('attribute_not_exists(pk)');

/** Joins clauses, so that an OR in one never swallows its neighbour. */
export const allOf = (...clauses: readonly string[]): string =>
  clauses.map((each) => `(${each})`).join(' AND ');

/** What a write depends on and does; `names` and `values` are those of `update`. */
export type Expressed = { onlyIf: readonly Clause[]; update?: string; names?: Names; values?: Values };

type Expressions = {
  ConditionExpression?: string;
  UpdateExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Item;
};

/** Two clauses may speak of the same value, and never of two by one name: the later would silently win. */
const together = <Value>(
  all: readonly (Readonly<Record<string, Value>> | undefined)[],
): Record<string, Value> | undefined => {
  const joined: Record<string, Value> = {};
  for (const [name, value] of all.flatMap((each) => Object.entries(each ?? {}))) {
    if (name in joined && !isDeepStrictEqual(joined[name], value))
      throw new Error(`a write calls two things ${name}`);
    joined[name] = value;
  }
  return Object.keys(joined).length > 0 ? joined : undefined;
};

/** The expressions of a write, for a command or an item of a transaction: all of its clauses, none without the other. */
export const expressionsOf = ({ onlyIf, update, names, values }: Expressed): Expressions => {
  const allNames = together([...onlyIf.map((each) => each.names), names]);
  const allValues = together([...onlyIf.map((each) => each.values), values]);
  return {
    ...(onlyIf.length > 0 && { ConditionExpression: allOf(...onlyIf.map(({ condition }) => condition)) }),
    ...(update !== undefined && { UpdateExpression: update }),
    ...(allNames && { ExpressionAttributeNames: allNames }),
    ...(allValues && { ExpressionAttributeValues: allValues }),
  };
};
