import { quote, refundRulesOn, type Freedom } from '../../../shared/after-sale/rules.ts';
import { assembleCarrier, carrierFolderOf } from '../../../shared/platform/carrier-folder.ts';
import type { RefundRules } from '../../../shared/platform/after-sale/refund-rules.ts';
import { money, type Money } from '../../../shared/platform/money.ts';
import { instantOf, plusSeconds, type Instant } from '../../../shared/platform/time.ts';

const at = (text: string): Instant => instantOf(Date.parse(text));
const fen = (amount: number) => money(amount, 'CNY');

const shipped = (name: string): RefundRules => {
  const rules = refundRulesOn(assembleCarrier(carrierFolderOf(name)), at('2026-12-01T12:00:00Z'));
  if (!rules) throw new Error(`${name} has no rules`);
  return rules;
};

describe('an offer', () => {
  const boarding = { departsAt: at('2026-12-20T09:00:00+08:00'), timeZone: 'Asia/Shanghai' };
  const usual = (...prices: Money[]) => prices.map((price) => ({ price, freedom: undefined }));
  const free = (freedom: Freedom, ...prices: Money[]) => prices.map((price) => ({ price, freedom }));
  const validAt = (rules: RefundRules, now: string) => {
    const outcome = quote(rules, boarding, usual(fen(10_000)), at(now));
    return outcome.outcome === 'accepted' ? outcome.validUntil : outcome.reason;
  };

  test('tells for each price what is kept and what is paid back', () => {
    const now = at('2026-12-19T12:00:00+08:00');
    const rule = { atLeast: 'PT0H', percent: 20 };
    expect(quote(shipped('cn-rail'), boarding, usual(fen(55_300), fen(150)), now)).toEqual({
      outcome: 'accepted',
      quotes: [
        { price: fen(55_300), fee: fen(11_050), refund: fen(44_250), rule },
        { price: fen(150), fee: fen(150), refund: fen(0), rule },
      ],
      validUntil: at('2026-12-19T12:10:00+08:00'),
    });
  });

  test('ends with the departure, unless something is paid back after it', () => {
    expect(validAt(shipped('cn-rail'), '2026-12-20T08:55:00+08:00')).toBe(at('2026-12-20T09:00:00+08:00'));
    expect(validAt(shipped('air'), '2026-12-20T08:55:00+08:00')).toBe(at('2026-12-20T09:10:00+08:00'));
  });

  test('is of everything, also after the departure, for a run that the carrier has closed', () => {
    const now = at('2026-12-20T10:00:00+08:00');
    const closed = free({ reason: 'run-cancelled' }, fen(55_300));
    expect(quote(shipped('cn-rail'), boarding, closed, now)).toEqual({
      outcome: 'accepted',
      quotes: [
        {
          price: fen(55_300),
          fee: fen(0),
          refund: fen(55_300),
          rule: { runCancelled: true, percent: 0 },
        },
      ],
      validUntil: at('2026-12-20T10:10:00+08:00'),
    });
  });

  test('keeps nothing of a waived ticket beside another, and ends with the waiver', () => {
    const now = at('2026-12-19T12:00:00+08:00');
    const until = plusSeconds(now, 60);
    const tickets = [...free({ reason: 'delayed', until }, fen(100)), ...usual(fen(55_300))];
    expect(quote(shipped('cn-rail'), boarding, tickets, now)).toEqual({
      outcome: 'accepted',
      quotes: [
        { price: fen(100), fee: fen(0), refund: fen(100), rule: { delayed: true, percent: 0 } },
        {
          price: fen(55_300),
          fee: fen(11_050),
          refund: fen(44_250),
          rule: { atLeast: 'PT0H', percent: 20 },
        },
      ],
      validUntil: until,
    });
  });

  test('is made by a carrier without rules only of what it does not carry as it sold', () => {
    const now = boarding.departsAt;
    expect(quote(undefined, boarding, usual(fen(1)), now)).toEqual({
      outcome: 'rejected',
      reason: 'not-refundable',
    });
    expect(quote(undefined, boarding, free({ reason: 'stop-cancelled' }, fen(1)), now)).toMatchObject({
      quotes: [{ fee: fen(0), rule: { stopCancelled: true } }],
      validUntil: plusSeconds(now, 600),
    });
  });
});
