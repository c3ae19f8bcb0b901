import { importDemoFeed } from '../../cli/first-timetable.ts';
import type { Endpoints } from '../../infra/local/run/data-dir.ts';
import { readCarrier } from '../../shared/carriers/read-carrier.ts';
import { changedCarrier } from '../support/carrier-folder.ts';
import { testTables, type TestTables } from '../support/dynamo.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables?.stop());

const imported = (folder: string) => {
  const read = readCarrier(folder);
  if (read.outcome !== 'sound') throw new Error('the carrier is faulty');
  const { timetable, inventory, availability, bookings } = tables;
  const names = {
    timetable: timetable.name,
    inventory: inventory.name,
    availability: availability.name,
    bookings: bookings.name,
  };
  const endpoints = { dynamodb: tables.endpoint, tables: names } as Endpoints;
  return importDemoFeed({ endpoints, now: () => Date.parse('2026-12-01T00:00:00Z') }, folder, read);
};

test('a demo feed of another currency is refused with a line for each reason', async () => {
  const folder = changedCarrier({ currency: 'JPY' });
  const refused = await imported(folder).catch((error: unknown) => error as Error);
  expect(refused).toMatchObject({ name: 'UnusableCarrier' });
  expect((refused as Error).message.split('\n').slice(0, 2)).toEqual([
    'the feed in carriers/changed/demo cannot be imported:',
    'fares.csv:2: currency EUR: this carrier sells in JPY',
  ]);
});

test('the demo feed comes into an empty timetable, and never over another', async () => {
  const folder = changedCarrier();
  expect(await imported(folder)).toMatchObject({ trips: 14 });
  expect(await imported(folder)).toBeUndefined();
});
