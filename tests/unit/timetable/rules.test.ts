import {
  layoutSchema,
  runStopSchema,
  type Run,
  type RunStop,
  type Trip,
} from '../../../shared/timetable/model.ts';
import { findStretch, isOnSale, runOf, runsOn, saleStateOf } from '../../../shared/timetable/rules.ts';
import { saleOn } from '../../../shared/timetable/sale-rules.ts';
import { serviceDateSchema, stopIdSchema, tripIdSchema } from '../../../shared/platform/ids.ts';
import { inZone, instantSchema } from '../../../shared/platform/time.ts';
import { sampleLayouts } from '../../support/sample-carrier.ts';

const stopId = (id: string) => stopIdSchema.parse(id);
const at = (text: string) => instantSchema.parse(text);
const day = (text: string) => serviceDateSchema.parse(text);

const stop = (id: string, hour: number, more: Partial<RunStop> = {}): RunStop =>
  runStopSchema.parse({
    stopId: id,
    name: id,
    timeZone: 'Asia/Shanghai',
    arrives: `2026-12-01T0${hour}:00:00.000Z`,
    departs: `2026-12-01T0${hour}:00:00.000Z`,
    boarding: true,
    alighting: true,
    ...more,
  });

const stretchOf = (stops: RunStop[], from: string, to: string, chosen = {}) =>
  findStretch({ stops }, stopId(from), stopId(to), chosen);

describe('the stretch between two stops', () => {
  const line = [stop('A', 1), stop('B', 2), stop('C', 3)];

  test('is the pair of their places in the run', () => {
    expect(stretchOf(line, 'A', 'C')).toEqual({ outcome: 'accepted', stretch: { from: 0, to: 2 } });
  });

  test.each([
    ['unknown-stop', 'A', 'X'],
    ['unknown-stop', 'X', 'A'],
    ['wrong-order', 'C', 'A'],
    ['wrong-order', 'B', 'B'],
  ])('is refused as %s from %s to %s', (reason, from, to) => {
    expect(stretchOf(line, from, to)).toEqual({ outcome: 'rejected', reason });
  });

  test('is refused where nobody may board or alight', () => {
    const closed = [stop('A', 1, { boarding: false }), stop('B', 2), stop('C', 3, { alighting: false })];
    expect(stretchOf(closed, 'A', 'B')).toMatchObject({ reason: 'no-boarding' });
    expect(stretchOf(closed, 'B', 'C')).toMatchObject({ reason: 'no-alighting' });
  });

  test('of a trip that calls twice is the shortest that can be sold, unless another is chosen', () => {
    const loop = [stop('A', 1), stop('B', 2), stop('A', 3), stop('C', 4), stop('B', 5)];
    expect(stretchOf(loop, 'A', 'B')).toMatchObject({ stretch: { from: 0, to: 1 } });
    expect(stretchOf(loop, 'B', 'A')).toMatchObject({ stretch: { from: 1, to: 2 } });
    expect(stretchOf(loop, 'A', 'C')).toMatchObject({ stretch: { from: 2, to: 3 } });
    expect(stretchOf(loop, 'A', 'B', { fromIndex: 2 })).toMatchObject({ stretch: { from: 2, to: 4 } });
    const noBoarding = loop.with(2, stop('A', 3, { boarding: false }));
    expect(stretchOf(noBoarding, 'A', 'C')).toMatchObject({ stretch: { from: 0, to: 3 } });
  });
});

describe('a run is on sale', () => {
  const sold = { tripId: tripIdSchema.parse('t'), trip: 'G1' };
  const sales = { from: day('2026-11-20'), until: day('2026-12-01') };
  const carrier = { saleClosesSeconds: 300, holdSecondsMin: 180 };
  const departs = at('2026-12-01T01:00:00.000Z');
  const stateAt = (now: string, date = '2026-12-01', opened: typeof sales | undefined = sales) =>
    saleStateOf(saleOn(opened, day(date))(sold), departs, carrier, at(now));

  test.each([
    ['on-sale', '2026-11-20T00:00:00.000Z'],
    ['on-sale', '2026-12-01T00:52:00.000Z'],
    ['closed', '2026-12-01T00:52:00.001Z'],
    ['closed', '2026-12-01T00:59:59.999Z'],
    ['departed', '2026-12-01T01:00:00.000Z'],
  ])(
    '%s at %s, with a departure at 01:00, the end of the sale five minutes before, and holds of three at least',
    (state, now) => {
      expect(stateAt(now)).toBe(state);
    },
  );

  test('only on dates that have been opened', () => {
    expect(stateAt('2026-11-21T00:00:00.000Z', '2026-12-02')).toBe('not-open-yet');
    expect(stateAt('2026-11-21T00:00:00.000Z', '2026-11-19')).toBe('closed');
    const unopened = saleOn(undefined, day('2026-12-01'))(sold);
    expect(saleStateOf(unopened, departs, carrier, at('2026-11-21T00:00:00.000Z'))).toBe('not-open-yet');
  });

  test('only while it has not been closed itself', () => {
    const run = { ...sold, stops: [stop('A', 1), stop('B', 2)] };
    const state = (runState: Run['state']) =>
      isOnSale(
        { ...run, state: runState },
        { from: 0, to: 1 },
        sales,
        carrier,
        at('2026-11-30T00:00:00.000Z'),
      );
    expect(state('open')).toBe('on-sale');
    expect(state('closed')).toBe('closed');
  });
});

describe('a trip on one of its days', () => {
  const version = {
    version: 'v1',
    importedAt: at('2026-01-01T00:00:00.000Z'),
    timeZone: 'Europe/Berlin',
    firstDate: day('2027-03-26'),
    lastDate: day('2027-03-29'),
    stops: 2,
    trips: 1,
    tripBuckets: 1,
  };
  const call = (id: string, hours: number) => ({
    stopId: stopId(id),
    arrives: hours * 3600,
    departs: hours * 3600,
    boarding: true,
    alighting: true,
    metres: hours * 1000,
  });
  const trip: Trip = {
    tripId: tripIdSchema.parse('n'),
    name: 'NJ 1',
    layoutId: 'standard',
    days: Uint8Array.of(0b0101),
    calls: [call('A', 1), call('B', 26)],
  };
  const localTimes = (date: string) => {
    const stops = new Map(
      ['A', 'B'].map((id) => [
        stopId(id),
        { stopId: stopId(id), name: id, code: id, timeZone: 'Europe/Berlin' },
      ]),
    );
    const run = runOf({
      trip,
      serviceDate: day(date),
      version,
      layouts: new Map([['standard', layoutSchema.parse(sampleLayouts.layouts[0])]]),
      stops,
    });
    return run.stops.map(({ departs, timeZone }) => inZone(departs, timeZone));
  };

  test('runs on the days whose bits are set, and on none outside', () => {
    const dates = ['2027-03-25', '2027-03-26', '2027-03-27', '2027-03-28', '2027-03-29', '2028-01-01'];
    expect(dates.map((date) => runsOn(trip.days, version, day(date)))).toEqual([
      false,
      true,
      false,
      true,
      false,
      false,
    ]);
  });

  test('keeps the clock of its zone past midnight', () => {
    expect(localTimes('2027-03-26')).toEqual(['2027-03-26T01:00:00+01:00', '2027-03-27T02:00:00+01:00']);
  });

  test('counts from noon less twelve hours on the day when clocks go forward', () => {
    // Clocks jump from 02:00 to 03:00 on this day: "01:00" is one hour earlier than the clock would say.
    expect(localTimes('2027-03-28')).toEqual(['2027-03-28T00:00:00+01:00', '2027-03-29T02:00:00+02:00']);
    expect(localTimes('2027-03-27')[1]).toBe('2027-03-28T03:00:00+02:00');
  });
});
