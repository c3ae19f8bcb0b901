import fc from 'fast-check';
import { stopIdSchema, tripIdSchema } from '../../../shared/platform/ids.ts';
import { packCalls, packTrips, unpackCalls, unpackTrips } from '../../../shared/timetable/packed.ts';

const seconds = fc.nat(240 * 3600);
const call = {
  arrives: seconds,
  departs: seconds,
  boarding: fc.boolean(),
  alighting: fc.boolean(),
};
const optional = {
  metres: fc.nat(10_000_000),
  startTime: fc.stringMatching(/^[0-9]{4}$/),
};
const days = fc.constantFrom(Buffer.from([1, 2, 3]), Buffer.from([255, 0]), Buffer.alloc(0));
const name = fc.string({ maxLength: 10 });
const tripId = fc.string({ minLength: 1, maxLength: 10 }).map((id) => tripIdSchema.parse(id));
const stopId = fc.string({ minLength: 1, maxLength: 3 }).map((id) => stopIdSchema.parse(id));
const trip = { tripId, name, layoutId: name, days, startTime: optional.startTime };

test('calls come out of an item as they went in', () => {
  const stopCall = fc.record(
    { ...trip, ...call, metres: optional.metres, index: fc.nat(60), stopCount: fc.nat(60) },
    {
      requiredKeys: [
        'tripId',
        'name',
        'layoutId',
        'days',
        'arrives',
        'departs',
        'boarding',
        'alighting',
        'index',
        'stopCount',
      ],
    },
  );
  fc.assert(
    fc.property(fc.array(stopCall), (calls) => {
      expect(unpackCalls(packCalls(calls))).toEqual(calls);
    }),
  );
});

test('trips come out of an item as they went in', () => {
  const tripCall = fc.record(
    { ...call, stopId, metres: optional.metres },
    { requiredKeys: ['stopId', 'arrives', 'departs', 'boarding', 'alighting'] },
  );
  const whole = fc.record(
    { ...trip, calls: fc.array(tripCall) },
    { requiredKeys: ['tripId', 'name', 'layoutId', 'days', 'calls'] },
  );
  fc.assert(
    fc.property(fc.array(whole), (trips) => {
      expect(unpackTrips(packTrips(trips))).toEqual(trips);
    }),
  );
});

test('a call of a feed of many takes some 20 bytes', () => {
  const calls = Array.from({ length: 2000 }, (_, n) => ({
    tripId: tripIdSchema.parse(String(n * 7)),
    name: `ICE ${n}`,
    layoutId: 'standard',
    days: Buffer.from([n % 100, n % 7, 255, 255]),
    index: n % 20,
    stopCount: 20,
    arrives: 20_000 + ((n * 61) % 60_000),
    departs: 20_060 + ((n * 61) % 60_000),
    boarding: true,
    alighting: true,
    metres: (n * 997) % 800_000,
  }));
  expect(packCalls(calls).length / calls.length).toBeLessThan(25);
});
