import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { chooseSeats } from '../../../shared/inventory/choose-seats.ts';
import type { ShardSeat } from '../../../shared/inventory/model.ts';
import { nameOfPiece, type Cut, type ShardState } from '../../../shared/inventory/pieces.ts';
import { ownerOf } from '../../../shared/inventory/owner.ts';
import { shardsOf } from '../../../shared/inventory/shards.ts';
import { holdPieces } from '../../../shared/inventory/hold-store.ts';
import type { Table } from '../../../shared/platform/dynamo.ts';
import { classSchema, orderIdSchema, runIdSchema } from '../../../shared/platform/ids.ts';
import { instantSchema } from '../../../shared/platform/time.ts';
import { callsMax, layoutSchema } from '../../../shared/timetable/model.ts';

/**
 * DynamoDB's limits on one expression (source: its developer guide, "Service, account, and table quotas"): 300 operators
 * and functions, 4 KB of text. No emulator enforces them, so the worst updates that can come to be are counted here.
 */
const operatorsMax = 300;
const bytesMax = 4096;

/** The longest trip, and as many seats as a shard may have. */
const stops = callsMax;
const second = classSchema.parse('second');
const anybody = { now: instantSchema.parse('2026-12-01T00:00:00.000Z'), isWaitlist: false };
const layout = layoutSchema.parse({
  layoutId: 'x',
  coaches: [{ coach: '1', class: 'second', seats: { count: 50 } }],
});
const seats: ShardSeat[] = shardsOf(layout, second)[0]!;

/** Every seat free from end to end, in pieces of `length` segments, as a life of short trips leaves it. */
const fragmented = (length: number): ShardState => {
  const pieces = new Map<string, ReturnType<ShardState['pieces']['get']> & object>();
  for (const { index: seat } of seats) {
    for (let from = 0; from < stops - 1; from += length) {
      const piece = { seat, from, to: Math.min(from + length, stops - 1) };
      pieces.set(nameOfPiece(piece), { ...piece, owner: 'free' });
    }
  }
  return { closed: undefined, pieces };
};

const updatesFor = async (cuts: readonly Cut[]): Promise<UpdateCommandInput[]> => {
  const sent: UpdateCommandInput[] = [];
  const send = (command: { input: UpdateCommandInput }) => Promise.resolve(sent.push(command.input));
  const table: Table = { name: 'Inventory', client: { send } as unknown as Table['client'] };
  const owner = ownerOf(
    orderIdSchema.parse('01KBZ5Q7W8XN3V4M5T6R7S8P9A'),
    Buffer.alloc(4),
    instantSchema.parse('2026-12-01T00:00:00.000Z'),
  );
  await holdPieces(
    table,
    { runId: runIdSchema.parse('G1~2026-12-01'), generation: 1, class: second, shard: 0 },
    cuts,
    owner,
  );
  return sent;
};

/** Comparisons, connectives, functions and assignments: more than DynamoDB counts, never less. */
const operatorsIn = (expression = ''): number =>
  (expression.match(/=|<>|<=?|>=?|\bAND\b|\bOR\b|\bNOT\b|\bIN\b|\w+\(|\+/g) ?? []).length;

test('no hold of up to nine passengers in the most fragmented shard passes the limits of an expression', async () => {
  const worst = { operators: 0, bytes: 0, consumed: 0, updates: 0 };
  for (const length of [1, 2, 3, 7]) {
    const shard = fragmented(length);
    for (let to = 2; to < stops; to += to < 145 ? 1 : 9) {
      for (const party of [1, 2, 3, 5, 9]) {
        const chosen = chooseSeats(
          shard,
          seats,
          { stretch: { from: 1, to }, party, wishes: {}, taker: anybody },
          Math.random,
        );
        if (chosen.length === 0) continue;
        const updates = await updatesFor(chosen.map(({ cut }) => cut));
        for (const expression of updates.flatMap((each) => [
          each.ConditionExpression,
          each.UpdateExpression,
        ])) {
          worst.operators = Math.max(worst.operators, operatorsIn(expression));
          worst.bytes = Math.max(worst.bytes, Buffer.byteLength(expression ?? ''));
        }
        const consumed = chosen.reduce((total, { cut }) => total + cut.consumed.length, 0);
        worst.consumed = Math.max(worst.consumed, consumed);
        worst.updates = Math.max(worst.updates, updates.length);
      }
    }
  }
  // The search passed the limit that the choice of seats sets itself, so it has seen the worst.
  expect(worst.consumed).toBeGreaterThan(260);
  expect(worst.updates).toBe(2);
  expect(worst.operators).toBeLessThanOrEqual(operatorsMax);
  expect(worst.bytes).toBeLessThanOrEqual(bytesMax);
});

test('what is too much for one update is never refused as sold out: fewer passengers fit', () => {
  const shard = fragmented(1);
  const ask = (to: number, party: number) =>
    chooseSeats(shard, seats, { stretch: { from: 0, to }, party, wishes: {}, taker: anybody }, Math.random)
      .length;
  expect([ask(59, 9), ask(59, 3), ask(59, 2), ask(59, 1)]).toEqual([0, 0, 2, 1]);
  expect([ask(stops - 1, 2), ask(stops - 1, 1)]).toEqual([0, 1]);
});
