import { auditTables } from '../../shared/audit/scan.ts';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { Run } from '../../shared/timetable/model.ts';
import {
  morningAfter,
  reconciledDay,
  reconcilingWorld,
  type ReconcilingWorld,
} from '../support/reconciling-world.ts';
import { found, put } from './guards/stored.ts';

/* What a provider keeps is in no order's partition: the audit sees it as well. */

let world: ReconcilingWorld;
let run: Run;
beforeEach(async () => {
  world = await reconcilingWorld();
  run = await world.openRun('2026-12-20', 2);
  await world.sell(run, 1);
  world.wait(morningAfter);
  await world.report();
});
afterEach(() => world.stop());

const id = `${reconciledDay.provider}-${reconciledDay.date}`;
const key = { pk: `BOOKS#${reconciledDay.provider}`, sk: `JOURNAL#${id}-provider-costs` };

const findings = async (): Promise<string[]> => {
  await world.count(run);
  const report = await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 });
  return report.findings
    .filter(({ subject: { kind } }) => kind === 'item' || kind === 'bill')
    .map(({ key: of }) => of);
};

const stored = async () => (await found(world.bookings, key))!;

test('costs that are booked as the bill has them are right', async () => {
  expect(await stored()).toMatchObject({ kind: 'provider-costs', currency: 'CNY' });
  expect(await findings()).toEqual([]);
});

test('costs are found that are booked in another currency, to another account, twice, or not at all', async () => {
  const entry = await stored();
  await put(world.bookings, { ...entry, currency: 'USD' });
  expect((await findings()).toSorted()).toEqual([`${id} CNY`, `${id} USD`]);

  const [first, second] = entry['legs'] as object[];
  await put(world.bookings, { ...entry, legs: [first, { ...second, account: 'fares' }] });
  expect(await findings()).toEqual([`${key.pk} ${key.sk}`]);

  await put(world.bookings, entry);
  await put(world.bookings, { ...entry, sk: `${key.sk}-2` });
  expect(await findings()).toEqual([`${key.pk} ${key.sk}-2`]);
  await world.bookings.client.send(
    new DeleteCommand({ TableName: world.bookings.name, Key: { ...key, sk: `${key.sk}-2` } }),
  );

  await world.bookings.client.send(new DeleteCommand({ TableName: world.bookings.name, Key: key }));
  expect(await findings()).toEqual([`${id} CNY`]);
});

test('an entry that cannot be read is told', async () => {
  await put(world.bookings, { ...(await stored()), legs: 'none' });
  const report = await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 });
  expect(report.findings.map(({ invariant, key: of }) => `${invariant} ${of}`)).toContain(
    `readable ${key.pk} ${key.sk}`,
  );
});

test('costs that a bill has changed since are no finding of the audit: a person was told', async () => {
  world.movements[0]!.cost += 7;
  expect((await world.report()).report).toMatchObject({ open: 1 });
  expect(await findings()).toEqual([]);
});
