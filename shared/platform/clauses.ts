import { isDeepStrictEqual } from 'node:util';

type Item = Record<string, unknown>;
type Names = Readonly<Record<string, string>>;
type Values = Readonly<Item>;

/**
 * One clause of a condition, with its names and values. The code that makes a clause names it: `isOwnedBy(owner)`. A
 * write then reads as a list of what must be true, and no clause can lack its value.
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

/** The conditions and the change of a write; `names` and `values` belong to `update`. */
export type Expressed = { onlyIf: readonly Clause[]; update?: string; names?: Names; values?: Values };

type Expressions = {
  ConditionExpression?: string;
  UpdateExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Item;
};

/** Two clauses may share a value, but must not give one name two values: the later one would silently win. */
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

/** The expressions of a write, for a command or an item of a transaction: with all its clauses, each complete. */
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
