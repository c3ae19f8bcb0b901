import fc from 'fast-check';
import { entryKinds, type JournalEntry } from '../../../shared/ledger/model.ts';
import {
  entryOf,
  entryOfLegs,
  imbalanceOf,
  type EntryFacts,
  type Leg,
} from '../../../shared/ledger/rules.ts';
import { orderIdSchema } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';
import { instantSchema } from '../../../shared/platform/time.ts';

const orderId = orderIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV');
const at = instantSchema.parse('2026-12-01T00:00:00.000Z');
const entry = (kind: JournalEntry['kind'], amount: number) =>
  entryOf(kind, {
    ...(kind !== 'provider-costs' && { orderId }),
    source: 'p',
    provider: 'alipay',
    amount: money(amount, 'CNY'),
    at,
  });

describe('the journal', () => {
  test('every entry adds up to nothing and is called after what it follows from', () => {
    fc.assert(
      fc.property(fc.constantFrom(...entryKinds), fc.integer({ min: 1, max: 10_000_000 }), (kind, amount) => {
        const { legs, entryId } = entry(kind, amount);
        expect(legs.reduce((sum, leg) => sum + leg.amount, 0)).toBe(0);
        expect(entryId).toBe(`p-${kind}`);
      }),
    );
  });

  test('a sale and a refund each leave no money with the passengers’ account', () => {
    const left = (kinds: JournalEntry['kind'][]) =>
      kinds
        .flatMap((kind) => entry(kind, 5330).legs)
        .filter(({ account }) => account === 'passengers')
        .reduce((sum, { amount }) => sum + amount, 0);
    expect(left(['captured', 'issued'])).toBe(0);
    expect(left(['captured', 'refund-requested', 'refunded'])).toBe(0);
    expect(left(['captured'])).not.toBe(0);
  });

  test('a refund may leave a fee with the carrier', () => {
    const facts = { orderId, source: 'r', at, amount: money(4330, 'CNY'), fee: 1000 };
    expect(entryOf('refund-requested', facts).legs).toEqual([
      { account: 'passengers', amount: 5330 },
      { account: 'refunds-payable', amount: -4330 },
      { account: 'fees', amount: -1000 },
    ]);
    expect(entryOf('refund-granted', facts).legs[0]).toEqual({ account: 'fares', amount: 5330 });
  });

  test('costs that a provider gives back stand on the other side', () => {
    const facts = { source: 'alipay-2026-12-01', provider: 'alipay', at } as const;
    expect(entryOf('provider-costs', { ...facts, amount: money(32, 'CNY') }).legs).toEqual([
      { account: 'costs', amount: 32 },
      { account: 'clearing', amount: -32 },
    ]);
    expect(entryOf('provider-costs', { ...facts, amount: money(-32, 'CNY') }).legs).toEqual([
      { account: 'clearing', amount: 32 },
      { account: 'costs', amount: -32 },
    ]);
    expect(() => entryOf('provider-costs', { ...facts, amount: money(0, 'CNY') })).toThrow('positive');
  });

  const facts = { kind: 'issued', orderId, source: 'p', at } as const;
  const fares: Leg = { account: 'fares', credit: money(10, 'CNY') };

  test.each<[string, EntryFacts, Leg[]]>([
    ['no legs', facts, []],
    ['off by 1', facts, [{ account: 'passengers', debit: money(11, 'CNY') }, fares]],
    ['mixes EUR and CNY', facts, [{ account: 'passengers', debit: money(10, 'EUR') }, fares]],
    ['a leg of 0', facts, [{ account: 'passengers', debit: money(0, 'CNY') }, fares]],
    ['a leg of -10', facts, [{ account: 'passengers', credit: money(-10, 'CNY') }, fares]],
    ['a leg of 9.5', facts, [{ account: 'passengers', debit: { amount: 9.5, currency: 'CNY' } }, fares]],
    [
      'a leg of 9007199254740992',
      facts,
      [
        { account: 'passengers', debit: { amount: 2 ** 53, currency: 'CNY' } },
        { account: 'fares', credit: { amount: 2 ** 53, currency: 'CNY' } },
      ],
    ],
    ['an account twice', facts, [{ account: 'fares', debit: money(10, 'CNY') }, fares]],
    [
      'does not say which',
      facts,
      [
        { account: 'clearing', debit: money(10, 'CNY') },
        { account: 'passengers', credit: money(10, 'CNY') },
      ],
    ],
    [
      'no order',
      { ...facts, orderId: undefined },
      [{ account: 'passengers', debit: money(10, 'CNY') }, fares],
    ],
  ])('refuses an entry with this fault: %s', (says, given, legs) => {
    expect(() => entryOfLegs(given, legs)).toThrow(RangeError);
    expect(() => entryOfLegs(given, legs)).toThrow(says);
  });

  test('sees an imbalance that numbers would round away', () => {
    const legs = [2 ** 53 - 1, 2 ** 53 - 1, -(2 ** 53 - 1), -(2 ** 53 - 1), 1];
    const items = legs.map((amount) => ({ account: 'fares' as const, amount }));
    expect(imbalanceOf({ legs: items })).toBe(1n);
  });
});
