import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { readAll } from '../../shared/platform/batch-read.ts';
import { writeAll } from '../../shared/platform/batch-write.ts';
import type { Item } from '../../shared/platform/dynamo.ts';
import { testTables, type TestTables } from '../support/dynamo.ts';
import { by } from '../support/faulty-table.ts';

let tables: TestTables;
const keys = Array.from({ length: 130 }, (_, n) => ({ pk: `item#${n}`, sk: 'ITEM' }));
beforeAll(async () => {
  tables = await testTables();
  await writeAll(tables.bookings, keys);
});
afterAll(() => tables.stop());

/** The table as it answers when it is busy: of each request it takes so many keys, and sends the others back. */
const busy = (taken: (request: number, asked: Item[]) => Item[]) => {
  let requests = 0;
  const table = by(tables.bookings, async (command, send) => {
    requests += 1;
    if (requests > 500) throw new Error('asked without an end');
    const { name } = tables.bookings;
    const asked = (command as BatchGetCommand).input.RequestItems?.[name]?.Keys ?? [];
    const Keys = taken(requests, asked);
    const left = asked.filter((key) => !Keys.includes(key));
    const answer =
      Keys.length > 0
        ? await send(new BatchGetCommand({ RequestItems: { [name]: { Keys } } }))
        : { Responses: { [name]: [] } };
    return { ...(answer as object), UnprocessedKeys: left.length > 0 ? { [name]: { Keys: left } } : {} };
  });
  return { table, requests: () => requests };
};

test('what a busy table sends back is asked for again until it is there', async () => {
  const { table } = busy((request, asked) => (request % 3 === 0 ? asked.slice(0, 50) : []));
  expect(await readAll(table, keys)).toHaveLength(130);
});

test('an answer that comes in many parts is read to its end, however many those are', async () => {
  const { table, requests } = busy((_, asked) => asked.slice(0, 3));
  expect(await readAll(table, keys)).toHaveLength(130);
  expect(requests()).toBe(34 + 10);
});

test('a table that sends everything back is not asked for ever: the failure says that it passes', async () => {
  const { table, requests } = busy(() => []);
  await expect(readAll(table, keys)).rejects.toMatchObject({ name: 'TransientFailure' });
  expect(requests()).toBe(6);
});
