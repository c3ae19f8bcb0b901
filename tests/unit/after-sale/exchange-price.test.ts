import { decideExchangePrice, type Exchanged } from '../../../shared/after-sale/decide-exchange-price.ts';
import { rulesOn } from '../../../shared/after-sale/rules.ts';
import type { ExchangeRules } from '../../../shared/platform/after-sale/exchange-rules.ts';
import { assembleCarrier, carrierFolderOf } from '../../../shared/platform/carrier-folder.ts';
import { itemIdSchema } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';
import { instantOf, plusSeconds, type Instant } from '../../../shared/platform/time.ts';

const at = (text: string): Instant => instantOf(Date.parse(text));
const fen = (amount: number) => money(amount, 'CNY');

type Departure = { departs: string; zone: string };
const boarding = ({ departs, zone }: Departure) => ({ departsAt: at(departs), timeZone: zone });

const shipped = (name: string) => rulesOn(assembleCarrier(carrierFolderOf(name)), at('2026-12-01T12:00:00Z'));

const ticket = (former: number, fare: number, more: Partial<Exchanged> = {}): Exchanged => ({
  itemId: itemIdSchema.parse('1'),
  former: fen(former),
  fare: fen(fare),
  freedom: undefined,
  ...more,
});

const priced = (name: string, from: Departure, to: Departure, now: Instant, ...tickets: Exchanged[]) => {
  const version = shipped(name);
  const terms = {
    rules: version?.exchange,
    refundRules: version?.refund,
    from: boarding(from),
    to: boarding(to),
  };
  const outcome = decideExchangePrice(terms, tickets.length > 0 ? tickets : [ticket(100_000, 100_000)], now);
  return outcome.outcome === 'rejected' ? outcome.reason : outcome;
};

/** The fee for an exchange at the same price, a second before a moment, at it, and a second after it. */
const around = (name: string, from: Departure, to: Departure, moment: string) =>
  [-1, 0, 1].map((seconds) => {
    const outcome = priced(name, from, to, plusSeconds(at(moment), seconds));
    return typeof outcome === 'string' ? outcome : outcome.fee.amount / 1000;
  });

const shanghai = (departs: string): Departure => ({ departs, zone: 'Asia/Shanghai' });

describe('the limits of cn-rail, a second before, at and a second after', () => {
  const from = shanghai('2026-12-20T09:00:00+08:00');
  const [earlier, sameDay, nextDay] = [
    shanghai('2026-12-19T23:59:59+08:00'),
    shanghai('2026-12-20T23:59:59+08:00'),
    shanghai('2026-12-21T00:00:00+08:00'),
  ];
  const late = 'too-late-to-exchange';

  test.each<[string, Departure, string, (number | string)[]]>([
    ['48 hours, to a later day', nextDay, '2026-12-18T09:00:00+08:00', [0, 0, 5]],
    ['48 hours, to the same day', sameDay, '2026-12-18T09:00:00+08:00', [0, 0, 0]],
    ['48 hours, to an earlier day', earlier, '2026-12-18T09:00:00+08:00', [0, 0, 0]],
    ['24 hours, to a later day', nextDay, '2026-12-19T09:00:00+08:00', [5, 5, 15]],
    ['24 hours, to the same day', sameDay, '2026-12-19T09:00:00+08:00', [0, 0, 0]],
    ['the departure, to a later day', nextDay, '2026-12-20T09:00:00+08:00', [15, 40, 40]],
    ['the departure, to the same day', sameDay, '2026-12-20T09:00:00+08:00', [0, 0, 0]],
    ['midnight, to a later day', nextDay, '2026-12-21T00:00:00+08:00', [40, late, late]],
  ])('%s', (_, to, moment, fees) => {
    expect(around('cn-rail', from, to, moment)).toEqual(fees);
  });

  test('the day is that of the stop where each journey begins', () => {
    // 23:30 in Shanghai is the same day, although in UTC the two dates differ from those of a run in Urumqi's clock.
    const to = { departs: '2026-12-20T23:30:00+06:00', zone: 'Asia/Urumqi' };
    expect(around('cn-rail', from, to, '2026-12-19T12:00:00+08:00')).toEqual([0, 0, 0]);
  });
});

describe('over changes of the clocks, midnight and leap years', () => {
  const berlin = (departs: string): Departure => ({ departs, zone: 'Europe/Berlin' });
  const losAngeles = (departs: string): Departure => ({ departs, zone: 'America/Los_Angeles' });

  test.each<[string, string, Departure, string, (number | string)[]]>([
    [
      'days over the spring keep the time of day',
      'air',
      berlin('2027-03-31T12:00:00+02:00'),
      '2027-03-24T12:00:00+01:00',
      [3, 3, 6],
    ],
    [
      'days over the autumn',
      'air',
      berlin('2027-11-03T12:00:00+01:00'),
      '2027-10-27T12:00:00+02:00',
      [3, 3, 6],
    ],
    [
      'hours have their length over the spring',
      'air',
      berlin('2027-03-28T03:30:00+02:00'),
      '2027-03-28T00:30:00+01:00',
      [6, 6, 'too-late-to-exchange'],
    ],
    [
      'minutes across midnight',
      'eu-coach',
      berlin('2027-01-01T00:05:00+01:00'),
      '2026-12-31T23:50:00+01:00',
      [0.2, 0.2, 'too-late-to-exchange'],
    ],
    [
      'thirty days over a leap day',
      'eu-coach',
      berlin('2028-03-30T08:00:00+02:00'),
      '2028-02-29T08:00:00+01:00',
      [0, 0, 0.2],
    ],
    [
      'the departure itself',
      'us-rail',
      losAngeles('2027-03-14T18:00:00-07:00'),
      '2027-03-14T18:00:00-07:00',
      [0, 'too-late-to-exchange', 'too-late-to-exchange'],
    ],
  ])('%s', (_, name, from, moment, fees) => {
    expect(around(name, from, from, moment)).toEqual(fees);
  });
});

describe('what is paid and what goes back', () => {
  const from = shanghai('2026-12-20T09:00:00+08:00');
  const to = shanghai('2026-12-21T09:00:00+08:00');
  const [early, soon, after] = [
    at('2026-12-10T09:00:00+08:00'),
    at('2026-12-19T10:00:00+08:00'),
    at('2026-12-20T10:00:00+08:00'),
  ];
  const sums = (now: Instant, ...tickets: Exchanged[]) => {
    const outcome = priced('cn-rail', from, to, now, ...tickets);
    if (typeof outcome === 'string') return outcome;
    const { toPay, toRefund, fee } = outcome;
    return [toPay.amount, toRefund.amount, fee.amount];
  };

  test.each<[string, Instant, Exchanged[], number[]]>([
    ['equal, and free', early, [ticket(30_000, 30_000)], [0, 0, 0]],
    ['dearer', early, [ticket(30_000, 42_000)], [12_000, 0, 0]],
    ['dearer, with a fee of the lower fare', soon, [ticket(30_000, 42_000)], [16_500, 0, 4500]],
    ['equal, with a fee', soon, [ticket(30_000, 30_000)], [4500, 0, 4500]],
    // Ten days before, 5 % of the difference would be kept of a refund.
    ['cheaper', at('2026-12-18T09:00:00+08:00'), [ticket(30_000, 20_000)], [0, 9500, 500]],
    // 15 % of ¥200, and 20 % of ¥100.
    ['cheaper, with a fee', soon, [ticket(30_000, 20_000)], [0, 5000, 3000 + 2000]],
    // Of ¥5, ¥2 are kept as the least fee.
    ['hardly cheaper', soon, [ticket(30_000, 29_500)], [4150, 0, 4450 + 200]],
    // Nothing is paid back after the departure.
    ['cheaper after the departure', after, [ticket(30_000, 20_000)], [8000, 0, 8000 + 10_000]],
    ['a fee in steps of half a yuan', soon, [ticket(33_350, 33_350)], [5000, 0, 5000]],
    [
      'a party of whom one pays and one gets back',
      early,
      [ticket(30_000, 40_000), ticket(30_000, 25_000)],
      [5000, 0, 0],
    ],
  ])('%s', (_, now, tickets, expected) => {
    expect(sums(now, ...tickets)).toEqual(expected);
  });

  test('nothing is kept if the carrier does not carry as it sold, also after the departure', () => {
    const freedom = { reason: 'run-cancelled' as const };
    expect(sums(after, ticket(30_000, 20_000, { freedom }))).toEqual([0, 10_000, 0]);
    expect(sums(at('2027-01-20T10:00:00+08:00'), ticket(30_000, 30_000, { freedom }))).toEqual([0, 0, 0]);
    const until = at('2026-12-20T10:05:00+08:00');
    expect(
      priced('cn-rail', from, to, after, ticket(1, 1, { freedom: { reason: 'delayed', until } })),
    ).toMatchObject({
      until,
      isRefundable: true,
    });
  });

  test('what a later refund keeps at least, and whether there is one', () => {
    const floor = { atLeast: 'PT24H', percent: 10 };
    expect(priced('cn-rail', from, to, at('2026-12-19T08:00:00+08:00'))).toMatchObject({
      refundFloor: floor,
      isRefundable: true,
    });
    expect(priced('cn-rail', from, to, early)).not.toHaveProperty('refundFloor');
    expect(priced('cn-rail', from, to, after)).toMatchObject({ isRefundable: false });
    expect(priced('eu-coach', from, to, at('2026-12-19T08:00:00+08:00'))).not.toHaveProperty('refundFloor');
  });

  test('an offer ends with the departure where nothing is exchanged after it', () => {
    expect(priced('us-rail', from, to, soon)).toMatchObject({ until: at(from.departs) });
    expect(priced('cn-rail', from, to, soon)).toMatchObject({ until: undefined });
  });

  test('a carrier without rules exchanges nothing, and every share is of the fare that it names', () => {
    const terms = { rules: undefined, refundRules: undefined, from: boarding(from), to: boarding(to) };
    expect(decideExchangePrice(terms, [ticket(1, 1)], soon)).toMatchObject({ reason: 'not-exchangeable' });
    const rules = (percentOf: ExchangeRules['percentOf']): ExchangeRules => ({
      beforeDeparture: [{ atLeast: 'PT0H', percent: 10 }],
      percentOf,
      keepsRefundTier: false,
    });
    const feeOf = (percentOf: ExchangeRules['percentOf'], ...fares: [number, number]) => {
      const outcome = decideExchangePrice({ ...terms, rules: rules(percentOf) }, [ticket(...fares)], soon);
      return outcome.outcome === 'accepted' ? outcome.tickets[0]?.fee.amount : outcome.reason;
    };
    expect(feeOf('lower-fare', 1000, 2000)).toBe(100);
    expect(feeOf('former-fare', 1000, 2000)).toBe(100);
    expect(feeOf('new-fare', 1000, 2000)).toBe(200);
  });
});
