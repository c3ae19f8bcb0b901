import fc from 'fast-check';
import { explicitFare, fareByDistance, fareFor, totalFare } from '../../../shared/fares/rules.ts';
import { classSchema, tripIdSchema } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';

const trip = (id: string) => tripIdSchema.parse(id);
const cls = (name: string) => classSchema.parse(name);

describe('the fare of a passenger', () => {
  test('is a share of the adult fare, half a minor unit rounded up', () => {
    const adult = money(5531, 'CNY');
    expect(fareFor(100, adult)).toEqual(adult);
    expect(fareFor(50, adult)).toEqual(money(2766, 'CNY'));
    expect(fareFor(75, adult)).toEqual(money(4148, 'CNY'));
  });

  test('is whole, never above the adult fare and never off by more than half a unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.nat(1_000_000_000), (percent, amount) => {
        const fare = fareFor(percent, money(amount, 'CNY')).amount;
        expect(Number.isSafeInteger(fare)).toBe(true);
        expect(fare).toBeLessThanOrEqual(amount);
        expect(Math.abs(fare - (amount * percent) / 100)).toBeLessThanOrEqual(0.5);
      }),
    );
  });
});

describe('the fare of a party', () => {
  test('is the sum of its passengers’ fares', () => {
    expect(totalFare([100, 50, 75], money(5531, 'CNY'))).toEqual(money(5531 + 2766 + 4148, 'CNY'));
  });

  test('is unknown where it would be nothing: that can be neither paid nor issued', () => {
    expect(totalFare([100, 50], money(0, 'CNY'))).toBeUndefined();
    expect(totalFare([], money(5531, 'CNY'))).toBeUndefined();
  });

  test('is at least one minor unit for anyone who pays half, however cheap', () => {
    for (const percent of [50, 75, 100])
      expect(totalFare([percent], money(1, 'CNY'))).toEqual(money(1, 'CNY'));
  });
});

describe('the fares of a pair of stops', () => {
  const fares = {
    currency: 'CNY',
    byTrip: { G1: { second: 700, '*': 50 }, '*': { second: 600, first: 900, '*': 40 } },
  };

  test.each([
    ['G1', 'second', 700],
    ['G1', 'first', 900],
    ['G1', 'business', 50],
    ['G3', 'second', 600],
    ['G3', 'business', 40],
  ])('for %s in %s is %d: the most exact counts', (tripId, name, amount) => {
    expect(explicitFare(fares, trip(tripId), cls(name))).toEqual(money(amount, 'CNY'));
  });

  test('have none for what is not named, whatever it is called', () => {
    const few = { currency: 'CNY', byTrip: { G1: { second: 700 } } };
    expect(explicitFare(few, trip('G3'), cls('second'))).toBeUndefined();
    expect(explicitFare(few, trip('constructor'), cls('name'))).toBeUndefined();
    expect(explicitFare(undefined, trip('G1'), cls('second'))).toBeUndefined();
  });

  test('are free where they are nothing, which is no price to sell at', () => {
    const free = { currency: 'CNY', byTrip: { G1: { second: 0 }, '*': { second: 700 } } };
    expect(explicitFare(free, trip('G1'), cls('second'))).toBe('free');
    expect(explicitFare(free, trip('G3'), cls('second'))).toEqual(money(700, 'CNY'));
  });
});

describe('the fare by distance', () => {
  const rate = { currency: 'CNY', perKilometre: 12, factors: { first: 1.6 } };

  test('is the rate times the kilometres times the factor of the class, to the nearest unit', () => {
    expect(fareByDistance(rate, 100_042, cls('second'))).toEqual(money(1201, 'CNY'));
    expect(fareByDistance(rate, 100_041, cls('second'))).toEqual(money(1200, 'CNY'));
    expect(fareByDistance(rate, 100_000, cls('first'))).toEqual(money(1920, 'CNY'));
  });

  test('is never nothing, and is not known where the distance is not', () => {
    expect(fareByDistance(rate, 0, cls('second'))).toEqual(money(1, 'CNY'));
    expect(fareByDistance(rate, undefined, cls('second'))).toBeUndefined();
    expect(fareByDistance(undefined, 100, cls('second'))).toBeUndefined();
  });
});
