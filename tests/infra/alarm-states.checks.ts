import { isOff, type Datapoint } from '../support/alarms/evaluate-alarm.ts';
import { assembly, functionNamed, ofType } from './synthesis.ts';
import { alarmNamed, alarmsOfTemplate, nameOf } from './watched-alarms.ts';

const minute = 60_000;
const hour = 60 * minute;
/** A whole hour somewhere in time: when the deployment has run for no time at all. */
const start = 3_000_000_000_000 - (3_000_000_000_000 % hour);

beforeAll(() => void assembly(), 120_000);

/** The names of the alarms that are off at a time. */
const off = (points: readonly Datapoint[], at: number): string[] =>
  [...alarmsOfTemplate()]
    .filter(([, alarm]) => isOff(alarm, points, { now: start + at, nameOf }))
    .map(([name]) => name);

/** The same value again and again. */
const every = (period: number, [from, until]: [number, number], point: Omit<Datapoint, 'at'>): Datapoint[] =>
  Array.from({ length: Math.max(0, Math.ceil((until - from) / period)) }, (_, n) => ({
    ...point,
    at: start + from + n * period,
  }));

const own = (name: string, value: number) => ({
  namespace: 'Keyun',
  name,
  dimensions: { stage: 'dev' },
  value,
});

const ofFunction = (entry: string, name: string, value: number) => {
  const [FunctionName] = functionNamed(assembly().whole, entry);
  return { namespace: 'AWS/Lambda', name, dimensions: { FunctionName }, value };
};

const ofTable = (id: string, name: string, value: number) => {
  const [TableName = ''] =
    ofType(assembly().whole, 'AWS::DynamoDB::Table').find(([one]) => one.startsWith(id)) ?? [];
  return { namespace: 'AWS/DynamoDB', name, dimensions: { TableName }, value };
};

const ofPurchase = (name: string, value: number) => {
  const [[StateMachineArn = ''] = []] = ofType(assembly().whole, 'AWS::StepFunctions::StateMachine');
  return { namespace: 'AWS/States', name, dimensions: { StateMachineArn }, value };
};

/** What is written when nothing is sold: the clean-up of every minute, the sweep of every five, the bills of every hour. */
const nothingSold = (from: number, until: number): Datapoint[] => [
  ...every(minute, [from + minute, until], own('AttentionWaiting', 0)),
  ...every(minute, [from + minute, until], own('AttentionOldest', 0)),
  ...every(minute, [from + minute, until], ofFunction('schedule/clean-up', 'Errors', 0)),
  ...every(5 * minute, [from + 5 * minute, until], ofFunction('schedule/free-orphans', 'Invocations', 1)),
  ...every(5 * minute, [from + 5 * minute, until], ofFunction('schedule/free-orphans', 'Errors', 0)),
  ...['ReconciliationDifferences', 'ReconciliationLate', 'LedgerImbalance'].flatMap((name) =>
    every(hour, [from + minute, until], own(name, 0)),
  ),
];

/** A write to a table whose streams are read this many milliseconds later, or never. */
const write = (table: string, at: number, readers: Readonly<Record<string, number>>): Datapoint[] => [
  ...every(1, [at, at + 1], ofTable(table, 'ConsumedWriteCapacityUnits', 1)),
  ...Object.entries(readers).flatMap(([entry, later]) =>
    every(1, [at + later, at + later + 1], ofFunction(entry, 'Invocations', 1)),
  ),
];

const sold = (at: number): Datapoint[] => [
  ...write('Inventory', at, { 'events/update-availability': 1_500, 'events/watch-holds': 30_500 }),
  ...write('Bookings', at, { 'events/publish-events': 800 }),
];

const wentOff = (
  points: readonly Datapoint[],
  [from, until]: [number, number],
  step = minute,
): Set<string> => {
  const names = new Set<string>();
  for (let at = from; at <= until; at += step) for (const name of off(points, at)) names.add(name);
  return names;
};

describe('quiet', () => {
  test('nothing goes off from the third minute of a deployment on, and in its first night, with nothing sold', () => {
    const points = nothingSold(0, 13 * hour);
    expect(wentOff(points, [3 * minute, hour])).toEqual(new Set());
    expect(wentOff(points, [hour, 13 * hour], 10 * minute)).toEqual(new Set());
  });

  test('nothing goes off when little is sold, even at the end of a period', () => {
    const at = [hour - 100, 2 * hour - 20_000, 3 * hour - 100, 3 * hour + 7 * minute];
    const points = [...nothingSold(0, 6 * hour), ...at.flatMap(sold)];
    expect(wentOff(points, [10 * minute, 6 * hour], minute)).toEqual(new Set());
  }, 60_000);

  test('one workflow that dies restarts without waking anybody; three in a quarter of an hour do', () => {
    const one = [...nothingSold(0, hour), ...every(minute, [0, minute], ofPurchase('ExecutionsFailed', 1))];
    expect(off(one, 5 * minute)).toEqual([]);
    const three = [...one, ...every(minute, [minute, 3 * minute], ofPurchase('ExecutionsTimedOut', 1))];
    expect(off(three, 5 * minute)).toEqual(['workflows-restart']);
    expect(off(three, 20 * minute)).toEqual([]);
  });

  test('one slow request among a few says nothing; among a hundred it does', () => {
    const [[ApiId = ''] = []] = ofType(assembly().whole, 'AWS::ApiGatewayV2::Api');
    const requests = (count: number, milliseconds: number) =>
      ['Count', 'Latency'].flatMap((name) =>
        every((20 * minute) / count, [0, 20 * minute], {
          namespace: 'AWS/ApiGateway',
          name,
          dimensions: { ApiId },
          value: name === 'Count' ? 1 : milliseconds,
        }),
      );
    expect(off([...nothingSold(0, hour), ...requests(40, 4000)], 20 * minute)).toEqual([]);
    expect(off([...nothingSold(0, hour), ...requests(800, 4000)], 20 * minute)).toEqual(['api-slow']);
    expect(off([...nothingSold(0, hour), ...requests(800, 200)], 20 * minute)).toEqual([]);
  });
});

describe('silence', () => {
  test('a clean-up that stops is one alarm, within eleven minutes, and it ends when the clean-up runs again', () => {
    const stops = 2 * hour;
    const sweeps = nothingSold(0, 5 * hour).filter(({ namespace }) => namespace === 'AWS/Lambda');
    const points = [
      ...sweeps,
      ...nothingSold(0, stops).filter(({ namespace }) => namespace === 'Keyun'),
      ...nothingSold(3 * hour, 5 * hour).filter(({ namespace }) => namespace === 'Keyun'),
    ];
    expect(off(points, stops)).toEqual([]);
    expect(wentOff(points, [stops, 3 * hour])).toEqual(new Set(['clean-up-stopped']));
    expect(off(points, stops + 11 * minute)).toEqual(['clean-up-stopped']);
    expect(off(points, 3 * hour + 3 * minute)).toEqual([]);
  });

  test('a clean-up that fails for an item at every turn is one alarm, and not that it stopped', () => {
    const points = [
      ...nothingSold(0, hour),
      ...every(minute, [10 * minute, hour], ofFunction('schedule/clean-up', 'Errors', 1)),
    ];
    expect(off(points, 40 * minute)).toEqual(['clean-up-fails']);
  });

  test('a sweep that stops is noticed', () => {
    const points = nothingSold(0, 3 * hour).filter(
      ({ name, at }) => name !== 'Invocations' || at < start + hour,
    );
    expect(off(points, hour)).toEqual([]);
    expect(off(points, hour + 15 * minute)).toEqual(['sweep-stopped']);
  });

  test('a reconciliation that stops is noticed, and ends when it runs again', () => {
    const points = nothingSold(0, 16 * hour).filter(
      ({ name, at }) => name !== 'ReconciliationLate' || at < start + 3 * hour || at > start + 10 * hour,
    );
    expect(off(points, 5 * hour)).toEqual([]);
    expect(off(points, 9 * hour)).toEqual(['bills-late']);
    expect(off(points, 15 * hour)).toEqual([]);
  });

  test.each([
    ['events/publish-events', 'stream-stopped-bookings-stream', 12 * minute],
    ['events/update-availability', 'stream-stopped-inventory-stream', 12 * minute],
    ['events/watch-holds', 'stream-stopped-holds-stream', 2 * hour],
  ])('a stream that %s no longer reads is noticed while its table is written', (entry, alarm, within) => {
    const dies = hour;
    const points = [
      ...nothingSold(0, 6 * hour),
      ...Array.from({ length: 100 }, (_, n) => sold(n * 3 * minute)).flat(),
    ].filter(({ dimensions, name, at }) => {
      const [FunctionName] = functionNamed(assembly().whole, entry);
      return !(dimensions['FunctionName'] === FunctionName && name === 'Invocations' && at > start + dies);
    });
    expect(off(points, dies)).toEqual([]);
    expect(off(points, dies + within + minute)).toContain(alarm);
    expect(off(points, dies + within + minute).filter((name) => name !== alarm)).toEqual([]);
  });

  test('a table that refuses for a while is an alarm that ends, although its metric then stays away', () => {
    const points = [
      ...nothingSold(0, 2 * hour),
      ...every(minute, [10 * minute, 30 * minute], ofTable('Inventory', 'WriteThrottleEvents', 9)),
    ];
    expect(off(points, 30 * minute)).toEqual(['tables-throttled']);
    expect(off(points, 45 * minute)).toEqual([]);
  });
});

test('refunds that wait for a person are an alarm of their own, and anything else beside them is another', () => {
  const waiting = (count: number) => [
    ...every(minute, [10 * minute, 30 * minute], own('AttentionWaiting', count)),
    ...every(minute, [10 * minute, 30 * minute], own('RefundsParked', 1)),
  ];
  const at = (count: number) => off([...nothingSold(0, hour), ...waiting(count)], 30 * minute);
  expect(at(1)).toEqual(['refunds-parked']);
  expect(at(2)).toEqual(['refunds-parked', 'attention-waiting']);
});

test('something that needs a person is an alarm until it is settled', () => {
  const waits = every(minute, [10 * minute, 30 * minute], own('AttentionWaiting', 1));
  const points = [...nothingSold(0, hour), ...waits];
  expect(off(points, 30 * minute)).toEqual(['attention-waiting']);
  expect(off(points, 40 * minute)).toEqual([]);
  expect(alarmNamed('attention-old').of).toBe(1);
});
