import { join } from 'node:path';
import type { LambdaApiHandler } from '../../functions/middleware/api-handler.ts';
import { importTimetable } from '../../shared/feeds/import-timetable.ts';
import { instantOf, localDateOf, plusDays } from '../../shared/platform/time.ts';
import { openSales } from '../../shared/timetable/open-sales.ts';
import { send } from '../unit/functions/api-request.ts';
import { testTables, type TestTables } from '../support/dynamo.ts';
import { sampleCarrier, sampleLayouts } from '../support/sample-carrier.ts';

let tables: TestTables;
let findStops: LambdaApiHandler;
let searchJourneys: LambdaApiHandler;
let getRun: LambdaApiHandler;
const clock = () => instantOf(Date.now());
const today = localDateOf(clock(), 'Asia/Shanghai');
const date = plusDays(today, 7);
const demo = join(import.meta.dirname, '../../carriers/cn-rail/demo');

beforeAll(async () => {
  tables = await testTables();
  Object.assign(process.env, {
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
    TIMETABLE_TABLE: tables.timetable.name,
    AVAILABILITY_TABLE: tables.availability.name,
  });
  ({ handler: findStops } = await import('../../functions/api/timetable/find-stops.ts'));
  ({ handler: searchJourneys } = await import('../../functions/api/timetable/search-journeys.ts'));
  ({ handler: getRun } = await import('../../functions/api/timetable/get-run.ts'));
  const importFeed = importTimetable({
    ...tables,
    now: clock,
    carrier: sampleCarrier,
    carrierLayouts: sampleLayouts,
  });
  const options = { layouts: join(demo, 'layouts.json'), fares: join(demo, 'fares.csv') };
  const result = await importFeed({ source: demo, options });
  expect(result).toMatchObject({ outcome: 'imported', report: { warnings: [], leftOut: [] } });
  await openSales(tables.timetable, { from: today, until: plusDays(today, 14) }, today);
});
afterAll(() => tables?.stop());

const queryOf = (values: Record<string, string>) => new URLSearchParams(values).toString();
const journeys = async (values: Record<string, string>) => {
  const { status, body } = await send(searchJourneys, { query: queryOf(values) });
  return { status, body, list: (body['journeys'] ?? []) as Record<string, unknown>[] };
};

describe('GET /v1/stops', () => {
  test.each(['北京南', 'VNP', 'bjn', '北京'])('finds 北京南 by %s', async (query) => {
    const { status, body } = await send(findStops, { query: queryOf({ query }) });
    expect(status).toBe(200);
    expect(body).toEqual({
      stops: [{ stopId: 'VNP', name: '北京南', code: 'VNP', timeZone: 'Asia/Shanghai' }],
    });
  });

  test('wants to know what is looked for', async () => {
    for (const query of ['', 'query=', 'query=%20', `query=${'x'.repeat(101)}`]) {
      const { status, body } = await send(findStops, { query });
      expect([status, body['type']]).toEqual([422, expect.stringContaining('invalid-input')]);
    }
  });
});

describe('GET /v1/journeys', () => {
  test('says what passengers of each type pay, and all of them together', async () => {
    const { list } = await journeys({ from: 'VNP', to: 'AOH', date, types: 'adult,child,adult' });
    const second = (list[0]?.['classes'] as { class: string }[]).find((each) => each.class === 'second');
    expect(second).toMatchObject({
      fare: { amount: 55_300, currency: 'CNY' },
      fares: [
        { type: 'adult', fare: { amount: 55_300, currency: 'CNY' } },
        { type: 'child', fare: { amount: 27_650, currency: 'CNY' } },
      ],
      total: { amount: 138_250, currency: 'CNY' },
    });
  });

  test.each([
    ['child', 'has a passenger who may not travel alone: GET /v1/carrier says with whom'],
    ['adult,pirate', 'must be passenger types of this carrier: GET /v1/carrier lists them'],
    ['adult,,child', 'must be one to nine passenger types with commas between, such as adult,adult,child'],
    [
      Array.from({ length: 10 }, () => 'adult').join(','),
      'must be one to nine passenger types with commas between, such as adult,adult,child',
    ],
  ])('prices nobody whom no order could have: %s', async (types, message) => {
    const { status, body } = await journeys({ from: 'VNP', to: 'AOH', date, types });
    expect([status, body['errors']]).toEqual([422, [{ field: 'types', message }]]);
  });

  test('lists the runs of a day in order of departure, with fares and seats of every class', async () => {
    const { status, body, list } = await journeys({ from: 'VNP', to: 'AOH', date });
    expect(status).toBe(200);
    expect(Date.parse(String(body['asOf']))).toBeLessThanOrEqual(Date.now());
    const departures = list.map(({ from }) => (from as { departs: string }).departs);
    expect(departures).toHaveLength(24);
    expect(departures).toEqual(departures.toSorted());
    expect(list.find(({ trip }) => trip === 'G1')).toEqual({
      runId: `G1~${date}`,
      trip: 'G1',
      from: { stopId: 'VNP', name: '北京南', departs: `${date}T09:00:00+08:00` },
      to: { stopId: 'AOH', name: '上海虹桥', arrives: `${date}T13:28:00+08:00` },
      durationMinutes: 268,
      classes: [
        { class: 'business', fare: { amount: 174800, currency: 'CNY' }, seatsLeft: 24 },
        { class: 'first', fare: { amount: 93300, currency: 'CNY' }, seatsLeft: 148 },
        { class: 'second', fare: { amount: 55300, currency: 'CNY' }, seatsLeft: 1065 },
      ],
    });
  });

  test('says what can be taken instead of a class, if asked', async () => {
    const values = {
      from: 'VNP',
      to: 'AOH',
      date,
      alternatives: 'true',
      runId: `G1~${date}`,
      class: 'second',
    };
    const { status, body } = await journeys(values);
    expect(status).toBe(200);
    expect(body).toMatchObject({ insteadOf: { runId: `G1~${date}`, classes: ['second'] } });
    const alternatives = body['alternatives'] as { kind: string }[];
    expect(alternatives.map(({ kind }) => kind)).toEqual([
      'other-class',
      'other-class',
      'later-run',
      'later-run',
      'later-run',
    ]);
    expect(alternatives[0]).toEqual({
      kind: 'other-class',
      fare: { amount: 93300, currency: 'CNY' },
      seatsLeft: 148,
      durationMinutes: 268,
      asOf: expect.any(String),
      legs: [
        {
          runId: `G1~${date}`,
          trip: 'G1',
          from: { stopId: 'VNP', name: '北京南', departs: `${date}T09:00:00+08:00` },
          to: { stopId: 'AOH', name: '上海虹桥', arrives: `${date}T13:28:00+08:00` },
          class: 'first',
          seatsLeft: 148,
        },
      ],
      orders: [
        {
          runId: `G1~${date}`,
          from: 'VNP',
          to: 'AOH',
          fromIndex: 0,
          toIndex: expect.any(Number),
          class: 'first',
        },
      ],
    });
  });

  test('lists none beyond the dates that are on sale, nor in the past', async () => {
    for (const other of [plusDays(today, 15), plusDays(today, -1), '2035-12-31', '2040-01-01']) {
      expect(await journeys({ from: 'VNP', to: 'AOH', date: other })).toMatchObject({
        status: 200,
        list: [],
      });
    }
  });

  test.each([
    ['from', { from: 'XXX', to: 'AOH', date }],
    ['to', { from: 'VNP', to: 'XXX', date }],
    ['to', { from: 'VNP', to: 'VNP', date }],
    ['to', { from: 'VNP', date }],
    ['date', { from: 'VNP', to: 'AOH', date: '2026-02-29' }],
    ['date', { from: 'VNP', to: 'AOH', date: '1.12.2026' }],
    ['passengers', { from: 'VNP', to: 'AOH', date, passengers: '10' }],
    ['passengers', { from: 'VNP', to: 'AOH', date, passengers: 'two' }],
    ['alternatives', { from: 'VNP', to: 'AOH', date, alternatives: 'yes' }],
    ['runId', { from: 'VNP', to: 'AOH', date, alternatives: 'true', runId: `K1~${date}` }],
    ['class', { from: 'VNP', to: 'AOH', date, alternatives: 'true', runId: `G1~${date}`, class: 'none' }],
  ])('names the field %s of %j', async (field, values) => {
    const { status, body } = await journeys(values as unknown as Record<string, string>);
    expect(status).toBe(422);
    expect(body['errors'] ?? body['fields']).toEqual([expect.objectContaining({ field })]);
  });
});

describe('GET /v1/runs/{runId}', () => {
  test('tells stops, times and classes', async () => {
    const { status, body } = await send(getRun, { path: { runId: `K1~${date}` } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ trip: 'K1', serviceDate: date, classes: [{ class: 'second', seats: 4 }] });
    expect(body['stops']).toMatchObject([
      { index: 0, stopId: 'OHH', departs: `${date}T21:30:00+08:00` },
      { index: 1, stopId: 'KNH', arrives: `${date}T21:38:00+08:00`, departs: `${date}T21:40:00+08:00` },
      { index: 2, stopId: 'AOH', arrives: `${date}T21:53:00+08:00` },
    ]);
  });

  test.each(['G1~2036-01-01', 'G999~2026-12-01', 'G1', 'x~y~z'])('finds none called %s', async (runId) => {
    expect(await send(getRun, { path: { runId } })).toMatchObject({ status: 404 });
  });
});
