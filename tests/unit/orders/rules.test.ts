import fc from 'fast-check';
import { orderTransitions, type OrderState } from '../../../shared/orders/model.ts';
import { claimDays, holdUntil, overlaps, reservationOf } from '../../../shared/orders/rules.ts';
import { instantOf, instantSchema, plusSeconds } from '../../../shared/platform/time.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';
import { sampleOrder } from '../../support/sample-order.ts';

const now = instantSchema.parse('2026-12-01T00:00:00.000Z');
const at = (seconds: number) => plusSeconds(now, seconds);

describe('how long a hold lasts', () => {
  test.each([
    ['long before departure', 7200, 900],
    ['a second nearer than two hours', 7199, 600],
    ['never beyond the end of the sale', 800, 500],
    ['to the second before it', 901, 600],
  ])('%s', (_, departsIn, lasts) => {
    expect(holdUntil(sampleCarrier, at(departsIn), now)).toBe(at(lasts));
  });
});

describe('travel times', () => {
  test('touch without overlapping', () => {
    expect(overlaps({ from: at(0), to: at(10) }, { from: at(10), to: at(20) })).toBe(false);
    expect(overlaps({ from: at(0), to: at(11) }, { from: at(10), to: at(20) })).toBe(true);
    expect(overlaps({ from: at(5), to: at(6) }, { from: at(0), to: at(20) })).toBe(true);
  });

  test('are claimed on every day they touch, midnight excluded where they end at it', () => {
    const time = (from: string, to: string) => ({
      from: instantSchema.parse(from),
      to: instantSchema.parse(to),
    });
    expect(claimDays(time('2028-02-28T22:00:00.000Z', '2028-02-29T01:00:00.000Z'))).toEqual([
      '2028-02-28',
      '2028-02-29',
    ]);
    expect(claimDays(time('2026-12-31T22:00:00.000Z', '2027-01-01T00:00:00.000Z'))).toEqual(['2026-12-31']);
  });

  test('that overlap share a day', () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 500_000 }), fc.integer({ min: 1, max: 200_000 }))
      .map(([start, length]) => ({ from: instantOf(start * 1000), to: instantOf((start + length) * 1000) }));
    fc.assert(
      fc.property(time, time, (a, b) => {
        fc.pre(overlaps(a, b));
        expect(claimDays(a).some((day) => claimDays(b).includes(day))).toBe(true);
      }),
    );
  });
});

describe('the states of an order', () => {
  test('can all be reached', () => {
    const reached = new Set<OrderState | 'absent'>(['absent']);
    for (const state of reached) for (const next of orderTransitions[state]) reached.add(next);
    expect(reached.size).toBe(Object.keys(orderTransitions).length);
  });

  test('tell the workflow what it finds', () => {
    expect(reservationOf(undefined, now)).toEqual({ outcome: 'ended' });
    const held = sampleOrder('held');
    expect(reservationOf(held, plusSeconds(held.expiresAt, -2.5))).toEqual({
      outcome: 'held',
      secondsLeft: 3,
    });
    expect(reservationOf(held, held.expiresAt)).toEqual({ outcome: 'due' });
    expect(reservationOf(sampleOrder('paid'), now)).toEqual({ outcome: 'paid' });
    expect(reservationOf(sampleOrder('issued'), now)).toEqual({ outcome: 'ended' });
  });
});
