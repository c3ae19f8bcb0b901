import { unreadableBill, type BillPlace } from './bill.ts';

/** A column by its name; older bills have other names for some, and the first that the bill has counts. */
export type Column = { names: readonly [string, ...string[]]; mayLack?: true };

/** Looks a row's value up by column; empty for a column that the bill may lack and does. */
export type Look<Name extends string> = (fields: readonly string[], column: Name) => string;

/** Finds the columns in the heading of a bill, in any order. Others do not matter. Throws if one is missing or there twice. */
export const lookIn = <Name extends string>(
  heading: readonly string[],
  columns: Readonly<Record<Name, Column>>,
  place: BillPlace,
): Look<Name> => {
  const places = new Map<string, number>();
  for (const [name, { names, mayLack }] of Object.entries<Column>(columns)) {
    const found = names.find((each) => heading.includes(each));
    if (found === undefined && !mayLack) throw unreadableBill(place, `the column ${names[0]} is missing`);
    if (found === undefined) continue;
    const at = heading.indexOf(found);
    if (heading.includes(found, at + 1)) throw unreadableBill(place, `the column ${found} is there twice`);
    places.set(name, at);
  }
  return (fields, column) => {
    const at = places.get(column);
    return at === undefined ? '' : (fields[at] ?? '');
  };
};

/** More readings than these of one row are no sure reading. */
const readingsMax = 2000;

/** All ways to give so many separators to some columns. */
function* sharesOf(separators: number, columns: number): Generator<number[]> {
  if (columns <= 1) {
    if (columns === 1) yield [separators];
    return;
  }
  for (let first = 0; first <= separators; first += 1)
    for (const others of sharesOf(separators - first, columns - 1)) yield [first, ...others];
}

/** Joins the parts of those columns that have separators of their own: column by column, one value and its share more. */
const joined = (
  fields: readonly string[],
  shares: ReadonlyMap<number, number>,
  separator: string,
): readonly string[] => {
  const row: string[] = [];
  for (let at = 0; at < fields.length;) {
    const more = shares.get(row.length) ?? 0;
    row.push(fields.slice(at, at + more + 1).join(separator));
    at += more + 1;
  }
  return row;
};

/**
 * The values of a row, as many as the heading has columns. Bills quote nothing: a text, such as what another shop sold, may have
 * separators, and then there are more. They belong to those columns of texts with which all other values fit again: what has a
 * fixed shape stands between the texts and on both sides of them. Throws if they fit in no way, or in more than one.
 */
export const wholeRow = (
  fields: string[],
  { heading, texts, separator }: { heading: readonly string[]; texts: readonly string[]; separator: string },
  fits: (fields: readonly string[]) => boolean,
  place: BillPlace,
): readonly string[] => {
  const more = fields.length - heading.length;
  if (more === 0) return fields;
  const places = more > 0 ? texts.map((text) => heading.indexOf(text)).filter((at) => at >= 0) : [];
  const [found, ...others] = [...sharesOf(more, places.length).take(readingsMax + 1)]
    .map((shares) => joined(fields, new Map(places.map((at, n) => [at, shares[n] ?? 0])), separator))
    .filter((row, reading) => reading < readingsMax && fits(row));
  if (found && others.length === 0) return found;
  throw unreadableBill(
    place,
    `it has ${fields.length} values, and the heading has ${heading.length} columns`,
  );
};
