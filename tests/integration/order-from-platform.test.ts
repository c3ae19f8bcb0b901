import { randomUUID } from 'node:crypto';
import { importTimetable } from '../../shared/feeds/import-timetable.ts';
import { searchJourneys } from '../../shared/journeys/search-journeys.ts';
import {
  classSchema,
  runIdSchema,
  serviceDateSchema,
  stopIdSchema,
  userIdSchema,
} from '../../shared/platform/ids.ts';
import { readOrder } from '../../shared/orders/store.ts';
import { placeOrder } from '../../shared/selling/place-order.ts';
import { putSales } from '../../shared/timetable/store.ts';
import { person } from '../support/person.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';
import { sampleLayouts } from '../support/sample-carrier.ts';
import { soundFeed, writeFeed } from '../support/sample-feed.ts';

let world: PurchaseWorld;
const day = serviceDateSchema.parse('2026-12-05');
const runId = runIdSchema.parse('day~2026-12-05');

beforeAll(async () => {
  world = await purchaseWorld();
  const source = writeFeed({
    'stops.txt':
      'stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n' +
      'SA,Altona,53.552,9.935,1,\nA,,53.552,9.935,0,SA\nA2,,53.552,9.935,0,SA\n' +
      'B,Berlin Hbf,52.525,13.369,0,\nSC,München Hbf,48.140,11.558,1,\nC,,48.140,11.558,0,SC\n',
    'calendar.txt': String(soundFeed['calendar.txt']).replace('20270101', '20261201'),
  });
  const importFeed = importTimetable({
    ...world.tables,
    now: world.clock,
    carrier: world.carrier,
    carrierLayouts: sampleLayouts,
  });
  const result = await importFeed({ source, options: { farePerKm: 10 } });
  expect(result.outcome).toBe('imported');
  await putSales(world.timetable, { from: day, until: day });
});
afterAll(() => world?.stop());

let passenger = 0;
const order = (from: string, to: string) => {
  const userId = userIdSchema.parse(`user-${(passenger += 1)}`);
  return placeOrder(world.dependencies)(
    {
      userId,
      runId,
      from: stopIdSchema.parse(from),
      to: stopIdSchema.parse(to),
      class: classSchema.parse('standard'),
      passengers: [{ name: '旅客', type: 'adult', document: person(passenger) }],
      contact: { email: 'someone@example.com', locale: 'zh-CN' },
      wishes: {},
    },
    {
      scope: { userId, route: 'orders', key: randomUUID(), bodyHash: '' },
      answer: ({ orderId }) => orderId,
    },
  );
};

test.each([
  ['A', 'C'],
  ['SA', 'SC'],
  ['A2', 'SC'],
  ['A', 'B'],
])('what search finds from %s to %s can be ordered so', async (from, to) => {
  const found = await searchJourneys(world.dependencies)({
    from: stopIdSchema.parse(from),
    to: stopIdSchema.parse(to),
    date: day,
    passengers: 1,
  });
  expect(found.outcome === 'accepted' && found.journeys.map((journey) => journey.runId)).toContain(runId);
  const placed = await order(from, to);
  if (placed.outcome === 'rejected') throw new Error(placed.reason);
  const stands = await readOrder(world.bookings, placed.answer as never, { consistent: true });
  expect(stands).toMatchObject({ state: 'held', from: { stopId: 'SA' } });
});

test('a stop where the run does not call is refused, whatever stands for it', async () => {
  expect(await order('A', 'gone')).toMatchObject({ outcome: 'rejected', reason: 'unknown-stop' });
});
