import { orderIdSchema, type OrderId } from '../platform/ids.ts';
import { kinds, type Kind } from './kinds.ts';

export type ItemKey = { pk: string; sk: string };

/** The kinds that can have several items per thing. */
type Numbered = {
  [Each in Kind]: (typeof kinds)[Each]['sort'] extends `${string}#` ? Each : never;
}[Kind];

/** The key of an item of a kind: the id of its thing, and its number if the thing may have several. */
export const bookingKey = <Of extends Kind>(
  kind: Of,
  id: string,
  ...number: Of extends Numbered ? [string] : []
): ItemKey => ({
  pk: `${kinds[kind].partition}#${id}`,
  sk: `${kinds[kind].sort}${number.join('')}`,
});

/** The partition of a thing, and the prefix of the sort keys of all its items of a kind. */
export const bookingKeys = (kind: Numbered, id: string): { pk: string; skPrefix: string } => ({
  pk: `${kinds[kind].partition}#${id}`,
  skPrefix: kinds[kind].sort,
});

const behindFirst = (key: string): string => (key.includes('#') ? key.slice(key.indexOf('#') + 1) : '');

/** The id in a partition key: of an order, a user, a run … */
export const idOf = behindFirst;

/** The number in a sort key; empty if there is only one item. */
export const numberOf = behindFirst;

const nameOf = (pk: string, sk: string): string => `${pk.split('#', 1)[0]} ${sk.replace(/#.*/s, '#')}`;

const kindByName: ReadonlyMap<string, Kind> = new Map(
  Object.entries(kinds).map(([kind, { partition, sort }]) => [nameOf(partition, sort), kind as Kind]),
);

/** The kind of an item, from its key; undefined if the registry lacks it. */
export const kindOf = ({ pk, sk }: { pk?: unknown; sk?: unknown }): Kind | undefined =>
  kindByName.get(nameOf(String(pk), String(sk)));

/** The order whose partition an item is in; undefined for another partition, or one that no order can have. */
export const orderIdOf = (pk: string): OrderId | undefined =>
  pk.startsWith(`${kinds.order.partition}#`) ? orderIdSchema.safeParse(idOf(pk)).data : undefined;
