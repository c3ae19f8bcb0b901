import { putClaims, readClaims, removeClaims } from '../../../shared/orders/claims-store.ts';
import { isClaimed, type ClaimWish } from '../../../shared/orders/rules.ts';
import { noCounts } from '../../../shared/orders/budgets.ts';
import { countHeld } from '../../../shared/orders/counts-store.ts';
import {
  giveUpRequest,
  putReplay,
  readReplay,
  takeRequest,
} from '../../../shared/bookings/idempotency-store.ts';
import { instantSchema, plusSeconds } from '../../../shared/platform/time.ts';
import { runIdSchema, serviceDateSchema, userIdSchema } from '../../../shared/platform/ids.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { isWritten, now } from './stored.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());

let people = 0;
const person = () => `person-${(people += 1)}`;
const at = (hour: string) => instantSchema.parse(`2026-12-20T${hour}:00:00.000Z`);
const wishOf = (claim: string, holder: string, from = '02', to = '04'): ClaimWish => ({
  claim,
  holder,
  time: { from: at(from), to: at(to) },
});

const isPut = (read: Awaited<ReturnType<typeof readClaims>>, wish: ClaimWish) =>
  isWritten(tables.bookings, putClaims(tables.bookings, read, [wish]));
const holders = async (wish: ClaimWish) =>
  (await readClaims(tables.bookings, [wish])).flatMap((day) => Object.keys(day.claims)).sort();

describe('the claims of one person on one day', () => {
  test('are changed only as they were read: the first, and any later one', async () => {
    const claim = person();
    const [a, b, c] = ['a', 'b', 'c'].map((holder) => wishOf(claim, holder)) as [
      ClaimWish,
      ClaimWish,
      ClaimWish,
    ];
    const absent = await readClaims(tables.bookings, [a]);
    expect(await isPut(absent, a)).toBe(true);
    expect(await isPut(absent, b)).toBe(false);
    const one = await readClaims(tables.bookings, [b]);
    expect(await isPut(one, b)).toBe(true);
    expect(await isPut(one, c)).toBe(false);
    expect(await holders(a)).toEqual(['a', 'b']);
  });

  test('T8: are not brought back by a commit that had read them before they went', async () => {
    const claim = person();
    const [ends, comes] = [wishOf(claim, 'ends', '02', '04'), wishOf(claim, 'comes', '08', '09')];
    await isPut(await readClaims(tables.bookings, [ends]), ends);
    const readBefore = await readClaims(tables.bookings, [comes]);
    expect(await isWritten(tables.bookings, removeClaims(tables.bookings, [ends]))).toBe(true);
    expect(await isPut(readBefore, comes)).toBe(false);
    expect(await isPut(await readClaims(tables.bookings, [comes]), comes)).toBe(true);
    expect(await holders(comes)).toEqual(['comes']);
  });

  test('go each with its own holder, and may be taken away again', async () => {
    const claim = person();
    const [a, b] = [wishOf(claim, 'a'), wishOf(claim, 'b', '08', '09')];
    for (const wish of [a, b]) await isPut(await readClaims(tables.bookings, [wish]), wish);
    for (let n = 0; n < 2; n += 1)
      expect(await isWritten(tables.bookings, removeClaims(tables.bookings, [a]))).toBe(true);
    expect(await holders(a)).toEqual(['b']);
  });

  test('stand in the way of whoever overlaps them, and of nobody who comes when they end', async () => {
    const claim = person();
    const wish = wishOf(claim, 'a', '02', '04');
    await isPut(await readClaims(tables.bookings, [wish]), wish);
    const claimed = async (other: ClaimWish) => isClaimed(await readClaims(tables.bookings, [other]), other);
    expect(await claimed(wishOf(claim, 'b', '03', '05'))).toBe(true);
    expect(await claimed(wishOf(claim, 'b', '01', '03'))).toBe(true);
    expect(await claimed(wishOf(claim, 'b', '04', '05'))).toBe(false);
    expect(await claimed(wishOf(claim, 'b', '01', '02'))).toBe(false);
    expect(await claimed(wish)).toBe(false);
    expect(await claimed(wishOf(person(), 'b', '03', '05'))).toBe(false);
  });
});

test('a user may have as many open orders as the carrier allows, and not one more', async () => {
  const userId = userIdSchema.parse('counted');
  const wish = {
    runId: runIdSchema.parse('G1~2026-12-20'),
    seats: 1,
    today: serviceDateSchema.parse('2026-12-01'),
  };
  const budgets = { openOrdersMax: 2, endedOrdersPerDayMax: 3, seatsPerRunMax: 18 };
  const more = () =>
    isWritten(tables.bookings, countHeld(tables.bookings, userId, { wish, counts: noCounts, budgets }));
  expect([await more(), await more(), await more()]).toEqual([true, true, false]);
});

describe('the record of a request', () => {
  let keys = 0;
  const newScope = () => ({
    userId: userIdSchema.parse('user'),
    route: 'orders',
    key: `key-${(keys += 1)}`,
    bodyHash: 'hash',
  });
  const busyUntil = plusSeconds(now, 15);
  const take = (scope: ReturnType<typeof newScope>, worker: string, at = now) =>
    takeRequest(tables.bookings, scope, { worker, now: at, busyUntil: plusSeconds(at, 15) });
  const answer = (scope: ReturnType<typeof newScope>, worker?: string) =>
    isWritten(
      tables.bookings,
      putReplay(tables.bookings, scope, { answer: 'a', ...(worker && { worker }), keptUntil: now }),
    );

  test('is one worker’s until its time is up, and that worker may take it again', async () => {
    const scope = newScope();
    expect(await take(scope, 'one')).toEqual({ outcome: 'first' });
    expect(await take(scope, 'one')).toEqual({ outcome: 'first' });
    expect(await take(scope, 'two')).toEqual({ outcome: 'in-progress' });
    expect(await readReplay(tables.bookings, scope, plusSeconds(busyUntil, -1))).toEqual({
      outcome: 'in-progress',
    });
    expect(await take(scope, 'two', busyUntil)).toEqual({ outcome: 'first' });
  });

  test('is answered by the worker that has it, and once', async () => {
    const scope = newScope();
    await take(scope, 'one');
    expect(await answer(scope, 'two')).toBe(false);
    expect(await answer(scope)).toBe(false);
    expect(await answer(scope, 'one')).toBe(true);
    expect(await answer(scope, 'one')).toBe(false);
    expect(await take(scope, 'two', plusSeconds(now, 86_400))).toEqual({ outcome: 'same', answer: 'a' });
  });

  test('is given up by the worker that has it alone', async () => {
    const scope = newScope();
    await take(scope, 'one');
    expect(await giveUpRequest(tables.bookings, scope, { worker: 'two', now })).toEqual({
      outcome: 'in-progress',
    });
    expect(await take(scope, 'two')).toEqual({ outcome: 'in-progress' });
    expect(await giveUpRequest(tables.bookings, scope, { worker: 'one', now })).toEqual({ outcome: 'first' });
    expect(await take(scope, 'two')).toEqual({ outcome: 'first' });
  });
});
