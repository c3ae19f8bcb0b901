import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { auditTables } from '../../shared/audit/scan.ts';
import { readAvailability } from '../../shared/inventory/availability-store.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { userIdSchema } from '../../shared/platform/ids.ts';
import { by } from '../support/faulty-table.ts';
import { orderFor } from '../support/order-for.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

/** A run whose view says that it is sold out, though all its seats were given back: their stream records were lost. */
const wronglySoldOut = async (): Promise<Run> => {
  const run = await world.openRun('2026-12-21', 1);
  const orderIds = [];
  for (let n = 1; n <= 5; n += 1) orderIds.push(await world.held(run, [n], { user: `user-${n}` }));
  await world.count(run);
  for (const [n, orderId] of orderIds.entries())
    await cancelOrder(world)(orderId, userIdSchema.parse(`user-${n + 1}`));
  return run;
};

const changeView = (run: Run, attributes: Record<string, unknown>) =>
  world.availability.client.send(
    new UpdateCommand({
      TableName: world.availability.name,
      Key: { pk: run.runId },
      UpdateExpression: `SET ${Object.keys(attributes).map((name) => `#${name} = :${name}`)}`,
      ExpressionAttributeNames: Object.fromEntries(Object.keys(attributes).map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [`:${name}`, value]),
      ),
    }),
  );

const viewOf = async (run: Run) => (await readAvailability(world.availability, [run.runId])).get(run.runId);

/** A table that counts the requests to it by their kind. */
const counting = (table: Table) => {
  const kinds: Record<string, number> = {};
  const counted = by(table, (command, send) => {
    const kind = (command as object).constructor.name.replace('Command', '');
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    return send(command);
  });
  return { table: counted, kinds };
};

test('a view whose last change was lost refuses for some seconds, and is then counted anew', async () => {
  const run = await wronglySoldOut();
  expect(await world.order(run, [20])).toEqual({ outcome: 'rejected', reason: 'sold-out' });
  world.pass(6);
  expect(await world.order(run, [20])).toMatchObject({ outcome: 'accepted' });
  expect((await viewOf(run))?.asOf).toBe(world.time.now);
});

test('a crowd before a run that is sold out has it counted once in some seconds, and else reads only', async () => {
  const run = await world.openRun('2026-12-21', 1);
  for (let n = 1; n <= 5; n += 1) await world.held(run, [n], { user: `user-${n}` });
  await world.count(run);
  const [availability, inventory, bookings] = [
    counting(world.availability),
    counting(world.inventory),
    counting(world.bookings),
  ];
  const tables = { availability: availability.table, inventory: inventory.table, bookings: bookings.table };
  const crowd = async (size: number) => {
    const answers = await Promise.all(
      Array.from({ length: size }, (_, n) =>
        orderFor({ ...world.dependencies, ...tables }, run, [50 + n], { user: `loser-${n}` }),
      ),
    );
    for (const answer of answers) expect(answer).toEqual({ outcome: 'rejected', reason: 'sold-out' });
  };
  world.pass(3600);
  await crowd(20);
  expect(inventory.kinds).toEqual({ BatchGet: 1 });
  expect(availability.kinds).toMatchObject({ BatchGet: 20, Put: 1 });
  expect(Object.keys(bookings.kinds)).toEqual(['Get']);

  const claims = availability.kinds['Update'];
  for (let second = 0; second < 4; second += 1) {
    world.pass(1);
    await crowd(5);
  }
  expect(availability.kinds).toMatchObject({ BatchGet: 40, Put: 1, Update: claims });
  world.pass(2);
  await crowd(5);
  expect(availability.kinds).toMatchObject({ BatchGet: 45, Put: 2 });
  expect(inventory.kinds).toEqual({ BatchGet: 2 });
});

test('one who died while counting keeps nobody from it for longer than some seconds', async () => {
  const run = await wronglySoldOut();
  world.pass(60);
  const dies = by(world.inventory, () => Promise.reject(new Error('died')));
  expect(await orderFor({ ...world.dependencies, inventory: dies }, run, [20])).toMatchObject({
    reason: 'sold-out',
  });
  expect(await world.order(run, [20])).toMatchObject({ reason: 'sold-out' });
  world.pass(5);
  expect(await world.order(run, [20])).toMatchObject({ outcome: 'accepted' });
});

test.each([
  ['a view from the future', { asOf: '2027-01-01T00:00:00.000Z' }],
  ['a claim from the future', { countClaimedAt: '2027-01-01T00:00:00.000Z' }],
  ['a view of an older version of the run', { feedVersion: 'older' }],
  ['a view of a run with another number of stops', { stopCount: 2 }],
])('%s refuses nobody for long', async (_, attributes) => {
  const run = await wronglySoldOut();
  await changeView(run, attributes);
  world.pass(6);
  expect(await world.order(run, [20])).toMatchObject({ outcome: 'accepted' });
});

test('a clock that is set back does not make a view last', async () => {
  const run = await wronglySoldOut();
  world.pass(-3600);
  expect(await world.order(run, [20])).toMatchObject({ outcome: 'accepted' });
});

test('a run that was sold out before it was ever counted gets its view from the first who finds nothing', async () => {
  const run = await world.openRun('2026-12-21', 1);
  for (let n = 1; n <= 5; n += 1) await world.held(run, [n], { user: `user-${n}` });
  expect(await viewOf(run)).toBeUndefined();
  expect(await world.order(run, [20])).toMatchObject({ reason: 'sold-out' });
  expect(await viewOf(run)).toMatchObject({ asOf: world.time.now, version: 1 });
  const inventory = counting(world.inventory);
  expect(await orderFor({ ...world.dependencies, inventory: inventory.table }, run, [21])).toMatchObject({
    reason: 'sold-out',
  });
  expect(inventory.kinds).toEqual({});
});

test('whoever has only taken it on to count leaves no view behind', async () => {
  const run = await world.openRun('2026-12-21', 1);
  await world.held(run, [1]);
  await changeView(run, { countClaimedAt: world.time.now });
  expect(await viewOf(run)).toBeUndefined();
  await world.count(run);
  expect(await viewOf(run)).toMatchObject({ version: 1 });
  const { Item } = await world.availability.client.send(
    new GetCommand({ TableName: world.availability.name, Key: { pk: run.runId } }),
  );
  expect(Item).not.toHaveProperty('countClaimedAt');
});

test('the audit calls a view wrong that stays so between its looks, or is of another time or version', async () => {
  const findings = async () =>
    (await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 })).findings.map(
      ({ invariant, severity }) => [invariant, severity],
    );
  const run = await wronglySoldOut();
  expect(await findings()).toEqual([]);
  world.pass(11);
  expect(await findings()).toEqual([['view-true', 'serious']]);
  await world.count(run);
  expect(await findings()).toEqual([]);
  await changeView(run, { asOf: '2027-01-01T00:00:00.000Z' });
  expect(await findings()).toEqual([['view-true', 'serious']]);
  await world.count(run);
  await changeView(run, { feedVersion: 'older' });
  world.pass(11);
  expect(await findings()).toEqual([['view-true', 'serious']]);
});

test('a view that is counted between the two looks is no fault', async () => {
  const run = await wronglySoldOut();
  world.pass(60);
  let counting: Promise<unknown> = Promise.resolve();
  const { findings } = await auditTables({
    ...world.dependencies,
    secondLookMilliseconds: 500,
    onProgress: ({ step }) => {
      if (step === 'second look') counting = world.count(run);
    },
  });
  await counting;
  expect(findings).toEqual([]);
});

/** `keyun availability` as a program of its own, on the world's tables. */
const keyunAvailability = (...flags: string[]) => {
  const { bookings, inventory, availability, timetable, endpoint } = world.tables;
  return promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, '../../cli/keyun.ts'), 'availability', ...flags],
    {
      env: {
        ...process.env,
        BOOKINGS_TABLE: bookings.name,
        INVENTORY_TABLE: inventory.name,
        AVAILABILITY_TABLE: availability.name,
        TIMETABLE_TABLE: timetable.name,
        AWS_ENDPOINT_URL_DYNAMODB: endpoint,
        AWS_REGION: 'local',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      },
    },
  );
};

test('a person has a run counted anew by a command, or all runs of a day', async () => {
  const run = await wronglySoldOut();
  const before = await viewOf(run);
  const [named, ofDay, unknown] = await Promise.all([
    keyunAvailability('recount', run.runId),
    keyunAvailability('recount', '--date', '2026-12-21', '--json'),
    keyunAvailability('recount', 'G999~2026-12-21').catch((error: unknown) => error),
  ]);
  expect(named.stdout).toBe(`${run.runId}  free from first to last stop: 5 second\n`);
  expect(JSON.parse(ofDay.stdout)).toMatchObject([{ runId: run.runId, free: { second: 5 } }]);
  expect(unknown).toMatchObject({ stderr: 'keyun: the run G999~2026-12-21 has never had an order\n' });
  expect((await viewOf(run))?.version).toBe((before?.version ?? 0) + 2);
}, 60_000);
