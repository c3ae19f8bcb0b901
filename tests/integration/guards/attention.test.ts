import {
  flagStuck,
  hurry,
  listAttention,
  settleAttention,
} from '../../../shared/bookings/attention-store.ts';
import { attentionAttributes, type Attention, type Handled } from '../../../shared/bookings/attention.ts';
import type { Item } from '../../../shared/platform/dynamo.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { found, future, now, past, put } from './stored.ts';
import { accepted, rejected } from '../../../shared/platform/outcome.ts';

let tables: TestTables;
beforeEach(async () => {
  tables = await testTables();
});
afterEach(() => tables.stop());

const attention = (more: Partial<Attention> = {}): Attention => ({
  kind: 'refund-declined',
  why: 'why',
  since: past,
  ...more,
});
const handled: Handled = { at: now, by: 'zhang', did: 'settled', reason: 'seen to' };

/** Orders whose ids end alike stand in the same shard of the index. */
let orders = 0;
const orderId = (shard = '0') => `01ARZ3NDEKTSV4RRFFQ69G${String((orders += 1)).padStart(3, '0')}${shard}`;

const stored = async (item: Item, shard?: string) => {
  const key = { pk: `ORDER#${orderId(shard)}`, sk: 'REFUND#1' };
  await put(tables.bookings, { ...key, ...item });
  return { key, read: () => found(tables.bookings, key) };
};
const called = (more: Partial<Attention> = {}, shard = '0') =>
  stored(attentionAttributes(orderId(shard), attention(more)), shard);
const due = { dueShard: 'DUE#0', dueAt: future };

describe('what a person has settled', () => {
  test('is what that person saw: for this reason, since then', async () => {
    const { key, read } = await called();
    const settle = (seen: Attention) => settleAttention(tables.bookings, key, seen, handled);
    expect(await settle(attention({ kind: 'refund-paid-twice' }))).toMatchObject({ outcome: 'rejected' });
    expect(await settle(attention({ since: now }))).toMatchObject({ outcome: 'rejected' });
    // Another of its kind may have taken its place since.
    expect(await settle(attention({ why: 'another' }))).toMatchObject({ outcome: 'rejected' });
    expect(await read()).toHaveProperty('attentionShard');
    expect(await settle(attention())).toEqual(accepted({}));
    const item = await read();
    for (const name of ['attention', 'attentionShard', 'attentionSince'])
      expect(item).not.toHaveProperty(name);
    expect(await settle(attention())).toMatchObject({ outcome: 'rejected' });
  });

  test('is kept beside what was done before, with what it was about', async () => {
    const before = { ...handled, did: 'retried', by: 'li' };
    const { key, read } = await stored({
      ...attentionAttributes(orderId(), attention()),
      handled: [before],
    });
    await settleAttention(tables.bookings, key, attention(), handled);
    expect((await read())?.['handled']).toEqual([before, { ...handled, about: 'why' }]);
  });
});

describe('what keeps failing', () => {
  const call = (key: { pk: string; sk: string }) =>
    flagStuck(tables.bookings, key, attention({ kind: 'keeps-failing', since: now }));

  test('is shown to a person while it is due, and enters the index', async () => {
    const { key, read } = await stored(due);
    expect(await call(key)).toEqual(accepted({}));
    expect(await read()).toMatchObject({ attention: { kind: 'keeps-failing' }, attentionSince: now });
    const { items } = await listAttention(tables.bookings, { perShardMax: 5 });
    expect(items.map((item) => item.key)).toEqual([key]);
  });

  test('is not shown once it is over, nor in place of what it needs a person for already', async () => {
    const over = await stored({});
    expect(await call(over.key)).toMatchObject({ outcome: 'rejected' });
    expect(await over.read()).not.toHaveProperty('attention');
    const known = await stored({ ...due, ...attentionAttributes(orderId(), attention()) });
    expect(await call(known.key)).toMatchObject({ outcome: 'rejected' });
    expect(await known.read()).toMatchObject({
      attention: { kind: 'refund-declined' },
      attentionSince: past,
    });
  });
});

test('what is not due cannot be hurried, and so never becomes due', async () => {
  const over = await stored({});
  expect(await hurry(tables.bookings, over.key, now, handled)).toEqual(rejected('nothing-to-try'));
  expect(await over.read()).not.toHaveProperty('dueAt');
  const waits = await stored(due);
  expect(await hurry(tables.bookings, waits.key, now, { ...handled, did: 'retried' })).toEqual(accepted({}));
  expect(await waits.read()).toMatchObject({ dueAt: now, handled: [{ did: 'retried' }] });
});

describe('the list of what needs a person', () => {
  const times = [3, 1, 2, 5, 4].map((seconds) => plusSeconds(past, seconds));

  test('has all shards of the index in one order, for longest first', async () => {
    for (const [n, since] of times.entries()) await called({ since }, String(n % 4));
    const { items, more } = await listAttention(tables.bookings, { perShardMax: 10 });
    expect(items.map((item) => item.attention.since)).toEqual(times.toSorted());
    expect(more).toBe(false);
  });

  test('tells that there is more than it has, and has the first of each shard', async () => {
    for (const since of times) await called({ since });
    const { items, more } = await listAttention(tables.bookings, { perShardMax: 2 });
    expect(items.map((item) => item.attention.since)).toEqual(times.toSorted().slice(0, 2));
    expect(more).toBe(true);
  });

  test('goes on behind a page that is full', async () => {
    // A page of DynamoDB has a megabyte.
    const why = 'x'.repeat(150_000);
    for (let n = 0; n < 10; n += 1) await called({ why });
    const { items, more } = await listAttention(tables.bookings, { perShardMax: 50 });
    expect(items).toHaveLength(10);
    expect(more).toBe(false);
  });
});
