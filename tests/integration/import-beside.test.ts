import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planSmoke } from '../../cli/smoke/plan.ts';
import { smokeClass, writeSmokeFeed } from '../../cli/smoke/write-feed.ts';
import { importBeside } from '../../shared/feeds/import-beside.ts';
import { searchJourneys } from '../../shared/journeys/search-journeys.ts';
import { classSchema, userIdSchema } from '../../shared/platform/ids.ts';
import { placeOrder } from '../../shared/selling/place-order.ts';
import { changeSales } from '../../shared/timetable/open-sales.ts';
import { listWhatNeedsAPerson } from '../../shared/upkeep/attention.ts';
import { everythingIn } from '../support/everything-in.ts';
import { importingWorld, late, type ImportingWorld } from '../support/importing-world.ts';
import { person } from '../support/person.ts';
import { sampleLayouts } from '../support/sample-carrier.ts';

let world: ImportingWorld;
beforeEach(async () => {
  world = await importingWorld();
  await world.imported();
});
afterEach(() => world.stop());

const plan = () => planSmoke(world.carrier, { id: '01ABC', now: world.time.now, timeScale: 1 });

const importTestCarrier = (change?: (source: string) => void) => {
  const { timetable, carrier, clock: now } = world;
  const folder = mkdtempSync(join(tmpdir(), 'keyun-beside-'));
  const { source, options } = writeSmokeFeed(folder, plan(), carrier);
  change?.(source);
  return importBeside({ timetable, now, carrier, carrierLayouts: sampleLayouts })(source, options);
};

const orderBeside = (n: number) => {
  const { from, to, soon } = plan();
  const userId = userIdSchema.parse(`user-${n}`);
  return placeOrder(world.dependencies)(
    {
      userId,
      runId: soon.runId,
      from,
      to,
      class: classSchema.parse(smokeClass),
      passengers: [{ name: `旅客${n}`, type: 'adult', document: person(n) }],
      contact: { email: 'someone@example.com', locale: 'zh-CN' },
      wishes: {},
    },
    {
      scope: { userId, route: 'orders', key: `order-${n}`, bodyHash: `${n}` },
      answer: ({ orderId }) => orderId,
    },
  );
};

const openSale = () => {
  const { mark, soon, later } = plan();
  const dates = { from: soon.date, until: later.date };
  return changeSales(
    world.timetable,
    { what: 'open', subject: { kind: 'route', id: mark }, dates },
    soon.date,
  );
};

test('what is imported beside the timetable is sold by its id alone, and search knows nothing of it', async () => {
  const before = [await world.journeys(), await world.listed()];
  const imported = await importTestCarrier();
  const { soon, later, from, to } = plan();
  expect(imported).toMatchObject({
    runs: [{ runId: soon.runId }, { runId: later.runId }],
  });
  await openSale();
  expect(await orderBeside(1)).toMatchObject({ outcome: 'accepted' });
  expect(await orderBeside(2)).toMatchObject({ outcome: 'rejected', reason: 'sold-out' });
  expect([await world.journeys(), await world.listed()]).toEqual(before);
  const search = { from, to, date: soon.date, passengers: 1, languages: [] };
  expect(await searchJourneys(world.dependencies)(search)).toMatchObject({ reason: 'unknown-from' });
});

test('no import touches it, and nobody is called', async () => {
  await importTestCarrier();
  await openSale();
  await orderBeside(1);
  const report = await world.imported(late);
  expect(report).toMatchObject({ changedRuns: [], waitingRuns: [], keptRuns: [] });
  await world.cleanUpAfter(60);
  expect(await orderBeside(2)).toMatchObject({ reason: 'sold-out' });
  expect(await listWhatNeedsAPerson(world.bookings, { perShardMax: 10 })).toEqual({ items: [], more: false });
});

test('a feed with a fault is refused with a line for each, and nothing is written', async () => {
  const before = await everythingIn(world.tables);
  const refused = await importTestCarrier((source) =>
    writeFileSync(join(source, 'trips.txt'), 'route_id,service_id,trip_id\nnone,none,none\n'),
  );
  expect(refused).toEqual({ outcome: 'refused', why: expect.arrayContaining([expect.any(String)]) });
  expect(await everythingIn(world.tables)).toEqual(before);
});
