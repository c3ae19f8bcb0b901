import { createHmac } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { putReplay, readReplay, takeRequest } from '../../shared/bookings/idempotency-store.ts';
import { userIdSchema } from '../../shared/platform/ids.ts';
import { instantSchema, plusSeconds } from '../../shared/platform/time.ts';
import { testTables, type TestTables } from '../support/dynamo.ts';
import { storedRecords } from '../support/stored-records.ts';

/** What a request's record tells of its body, which may have the numbers of documents in it. */
let tables: TestTables;
beforeEach(async () => {
  tables = await testTables();
});
afterEach(() => tables.stop());

const now = instantSchema.parse('2026-12-01T00:00:00.000Z');
const busyUntil = plusSeconds(now, 15);
const bodyHash = 'ab'.repeat(32);
const scopeOf = (over: { key?: string; userId?: string; route?: string; bodyHash?: string } = {}) => ({
  route: 'orders',
  key: 'key',
  bodyHash,
  ...over,
  userId: userIdSchema.parse(over.userId ?? 'user'),
});
type Scope = ReturnType<typeof scopeOf>;

const answered = async (scope: Scope) => {
  const write = putReplay(tables.bookings, scope, { answer: 'answer', keptUntil: now });
  await tables.bookings.client.send(new PutCommand(write.Put as NonNullable<typeof write.Put>));
};
const begun = (scope: Scope) => takeRequest(tables.bookings, scope, { worker: 'one', now, busyUntil });

describe.each([
  ['answered', answered],
  ['at work', begun],
])('the record of a request that is %s', (_, store) => {
  test('does not have the hash of its body, by which anybody could try what the body had', async () => {
    await store(scopeOf());
    const [record] = await storedRecords(tables.bookings);
    expect(JSON.stringify(record)).not.toContain(bodyHash);
    expect(record?.['bodyHash']).toMatch(/^[\w-]{43}$/);
  });

  test('has another for each key, user and route, so that none says that two bodies are the same', async () => {
    const scopes = [{}, { key: 'other' }, { userId: 'other' }, { route: 'other' }];
    for (const scope of scopes) await store(scopeOf(scope));
    const hashes = (await storedRecords(tables.bookings)).map((record) => record['bodyHash']);
    expect(new Set(hashes).size).toBe(scopes.length);
  });

  // HMAC hashes a key that is longer than a block first: what stands in the record must never be that very hash.
  test.each([8, 36, 64, 65, 255])('cannot be made from what stands in it: a key of %d', async (length) => {
    const scope = scopeOf({ key: 'k'.repeat(length) });
    await store(scope);
    const [record] = await storedRecords(tables.bookings);
    const name = String(record?.['pk']);
    const digest = name.slice('IDEMPOTENCY#'.length);
    const { userId, route } = scope;
    const keys = ['', name, digest, Buffer.from(digest, 'base64url')];
    const messages = [bodyHash, JSON.stringify([userId, route, bodyHash]), JSON.stringify([bodyHash])];
    const made = keys.flatMap((key) =>
      messages.map((message) => createHmac('sha256', key).update(message).digest('base64url')),
    );
    expect(made).not.toContain(record?.['bodyHash']);
  });
});

describe('a record of an earlier release, with the hash of the body itself', () => {
  const stands = async (more: object) => {
    await answered(scopeOf());
    const [record] = await storedRecords(tables.bookings);
    const { pk, sk } = record as { pk: string; sk: string };
    await tables.bookings.client.send(
      new PutCommand({ TableName: tables.bookings.name, Item: { pk, sk, bodyHash, ...more } }),
    );
  };
  const read = (over = {}) => readReplay(tables.bookings, scopeOf(over), now);

  test('answers the same request, and refuses its key for another body', async () => {
    await stands({ answer: 'of then' });
    expect(await read()).toEqual({ outcome: 'same', answer: 'of then' });
    expect(await read({ bodyHash: 'cd'.repeat(32) })).toEqual({ outcome: 'reused' });
  });

  test('says that the same request is at work', async () => {
    await stands({ busyWith: 'one', busyUntil });
    expect(await read()).toEqual({ outcome: 'in-progress' });
    expect(await read({ bodyHash: 'cd'.repeat(32) })).toEqual({ outcome: 'reused' });
  });
});
