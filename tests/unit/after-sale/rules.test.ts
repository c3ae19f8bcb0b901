import fc from 'fast-check';
import { feeOf, quote, refundRulesOn } from '../../../shared/after-sale/rules.ts';
import type { RefundRules } from '../../../shared/platform/after-sale/refund-rules.ts';
import { assembleCarrier, carrierFolderOf } from '../../../shared/platform/carrier-folder.ts';
import { serviceDateSchema } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';
import { instantOf, plusSeconds, type Instant } from '../../../shared/platform/time.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';

const at = (text: string): Instant => instantOf(Date.parse(text));
const fen = (amount: number) => money(amount, 'CNY');

const shipped = (name: string): RefundRules => {
  const rules = refundRulesOn(assembleCarrier(carrierFolderOf(name)), at('2026-12-01T12:00:00Z'));
  if (!rules) throw new Error(`${name} has no rules`);
  return rules;
};

/** The share that a shipped carrier keeps at this moment, or why it pays nothing back. */
const keptAt = (name: string, { departs, zone }: { departs: string; zone: string }, now: Instant) => {
  const boarding = { departsAt: at(departs), timeZone: zone };
  const outcome = quote(shipped(name), boarding, [{ price: fen(100_000), freedom: undefined }], now);
  if (outcome.outcome === 'rejected') return outcome.reason;
  const [{ rule }] = outcome.quotes as [(typeof outcome.quotes)[number]];
  return rule.percent;
};

/** The shares a second before a moment, at it, and a second after it. */
const around = (name: string, departure: { departs: string; zone: string }, moment: string) =>
  [-1, 0, 1].map((seconds) => keptAt(name, departure, plusSeconds(at(moment), seconds)));

describe('the limits of cn-rail, a second before, at and a second after', () => {
  const departure = { departs: '2026-12-20T09:00:00+08:00', zone: 'Asia/Shanghai' };

  test.each([
    ['eight days', '2026-12-12T09:00:00+08:00', [0, 0, 5]],
    ['48 hours', '2026-12-18T09:00:00+08:00', [5, 5, 10]],
    ['24 hours', '2026-12-19T09:00:00+08:00', [10, 10, 20]],
    ['the departure', '2026-12-20T09:00:00+08:00', [20, 'too-late-to-refund', 'too-late-to-refund']],
  ])('%s', (_, moment, shares) => {
    expect(around('cn-rail', departure, moment)).toEqual(shares);
  });
});

describe('the limits of the other carriers', () => {
  const bus = { departs: '2027-02-10T08:00:00+01:00', zone: 'Europe/Berlin' };
  const train = { departs: '2027-02-10T08:00:00-08:00', zone: 'America/Los_Angeles' };

  test.each([
    ['eu-coach', bus, '2027-02-03T08:00:00+01:00', [0, 0, 25]],
    ['eu-coach', bus, '2027-02-09T08:00:00+01:00', [25, 25, 50]],
    ['eu-coach', bus, '2027-02-10T07:45:00+01:00', [50, 50, 'too-late-to-refund']],
    ['us-rail', train, '2027-01-27T08:00:00-08:00', [0, 0, 15]],
    ['us-rail', train, '2027-02-09T08:00:00-08:00', [15, 15, 25]],
    ['air', bus, '2027-02-03T08:00:00+01:00', [20, 20, 50]],
    ['air', bus, '2027-02-10T06:00:00+01:00', [50, 50, 80]],
    ['air', bus, '2027-02-10T08:00:00+01:00', [80, 90, 90]],
    ['air', bus, '2027-03-12T08:00:00+01:00', [90, 90, 'too-late-to-refund']],
  ])('%s, departing at %j, around %s', (name, departure, moment, shares) => {
    expect(around(name, departure, moment)).toEqual(shares);
  });
});

describe('a day is a day of the calendar where the passenger boards, an hour is an hour', () => {
  const inBerlin = (departs: string) => ({ departs, zone: 'Europe/Berlin' });
  const inLosAngeles = (departs: string) => ({ departs, zone: 'America/Los_Angeles' });

  test.each([
    // Clocks go forward on 28 March 2027: 30 days are an hour shorter, and so is the day before the 29th.
    [
      '30 days over the spring',
      'us-rail',
      inLosAngeles('2027-03-20T08:00:00-07:00'),
      '2027-03-06T08:00:00-08:00',
      [0, 0, 15],
    ],
    [
      'a day over the spring',
      'eu-coach',
      inBerlin('2027-03-28T18:00:00+02:00'),
      '2027-03-27T18:00:00+01:00',
      [25, 25, 50],
    ],
    [
      'a day back to a time that does not exist',
      'eu-coach',
      inBerlin('2027-03-29T02:30:00+02:00'),
      '2027-03-28T03:30:00+02:00',
      [25, 25, 50],
    ],
    [
      '24 hours over the spring',
      'us-rail',
      inLosAngeles('2027-03-14T18:00:00-07:00'),
      '2027-03-13T17:00:00-08:00',
      [15, 15, 25],
    ],
    // Clocks go back on 31 October 2027 in Europe, and on 7 November in America.
    [
      'a day over the autumn',
      'eu-coach',
      inBerlin('2027-10-31T18:00:00+01:00'),
      '2027-10-30T18:00:00+02:00',
      [25, 25, 50],
    ],
    [
      'a day back to a time that comes twice: the first',
      'eu-coach',
      inBerlin('2027-11-01T02:30:00+01:00'),
      '2027-10-31T02:30:00+02:00',
      [25, 25, 50],
    ],
    [
      '24 hours over the autumn',
      'us-rail',
      inLosAngeles('2027-11-07T18:00:00-08:00'),
      '2027-11-06T19:00:00-07:00',
      [15, 15, 25],
    ],
    [
      'across midnight',
      'cn-rail',
      { departs: '2026-12-20T00:05:00+08:00', zone: 'Asia/Shanghai' },
      '2026-12-19T00:05:00+08:00',
      [10, 10, 20],
    ],
    [
      'midnight itself',
      'cn-rail',
      { departs: '2027-01-01T00:00:00+08:00', zone: 'Asia/Shanghai' },
      '2026-12-24T00:00:00+08:00',
      [0, 0, 5],
    ],
    [
      'over 29 February',
      'cn-rail',
      { departs: '2028-03-05T09:00:00+08:00', zone: 'Asia/Shanghai' },
      '2028-02-26T09:00:00+08:00',
      [0, 0, 5],
    ],
    [
      'over the end of a February of 28 days',
      'cn-rail',
      { departs: '2027-03-05T09:00:00+08:00', zone: 'Asia/Shanghai' },
      '2027-02-25T09:00:00+08:00',
      [0, 0, 5],
    ],
    [
      'back to 29 February',
      'eu-coach',
      inBerlin('2028-03-01T09:00:00+01:00'),
      '2028-02-29T09:00:00+01:00',
      [25, 25, 50],
    ],
    [
      'where the day is another one than in UTC',
      'eu-coach',
      { departs: '2027-01-10T00:30:00+13:00', zone: 'Pacific/Auckland' },
      '2027-01-03T00:30:00+13:00',
      [0, 0, 25],
    ],
  ])('%s', (_, name, departure, moment, shares) => {
    expect(around(name, departure, moment)).toEqual(shares);
  });
});

describe('the fee', () => {
  const cnRail = shipped('cn-rail');

  test.each([
    ['under a quarter goes down', 20, 1120, 200],
    ['a quarter goes up to a half', 20, 1125, 250],
    ['just under three quarters stays a half', 20, 1370, 250],
    ['three quarters goes up', 20, 1375, 300],
    ['parts of a fen count: under a quarter', 5, 4499, 200],
    ['parts of a fen count: a quarter', 5, 4500, 250],
    ['a usual fare', 5, 55_300, 2750],
    ['at least ¥2', 5, 500, 200],
    ['never more than the price', 20, 150, 150],
    ['nothing where nothing is due', 0, 55_300, 0],
    ['nothing of nothing', 20, 0, 0],
    ['everything', 100, 55_300, 55_300],
  ])('of cn-rail: %s', (_, percent, price, fee) => {
    expect(feeOf(cnRail, { percent }, fen(price))).toEqual(fen(fee));
  });

  test.each([
    ['a fixed amount beside the share', {}, { percent: 25, fixed: 200 }, 1990, 698],
    ['a fixed amount alone', {}, { percent: 0, fixed: 200 }, 1990, 200],
    ['half a minor unit goes up', {}, { percent: 50 }, 1991, 996],
    ['a greatest fee', { feeMax: 500 }, { percent: 50 }, 1990, 500],
    ['a least fee, and a fixed amount alone', { feeMin: 300 }, { percent: 0, fixed: 200 }, 1990, 300],
    [
      'the share is rounded, the fixed amount is not',
      { roundTo: 100 },
      { percent: 25, fixed: 33 },
      1990,
      533,
    ],
  ])('%s', (_, rules, tier, price, fee) => {
    expect(feeOf(rules, tier, fen(price))).toEqual(fen(fee));
  });

  test('is from nothing to the price, whatever the rules', () => {
    const amount = fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined });
    const rules = fc.record({ roundTo: amount, feeMin: amount, feeMax: amount });
    const tier = fc.record({ percent: fc.integer({ min: 0, max: 100 }), fixed: amount });
    fc.assert(
      fc.property(rules, tier, fc.nat(10_000_000), (each, kept, price) => {
        const fee = feeOf(each, kept, fen(price)).amount;
        return Number.isInteger(fee) && fee >= 0 && fee <= price;
      }),
    );
  });
});

describe('a ticket keeps the rules of the day on which it was ordered', () => {
  const versionOf = (percent: number): RefundRules => ({
    offerSeconds: 600,
    beforeDeparture: [{ atLeast: 'PT0H', percent }],
  });
  const carrier = {
    ...sampleCarrier,
    afterSale: {
      versions: [
        { refund: versionOf(1) },
        { from: serviceDateSchema.parse('2027-01-01'), refund: versionOf(2) },
        { from: serviceDateSchema.parse('2027-02-01'), refund: versionOf(3) },
      ],
    },
  };

  test.each([
    ['1999-01-01T00:00:00+08:00', 1],
    ['2026-12-31T23:59:59+08:00', 1],
    ['2027-01-01T00:00:00+08:00', 2],
    ['2027-01-01T00:00:01+08:00', 2],
    ['2027-01-31T23:59:59+08:00', 2],
    ['2027-02-01T00:00:00+08:00', 3],
    ['2100-01-01T00:00:00+08:00', 3],
  ])('ordered at %s', (orderedAt, percent) => {
    expect(refundRulesOn(carrier, at(orderedAt))).toEqual(versionOf(percent));
  });

  test('and there are none where the carrier has none', () => {
    expect(refundRulesOn(sampleCarrier, at('2027-01-01T00:00:00+08:00'))).toBeUndefined();
  });
});
