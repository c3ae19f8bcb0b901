import { draftOrder } from '../../shared/selling/draft-order.ts';
import { mailView } from '../../shared/notifications/mail-view.ts';
import { readRun } from '../../shared/timetable/store.ts';
import { journeyIn } from '../../shared/timetable/rules.ts';
import { runIdSchema } from '../../shared/platform/ids.ts';
import { sampleCarrier } from '../support/sample-carrier.ts';
import { sampleOrder } from '../support/sample-order.ts';
import { timetableWorld, type TimetableWorld } from '../support/timetable-world.ts';

let world: TimetableWorld;

const translated = {
  'feed_info.txt': 'feed_publisher_name,feed_lang\nNordbahn,de\n',
  'trips.txt': [
    'route_id,service_id,trip_id,trip_short_name,trip_headsign',
    'R1,daily,day,ICE 701,München',
    'R2,daily,night,,München',
    '',
  ].join('\n'),
  'translations.txt': [
    'table_name,field_name,language,translation,record_id,record_sub_id,field_value',
    'stops,stop_name,en,Munich Central,C,,',
    'stops,stop_name,zh-Hans,慕尼黑中央,C,,',
    'trips,trip_headsign,en,Munich,,,München',
    'routes,route_long_name,en,Night train,,,Nachtzug',
    '',
  ].join('\n'),
};

beforeAll(async () => {
  world = await timetableWorld();
  await world.imported(translated, { farePerKm: 10 });
  await world.open('2027-06-01', '2027-06-30');
});
afterAll(() => world?.tables.stop());

const namesOf = async (languages: string[]) =>
  (await world.search('A', 'C', '2027-06-02', languages)).map(({ trip, headsign, to }) => [
    trip,
    headsign,
    to.name,
  ]);

test('a search answers in the language of its reader, and else as the feed writes', async () => {
  const german = [
    ['ICE 701', 'München', 'München Hbf'],
    ['Nachtzug', 'München', 'München Hbf'],
  ];
  expect(await namesOf([])).toEqual(german);
  expect(await namesOf(['de-AT', 'en'])).toEqual(german);
  expect(await namesOf(['fr'])).toEqual(german);
  expect(await namesOf(['en-GB'])).toEqual([
    ['ICE 701', 'Munich', 'Munich Central'],
    ['Night train', 'Munich', 'Munich Central'],
  ]);
  expect(await namesOf(['zh-CN'])).toEqual([
    ['ICE 701', 'München', '慕尼黑中央'],
    ['Nachtzug', 'München', '慕尼黑中央'],
  ]);
});

test('an order keeps the translations of its journey, for answers and mails', async () => {
  const run = await readRun(world.tables.timetable, runIdSchema.parse('night~2027-06-02'));
  if (!run) throw new Error('the run is missing');
  const sample = sampleOrder('held');
  const order = draftOrder({
    orderId: sample.orderId,
    run,
    stretch: { from: 0, to: 2 },
    passengers: [],
    places: [],
    adultFare: { amount: 100, currency: 'EUR' },
    carrier: sampleCarrier,
    now: sample.createdAt,
    request: {
      userId: sample.userId,
      runId: run.runId,
      class: sample.class,
      passengers: [],
      wishes: {},
      from: run.stops[0]!.stopId,
      to: run.stops[2]!.stopId,
      contact: sample.contact!,
    },
  });
  expect(journeyIn(['en'], order)).toMatchObject({
    trip: 'Night train',
    headsign: 'Munich',
    to: { stopId: 'C', name: 'Munich Central' },
  });
  const contact = { ...order.contact!, locale: 'zh-CN' as const };
  const news = { event: 'order-held' as const, order: { ...order, contact }, tickets: [] };
  const { journey } = mailView({ ...news, carrier: sampleCarrier });
  expect([journey.trip, journey.to.name]).toEqual(['Nachtzug', '慕尼黑中央']);
});
