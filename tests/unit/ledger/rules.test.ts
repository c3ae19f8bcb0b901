import fc from 'fast-check';
import { entryKinds, type JournalEntry } from '../../../shared/ledger/model.ts';
import { balanced, entryOf } from '../../../shared/ledger/rules.ts';
import { orderIdSchema } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';
import { instantSchema } from '../../../shared/platform/time.ts';

const orderId = orderIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV');
const at = instantSchema.parse('2026-12-01T00:00:00.000Z');
const entry = (kind: JournalEntry['kind'], amount: number) =>
  entryOf(kind, { orderId, source: 'p', amount: money(amount, 'CNY'), at });

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

  test('refuses nothing and what does not balance', () => {
    expect(() => entry('captured', 0)).toThrow(RangeError);
    const { legs, ...rest } = entry('captured', 10);
    expect(() =>
      balanced({ ...rest, legs: [{ account: 'clearing', amount: 11 }, ...legs.slice(1)] }),
    ).toThrow('off by 1');
  });
});
