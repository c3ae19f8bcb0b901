import { QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../shared/platform/dynamo.ts';
import { everyItem, type Item } from './protocol.ts';
import type { Wrong } from './wrong.ts';

/*
 * How data must end, as its judge knows it: from docs/how-to/what-is-kept.md and the stored attributes, without a line
 * of the product.
 */

export const everythingIn = async ({ client, name }: Table): Promise<Item[]> => {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: name,
        ConsistentRead: true,
        ...(start && { ExclusiveStartKey: { ...start } }),
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return items;
};

const partitionOf = async ({ client, name }: Table, pk: string): Promise<Item[]> => {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      ConsistentRead: true,
    }),
  );
  return Items;
};

const ended: ReadonlySet<unknown> = new Set(['issued', 'expired', 'cancelled', 'refunded']);
const back: ReadonlySet<unknown> = new Set(['succeeded', 'settled']);
const unfinished: ReadonlySet<unknown> = new Set(['created', 'pending']);

const kindOf = ({ sk }: Item): string => String(sk).split('#', 1)[0] ?? '';

const isMoving = (item: Item): boolean => {
  if (item['attentionShard'] !== undefined) return true;
  switch (kindOf(item)) {
    case 'ORDER':
      return !ended.has(item['state']) || item['dueShard'] !== undefined;
    case 'PAYMENT':
      return unfinished.has(item['state']) || (item['capturedAt'] !== undefined && !item['appliedAt']);
    case 'REFUND':
      return !back.has(item['state']) || item['dueShard'] !== undefined;
    default:
      return false;
  }
};

/** An order whose data has just come a step nearer to its end: nothing of it moves, and nobody is asked. */
export const stillMoved = async (bookings: Table, pk: string, step: string): Promise<Wrong[]> =>
  (await partitionOf(bookings, pk)).filter(isMoving).map(({ sk, state }) => ({
    rule: 'data-ends-at-rest',
    what: `${pk} was ${step} while its ${String(sk)} was ${String(state)}`,
  }));

/** What tells who travelled: names, documents, addresses, codes, keys. */
export const personalTexts = (items: readonly Item[]): Set<string> =>
  new Set(
    items.flatMap((item) => {
      const { email } = (item['contact'] ?? {}) as { email?: string };
      const people =
        kindOf(item) === 'ORDER' ? everyItem(item).map(({ passenger }) => passenger as Item) : [];
      const texts = [
        email,
        item['code'],
        item['documentKey'],
        ...people.flatMap((person) => [
          person['name'],
          person['documentMasked'],
          person['documentSealed'],
          person['documentClaim'],
        ]),
      ];
      return texts.filter((text): text is string => typeof text === 'string');
    }),
  );

/** Claims have the keyed hash in their key, and an end of their own. */
const told = (items: readonly Item[]): string =>
  JSON.stringify(items.filter((item) => kindOf(item) !== 'CLAIM'));

export const stillNamed = (items: readonly Item[], texts: ReadonlySet<string>): Wrong[] => {
  const all = told(items);
  return [...texts]
    .filter((text) => all.includes(JSON.stringify(text)))
    .map((text) => ({ rule: 'names-end', what: `${text} is still told weeks after the journey` }));
};

/** Before its time nothing of an order has an end, and whoever travels is named. */
export const endedTooSoon = (items: readonly Item[], until: 'names' | 'orders'): Wrong[] =>
  items.flatMap((item) => {
    const name = `${String(item['pk'])} ${String(item['sk'])}`;
    if (kindOf(item) === 'ORDER' && until === 'names' && item['state'] !== 'void' && !item['contact'])
      return [{ rule: 'names-kept', what: `${name} lost its contact before the time` }];
    return ['ORDER', 'PAYMENT', 'REFUND', 'TICKET', 'JOURNAL'].includes(kindOf(item)) &&
      item['ttl'] !== undefined &&
      item['state'] !== 'void'
      ? [{ rule: 'orders-kept', what: `${name} has an end before its time` }]
      : [];
  });

/** In the end the books alone are left of an order. */
export const leftOver = (items: readonly Item[]): Wrong[] =>
  items
    .filter((item) => String(item['pk']).startsWith('ORDER#') && kindOf(item) !== 'JOURNAL')
    .map(({ pk, sk }) => ({ rule: 'orders-end', what: `${String(pk)} ${String(sk)} has no end` }));
