import { DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { auditTables } from '../../shared/audit/scan.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { plusSeconds } from '../../shared/platform/time.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { freeOrphans } from '../../shared/upkeep/free-orphans.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { issuePaidOrder } from '../support/order-by-id.ts';
import { by } from '../support/faulty-table.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

const scan = async ({ client, name }: Table) =>
  (await client.send(new ScanCommand({ TableName: name }))).Items ?? [];
const findings = async () =>
  (await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 })).findings;

const issued = async (run: Awaited<ReturnType<PurchaseWorld['openRun']>>, person = 1) => {
  const orderId = await world.held(run, [person]);
  const payment = await world.pay(orderId);
  world.buyerPays(payment);
  await recordNotification(world)('alipay', {
    notificationId: `n-${payment.paymentId}`,
    paymentNumber: payment.paymentId,
    says: { kind: 'captured', providerTrade: `trade-${payment.paymentId}`, paid: payment.amount },
  });
  await applyPayment(world)(payment.paymentId);
  await issuePaidOrder(world)(orderId);
};

const day = (date: string) => Date.parse(`${date}T00:00:00Z`) / 1000;

test('seats, views and runs have an end, long after the last day on which late money may take a seat', async () => {
  const run = await world.openRun('2026-12-20', 1);
  await world.order(run, [1]);
  await world.count(run);
  expect(await scan(world.inventory)).toMatchObject([{ ttl: day('2027-02-18') }]);
  expect(await scan(world.availability)).toMatchObject([{ ttl: day('2027-02-18') }]);
  const frozen = (await scan(world.timetable)).find(({ sk }) => sk === run.runId);
  expect(frozen).toMatchObject({ ttl: day('2027-03-20') });
});

test('an issued order outlives its seats, its run and its view, in whatever order they go', async () => {
  const run = await world.openRun('2026-12-20', 1);
  await issued(run);
  await world.count(run);
  expect(await findings()).toEqual([]);
  const { inventory, availability, timetable } = world;
  const remove = (table: Table, Key: Record<string, unknown>) =>
    table.client.send(new DeleteCommand({ TableName: table.name, Key }));
  world.pass(60 * 86_400);
  expect((await cleanUp(world)({ hasTime: () => true })).failed).toEqual([]);
  expect(await findings()).toEqual([]);
  world.pass(30 * 86_400);
  await remove(timetable, { pk: 'frozen#2026-12-20', sk: run.runId });
  expect(await findings()).toEqual([]);
  for (const { pk } of await scan(inventory)) await remove(inventory, { pk });
  expect(await findings()).toEqual([]);
  await remove(availability, { pk: run.runId });
  expect(await findings()).toEqual([]);
});

test('seats that are lost before their time are found', async () => {
  const run = await world.openRun('2026-12-20', 1);
  await issued(run);
  for (const { pk } of await scan(world.inventory))
    await world.inventory.client.send(new DeleteCommand({ TableName: world.inventory.name, Key: { pk } }));
  world.pass(30 * 86_400);
  expect((await findings()).map(({ invariant }) => invariant)).toEqual(['item-owns-piece']);
});

test('a sweep asks for the same however many runs are past, and nothing at all between two sweeps', async () => {
  const today = world.time.now;
  const soldOn = async (date: string) => {
    const run = await world.openRun(date, 1);
    await world.held(run, [1]);
    await world.held(run, [2]);
  };
  const sweep = async (more: { sweepEverySeconds?: number } = {}) => {
    const asked: Record<string, number> = {};
    const counted = (table: Table) =>
      by(table, (command, send) => {
        const { TableName } = (command as { input: { TableName?: string } }).input;
        const kind = `${(command as object).constructor.name} ${TableName ?? ''}`;
        asked[kind] = (asked[kind] ?? 0) + 1;
        return send(command);
      });
    const { bookings, inventory, availability, timetable } = world;
    const tables = {
      bookings: counted(bookings),
      inventory: counted(inventory),
      availability: counted(availability),
      timetable: counted(timetable),
    };
    await freeOrphans({ ...tables, clock: world.clock })({ hasTime: () => true, ...more });
    return asked;
  };
  const later = plusSeconds(today, 40 * 86_400);
  await soldOn('2026-12-05');
  world.time.now = later;
  await soldOn('2027-01-12');
  world.pass(200);
  const first = await sweep();
  world.time.now = today;
  for (let day = 6; day < 9; day += 1) await soldOn(`2026-12-0${day}`);
  world.time.now = later;
  world.pass(200);
  expect(await sweep()).toEqual({ [`GetCommand ${world.bookings.name}`]: 1 });
  expect(await sweep({ sweepEverySeconds: 0 })).toEqual(first);
}, 60_000);

test('the clean-up asks for the same however many orders have been sold, and their years cost nothing', async () => {
  const asked = async (): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    const bookings = by(world.bookings, async (command, send) => {
      const { input } = command as { input: { ReturnConsumedCapacity?: string } };
      input.ReturnConsumedCapacity = 'TOTAL';
      const answer = (await send(command)) as { ConsumedCapacity?: { CapacityUnits?: number } };
      const kind = (command as object).constructor.name;
      counts[kind] = (counts[kind] ?? 0) + 1;
      counts[`${kind} units`] =
        (counts[`${kind} units`] ?? 0) + (answer.ConsumedCapacity?.CapacityUnits ?? 0);
      return answer;
    });
    expect((await cleanUp({ ...world.dependencies, bookings })({ hasTime: () => true })).seen).toBe(0);
    return counts;
  };
  const soldOn = async (date: string) => {
    const run = await world.openRun(date, 1);
    for (const person of [1, 2, 3]) await issued(run, person);
  };
  await soldOn('2026-12-05');
  world.time.now = plusSeconds(world.time.now, 36 * 86_400);
  await cleanUp(world)({ hasTime: () => true });
  const first = await asked();
  // 16 shards of what is due, 4 of what needs a person.
  expect(first['QueryCommand']).toBe(20);

  for (const date of ['2027-01-12', '2027-01-13', '2027-01-14', '2027-01-15']) await soldOn(date);
  expect(await asked()).toEqual(first);
  // Their passengers are forgotten; then nothing is asked of them for years.
  world.time.now = plusSeconds(world.time.now, 41 * 86_400);
  await cleanUp(world)({ hasTime: () => true });
  for (let year = 0; year < 2; year += 1) {
    expect(await asked()).toEqual(first);
    world.time.now = plusSeconds(world.time.now, 365 * 86_400);
  }
}, 60_000);
