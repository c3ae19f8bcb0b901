import { decideCosts } from '../../../shared/reconciliation/decide-costs.ts';
import { serviceDateSchema } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';

const day = { provider: 'alipay', date: serviceDateSchema.parse('2026-12-01') } as const;
const judge = (costs: Record<string, number>, booked?: number) =>
  decideCosts(day, costs, {
    booked: booked === undefined ? undefined : money(booked, 'CNY'),
    currency: 'CNY',
  });

describe('the costs of a day', () => {
  test('are booked once', () => {
    expect(judge({ CNY: 320 })).toEqual({ book: money(320, 'CNY'), findings: [] });
    expect(judge({ CNY: 320 }, 320)).toEqual({ findings: [] });
  });

  test('are booked if the provider gave some back', () => {
    expect(judge({ CNY: -20 })).toEqual({ book: money(-20, 'CNY'), findings: [] });
  });

  test('of nothing are not booked', () => {
    expect(judge({})).toEqual({ findings: [] });
    expect(judge({ CNY: 0 })).toEqual({ findings: [] });
  });

  test('differ if a later bill has another sum, and are not booked again', () => {
    expect(judge({ CNY: 310 }, 320)).toEqual({
      findings: [
        expect.objectContaining({ class: 'costs', ours: money(320, 'CNY'), theirs: money(310, 'CNY') }),
      ],
    });
    expect(judge({}, 320).findings).toMatchObject([{ theirs: money(0, 'CNY') }]);
  });

  test('in a foreign currency are told in the same way before and after ours are booked', () => {
    expect(judge({ CNY: 320, USD: 5 }, 320).findings).toEqual(judge({ CNY: 320, USD: 5 }).findings);
  });

  test('in a foreign currency are never booked', () => {
    expect(judge({ CNY: 320, USD: 5 })).toMatchObject({
      book: money(320, 'CNY'),
      findings: [{ class: 'costs', number: 'alipay-2026-12-01-USD', theirs: money(5, 'USD') }],
    });
  });
});
