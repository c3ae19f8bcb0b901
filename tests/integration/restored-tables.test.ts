import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { auditTables } from '../../shared/audit/scan.ts';
import type { Finding } from '../../shared/audit/model.ts';
import { isCaptured, type Payment } from '../../shared/payments/model.ts';
import { readPayment } from '../../shared/payments/store.ts';
import { paymentIdSchema, type OrderId } from '../../shared/platform/ids.ts';
import { readOrder } from '../../shared/orders/store.ts';
import { freeOrphans } from '../../shared/upkeep/free-orphans.ts';
import { restoreSeats } from '../../shared/upkeep/restore-seats.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { copyOf, restoreTo } from '../support/copied-tables.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';
import { tableEnvironment } from '../support/table-environment.ts';

/** The drill of docs/how-to/restore.md: tables come back from different moments, and the sale opens again. */
jest.setTimeout(120_000);
let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

/** The clean-up of some minutes. */
const minutes = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n += 1) {
    world.pass(60);
    expect((await world.sweep()).failed).toEqual([]);
  }
};

const buy = async (run: Run, person: number): Promise<{ orderId: OrderId; payment: Payment }> => {
  const orderId = await world.held(run, [person]);
  const payment = await world.pay(orderId);
  world.buyerPays(payment);
  await world.notify(payment);
  await minutes(3);
  await world.standing(orderId, 'issued');
  return { orderId, payment };
};

const seatOf = async (orderId: OrderId): Promise<string> => {
  const order = await readOrder(world.bookings, orderId, { consistent: true });
  if (!order || order.state === 'void') throw new Error('no such order');
  return Object.values(order.items)
    .map(({ place }) => `${place.shard.shard}-${place.piece.seat}`)
    .join();
};

const audit = async (): Promise<Finding[]> =>
  (await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 })).findings;

const ordersIn = (findings: readonly Finding[], invariant: string): string[] =>
  findings.flatMap(({ invariant: broken, subject }) =>
    broken === invariant && subject.kind === 'order' ? [subject.orderId] : [],
  );

/** What the command of the how-to does with these tables. */
const repairSeats = async (): Promise<unknown> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['cli/keyun.ts', 'repair', 'seats', '--json'],
    { cwd: join(import.meta.dirname, '../..'), env: tableEnvironment(world.tables, world.time.now) },
  );
  return JSON.parse(stdout);
};

/** The payments that the provider has captured and that the tables do not know: their money must be found by its books. */
const unknownCaptures = async (): Promise<string[]> => {
  const captured = [...world.bank.trades].flatMap(([id, { state }]) => (state === 'captured' ? [id] : []));
  const stored = await Promise.all(
    captured.map((id) => readPayment(world.bookings, paymentIdSchema.parse(id))),
  );
  return captured.filter((_, n) => {
    const payment = stored[n];
    return !payment || !isCaptured(payment);
  });
};

test('tables from different moments are repaired: seats, pending money, views; what was bought later is named', async () => {
  const run = await world.nextRun({ count: 4 });
  const before = await buy(run, 1);
  const inventory = await copyOf(world.inventory);
  const between = await world.held(run, [2]);
  const betweenPayment = await world.pay(between);
  const betweenSeat = await seatOf(between);
  const bookings = await copyOf(world.bookings);
  const timetable = await copyOf(world.timetable);
  // The sale goes on after the moment, and none of it will be in the tables.
  world.buyerPays(betweenPayment);
  await world.notify(betweenPayment);
  const after = await buy(run, 3);
  const afterSeat = await seatOf(after.orderId);

  await restoreTo(world.inventory, inventory);
  await restoreTo(world.bookings, bookings);
  await restoreTo(world.timetable, timetable);
  await restoreTo(world.availability, []);

  const broken = await audit();
  expect(ordersIn(broken, 'item-owns-piece')).toEqual([between]);
  expect(await repairSeats()).toEqual([expect.objectContaining({ orderId: between, now: 'taken-again' })]);
  expect(await restoreSeats(world)(between)).toMatchObject([{ outcome: { outcome: 'accepted' } }]);
  await world.count(run);
  expect(ordersIn(await audit(), 'item-owns-piece')).toEqual([]);

  // The notification came after the moment, so it is lost; the clean-up asks the provider.
  await minutes(4);
  await world.standing(between, 'issued');
  expect(await seatOf(between)).toBe(betweenSeat);
  await world.expectClean(run);

  // Nothing in the tables knows the third order: only the provider does, and says so with every repeated notification.
  expect(await unknownCaptures()).toEqual([after.payment.paymentId]);
  expect(await world.notify(after.payment)).toEqual({ outcome: 'rejected', reason: 'unknown-payment' });

  // The sale opens again. Its two seats are sold once each in the tables; one is also on the third passenger's paper.
  const [one, other] = [await buy(run, 4), await buy(run, 5)];
  const seats = await Promise.all([before, one, other].map(({ orderId }) => seatOf(orderId)));
  expect(new Set([...seats, betweenSeat]).size).toBe(4);
  expect(seats).toContain(afterSeat);
  expect(await world.order(run, [6])).toMatchObject({ outcome: 'rejected' });
  await world.expectClean(run);
});

test('if Inventory is kept, what was sold after the moment stays unsold until a person has decided', async () => {
  const run = await world.nextRun({ count: 3 });
  await buy(run, 1);
  const bookings = await copyOf(world.bookings);
  const lost = await buy(run, 2);
  const lostSeat = await seatOf(lost.orderId);
  await restoreTo(world.bookings, bookings);

  world.pass(20 * 60);
  const named = (await audit()).filter(({ invariant }) => invariant === 'piece-named');
  expect(named.map(({ what }) => what)).toEqual([expect.stringContaining(lost.orderId)]);

  // The sale opens again, without the daily sweep.
  const sold = await buy(run, 3);
  expect(await seatOf(sold.orderId)).not.toBe(lostSeat);
  expect(await world.order(run, [4])).toMatchObject({ outcome: 'rejected' });
  await minutes(30);
  expect(await world.order(run, [4])).toMatchObject({ outcome: 'rejected' });

  // The passenger got the money back: the sweep releases the seat, and the order can never come back.
  await freeOrphans(world.dependencies)({ hasTime: () => true });
  expect(await readOrder(world.bookings, lost.orderId, { consistent: true })).toMatchObject({
    state: 'void',
  });
  const last = await buy(run, 4);
  expect(await seatOf(last.orderId)).toBe(lostSeat);
  await world.expectClean(run);
});

test('a seat that somebody else has is never taken away: a person must decide', async () => {
  const run = await world.nextRun({ count: 1 });
  const inventory = await copyOf(world.inventory);
  const first = await buy(run, 1);
  await restoreTo(world.inventory, inventory);
  await restoreTo(world.availability, []);
  // The sale was opened before the repair.
  const second = await buy(run, 2);
  expect(await restoreSeats(world)(first.orderId)).toMatchObject([
    { outcome: { outcome: 'rejected', reason: 'taken' } },
  ]);
  expect(ordersIn(await audit(), 'item-owns-piece')).toEqual([first.orderId]);
  expect((await world.owned(run)).map(({ owner }) => owner)).toHaveLength(1);
  await world.standing(second.orderId, 'issued');
});
