import {
  decideReport,
  needsPerson,
  settledTo,
  type Decided,
  type Remembered,
} from '../../../shared/reconciliation/decide-report.ts';
import { emptyBillTotals, emptyBookTotals } from '../../../shared/reconciliation/tallies.ts';
import type { Finding, Report } from '../../../shared/reconciliation/model.ts';
import { serviceDateSchema } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';
import { instantSchema, plusSeconds } from '../../../shared/platform/time.ts';

const day = { provider: 'alipay', date: serviceDateSchema.parse('2026-12-01') } as const;
const now = instantSchema.parse('2026-12-02T01:00:00.000Z');
const nothing: Remembered = { report: undefined, differences: [] };
const finding = (number: string, more: Partial<Finding> = {}): Finding => ({
  class: 'amount',
  of: 'payment',
  number,
  ours: money(100, 'CNY'),
  theirs: money(99, 'CNY'),
  why: 'booked with another amount',
  ...more,
});
const run = (before: Remembered, findings: Finding[], at = now): Decided =>
  decideReport(day, before, { findings, bill: emptyBillTotals(), books: emptyBookTotals() }, at);
/** What is stored after a run that came to its end. */
const stored = ({ report, differences }: Decided): Remembered => ({ report, differences });
const later = plusSeconds(now, 3600);
/** A person settles: the flag is gone, and nothing else changes. */
const settledBy = ({ report, differences }: Remembered): Remembered => {
  const { attention: _, ...rest } = report as Report;
  return { report: rest, differences };
};

describe('a report', () => {
  test('of a day without differences needs nobody', () => {
    const { report, changes } = run(nothing, []);
    expect(changes).toEqual([]);
    expect(report).toMatchObject({ edition: 1, open: 0 });
    expect(report.attention).toBeUndefined();
  });

  test('asks for a person once, however many differences there are', () => {
    const { report, changes } = run(nothing, [finding('a'), finding('b'), finding('c', { class: 'twice' })]);
    expect(changes).toHaveLength(3);
    expect(report.attention).toEqual({
      kind: 'bill-differs',
      why: '2 amount, 1 twice; edition 1',
      since: now,
    });
  });

  test('that is repeated changes nothing', () => {
    const first = stored(run(nothing, [finding('a'), finding('b', { repaired: true })]));
    const again = run(first, [finding('a')], later);
    expect(again.changes).toEqual([]);
    expect(again.isReportChanged).toBe(false);
    expect(again.report).toBe(first.report);
    const clean = stored(run(nothing, []));
    expect(run(clean, [], later).isReportChanged).toBe(false);
  });

  test('keeps the time since when it needs a person, and says what is new', () => {
    const first = stored(run(nothing, [finding('a')]));
    const { report, differences } = run(first, [finding('a'), finding('b')], later);
    expect(report).toMatchObject({
      edition: 2,
      open: 2,
      attention: { since: now, why: '2 amount; edition 2' },
    });
    expect(differences.map(({ number, edition }) => [number, edition])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  test('needs nobody any more when a later run does not find its differences', () => {
    const first = stored(run(nothing, [finding('a')]));
    const { report, changes } = run(first, [], later);
    expect(changes).toMatchObject([{ after: { state: 'gone', endedAt: later } }]);
    expect(report).toMatchObject({ edition: 1, open: 0 });
    expect(report.attention).toBeUndefined();
    expect(settledTo(report)).toBe(0);
  });

  test('tells again of a difference that was gone', () => {
    const gone = stored(run(stored(run(nothing, [finding('a')])), [], later));
    const { report, changes } = run(gone, [finding('a')], later);
    expect(report).toMatchObject({ edition: 2, open: 1 });
    expect(changes).toMatchObject([{ before: { state: 'gone' }, after: { state: 'open', edition: 2 } }]);
    expect(changes[0]?.after.endedAt).toBeUndefined();
  });

  test('tells of another amount as of something new', () => {
    const first = settledBy(stored(run(nothing, [finding('a')])));
    const { report } = run(first, [finding('a', { theirs: money(98, 'CNY') })], later);
    expect(report).toMatchObject({ edition: 2, open: 1 });
  });

  test('does not tell again what a person has settled, and tells what is new', () => {
    const first = settledBy(stored(run(nothing, [finding('a')])));
    expect(first.differences.some((each) => needsPerson(each, first.report))).toBe(false);
    const again = run(first, [finding('a')], later);
    expect(again.report).toMatchObject({ open: 0, settledTo: 1 });
    expect(run(stored(again), [finding('a')], later).isReportChanged).toBe(false);
    const { report, differences } = run(stored(again), [finding('a'), finding('b')], later);
    expect(report).toMatchObject({ edition: 2, settledTo: 1, open: 1 });
    expect(report.attention?.why).toBe('1 amount; edition 2');
    expect(differences.filter((each) => needsPerson(each, report)).map(({ number }) => number)).toEqual([
      'b',
    ]);
  });

  test('does not take what nobody has seen for settled', () => {
    // The run wrote its difference and died before it published, and a person settled the earlier edition.
    const first = stored(run(nothing, [finding('a')]));
    const unpublished = run(first, [finding('a'), finding('b')], later).differences;
    const settled = settledBy({ report: first.report, differences: unpublished });
    const { report } = run(settled, [finding('a'), finding('b')], later);
    expect(report).toMatchObject({ edition: 2, open: 1, settledTo: 1 });
    expect(report.attention).toBeDefined();
  });

  test('completes what a run before it left half done', () => {
    const half = run(nothing, [finding('a'), finding('b')]).differences.slice(0, 1);
    const { report, changes } = run(
      { report: undefined, differences: half },
      [finding('a'), finding('b')],
      later,
    );
    expect(changes.map(({ after }) => after.number)).toEqual(['b']);
    expect(report).toMatchObject({ edition: 1, open: 2 });
  });

  test('tells what it repaired, and asks nobody about that', () => {
    const { report, differences } = run(nothing, [finding('a', { repaired: true })]);
    expect(differences).toMatchObject([{ state: 'repaired', endedAt: now }]);
    expect(report.attention).toBeUndefined();
    const first = run({ report: undefined, differences: [{ ...differences[0]!, state: 'open' }] }, [
      finding('a', { repaired: true }),
    ]);
    expect(first.differences).toMatchObject([{ state: 'repaired' }]);
  });

  test('tells of one thing once, even if the bill has it many times', () => {
    expect(run(nothing, [finding('a'), finding('a')]).differences).toHaveLength(1);
  });

  test('keeps what people did', () => {
    const handled = [{ at: now, by: 'zhang', did: 'settled', reason: 'compared' }];
    const first = settledBy(stored(run(nothing, [finding('a')])));
    const { report } = run({ ...first, report: { ...first.report!, handled } }, [finding('b')], later);
    expect(report.handled).toEqual(handled);
  });
});
