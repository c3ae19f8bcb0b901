import fc from 'fast-check';
import { holdUntil } from '../../../shared/orders/rules.ts';
import { serviceDateSchema, stopIdSchema, tripIdSchema } from '../../../shared/platform/ids.ts';
import { inZone, instantSchema, plusSeconds, secondsBetween } from '../../../shared/platform/time.ts';
import { runOf, saleStateOf } from '../../../shared/timetable/rules.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';

const day = (text: string) => serviceDateSchema.parse(text);

const call = (stopId: string, hours: number) => ({
  stopId: stopIdSchema.parse(stopId),
  arrives: hours * 3600,
  departs: hours * 3600,
  boarding: true,
  alighting: true,
});

/** A night train in Berlin that leaves `A` at 23:30, `B` in the hour after midnight, and `C` in the morning. */
const nightTrain = (serviceDate: string) =>
  runOf({
    trip: {
      tripId: tripIdSchema.parse('n'),
      name: 'n',
      layoutId: 'l',
      days: Uint8Array.of(255),
      calls: [call('A', 23.5), call('B', 24.5), call('C', 30)],
    },
    serviceDate: day(serviceDate),
    version: {
      version: 'v1',
      importedAt: instantSchema.parse('2027-01-01T00:00:00.000Z'),
      timeZone: 'Europe/Berlin',
      firstDate: day('2027-01-01'),
      lastDate: day('2028-01-01'),
      stops: 3,
      trips: 1,
      tripBuckets: 1,
    },
    layouts: new Map([['l', { layoutId: 'l', coaches: [] }]]),
    stops: new Map(
      ['A', 'B', 'C'].map((id) => {
        const stopId = stopIdSchema.parse(id);
        return [stopId, { stopId, name: id, code: '', timeZone: 'Europe/Berlin' }];
      }),
    ),
  });

describe('a hold that is offered', () => {
  test.each([
    ['on an ordinary night', '2027-06-10', '2027-06-11T00:25:00+02:00'],
    ['in the night before the clocks go forward', '2027-03-27', '2027-03-28T00:25:00+01:00'],
    ['in the night before they go back', '2027-10-30', '2027-10-31T00:25:00+02:00'],
    // The service day counts from noon less twelve hours, an hour off midnight when clocks change.
    ['in the night after they went forward', '2027-03-28', '2027-03-29T00:25:00+02:00'],
    ['in the night after they went back', '2027-10-31', '2027-11-01T00:25:00+01:00'],
  ])('%s ends with the sale from its own stop, after midnight', (_, serviceDate, ends) => {
    const boarding = nightTrain(serviceDate).stops[1]!;
    const until = holdUntil(sampleCarrier, boarding.departs, plusSeconds(boarding.departs, -500));
    expect(inZone(until, 'Europe/Berlin')).toBe(ends);
  });

  test('is long enough to pay and over before departure, whenever it is asked for', () => {
    const { departs, stopId } = nightTrain('2027-10-31').stops[1]!;
    expect(stopId).toBe('B');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000_000 }), (milliseconds) => {
        const now = plusSeconds(departs, -milliseconds / 1000);
        fc.pre(saleStateOf('open', departs, sampleCarrier, now) === 'on-sale');
        const until = holdUntil(sampleCarrier, departs, now);
        expect(secondsBetween(now, until)).toBeGreaterThanOrEqual(sampleCarrier.holdSecondsMin);
        expect(secondsBetween(until, departs)).toBeGreaterThanOrEqual(sampleCarrier.saleClosesSeconds);
      }),
    );
  });
});
