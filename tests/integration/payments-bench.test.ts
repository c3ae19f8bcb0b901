import { notificationPairs } from '../bench/payments/genuine.ts';
import { measurePair } from '../bench/payments/paired.ts';
import { paymentsText } from '../bench/payments/report.ts';
import { percentile } from '../bench/payments/ticket-times.ts';

const little = { rounds: 3, milliseconds: 5 };

test.each(notificationPairs().map((pair) => [pair.what, pair] as const))(
  '%s: both believe what is genuine, and both are measured',
  (_, pair) => {
    const { ours, theirs, ratio } = measurePair(pair, little);
    expect(Math.min(ours, theirs, ratio)).toBeGreaterThan(0);
  },
);

test('a side that does not believe a genuine message is not measured', () => {
  const pair = { what: '', oracle: '', ours: () => true, theirs: () => false };
  expect(() => measurePair(pair, little)).toThrow('not believed');
});

test('a percentile is the value that so many do not exceed', () => {
  const values = Array.from({ length: 200 }, (_, n) => 200 - n);
  expect([0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([100, 198, 200]);
  expect(percentile([7], 0.99)).toBe(7);
  expect(percentile([], 0.99)).toBe(0);
});

test('the report has a table of each part that was measured', () => {
  const times = { p50: 10, p99: 30 };
  const text = paymentsText({
    rates: [{ what: 'verify', oracle: 'its client', ours: 3000, theirs: 1500, ratio: 2.04 }],
    imports: [
      { entry: 'api/about/health', kilobytes: 100, milliseconds: 20 },
      { entry: 'payment-callbacks/a', kilobytes: 300, milliseconds: 50 },
    ],
    tickets: {
      atOnce: 64,
      seconds: 4,
      loadBefore: 0.5,
      byProvider: [
        { provider: 'a', tickets: 3, issue: { p50: 10, p99: 15 }, whole: times },
        { provider: 'all', tickets: 8, issue: times, whole: times },
      ],
      others: { 'it ends as expired': 1 },
    },
  });
  for (const line of [
    '| verify | 3,000 | 1,500 | 2.04 | its client |',
    '| payment-callbacks/a | 300 | 3.00 | 50.0 | 2.50 |',
    '| a | 3 | 10 | 15 | 0.50 | 10 | 30 |',
    '64 at once, 2.0 tickets a second; load of each processor before: 0.50',
    '1 without a ticket: it ends as expired',
  ])
    expect(text).toContain(line);
});
