import fc from 'fast-check';
import { judgeLosses, lossText } from '../../../shared/feeds/judge-losses.ts';
import { countOf, problemLines, problemList } from '../../../shared/feeds/problems.ts';

describe('problems', () => {
  test('are told twenty of a kind, and the rest is counted', () => {
    const problems = problemList();
    for (let line = 2; line < 334; line += 1) {
      problems.leaveOut('row', undefined, { kind: 'a', file: 'stops.txt', line, reason: 'is wrong' });
    }
    problems.leaveOut('trip', 'T3', { kind: 'b', file: 'trips.txt', line: 4, reason: 'never runs' });
    const told = problems.byKind('leftOut');
    expect([countOf(told), problems.count('leftOut'), problems.count('warning')]).toEqual([333, 333, 0]);
    const lines = problemLines(told);
    expect(lines).toHaveLength(22);
    expect([lines[0], ...lines.slice(19)]).toEqual([
      'stops.txt:2: is wrong: the row is left out',
      'stops.txt:21: is wrong: the row is left out',
      '… and 312 more of this kind',
      'trips.txt:4: never runs: trip T3 is left out',
    ]);
  });

  test('are one line each, of a length that can be read, whatever the feed contains', () => {
    const problems = problemList();
    const reason = `stop_id ${'x'.repeat(5000)}\n\u{1B}[2J is unknown`;
    problems.leaveOut('row', undefined, { kind: 'a', file: 'stops.txt', line: 2, reason });
    const [line = ''] = problemLines(problems.byKind('leftOut'));
    expect(line.length).toBeLessThan(500);
    expect(line).toMatch(/^stops\.txt:2: stop_id x+ … x+\u{FFFD}+\[2J is unknown: the row is left out$/u);
  });
});

describe('losses', () => {
  const judge = (trips: number, tripsLeftOut: number, tolerance = {}) =>
    judgeLosses({ trips, tripsLeftOut, partsLeftOut: tripsLeftOut }, tolerance);

  test.each([
    [200, 0, {}, 'accepted'],
    [200, 2, {}, 'accepted'],
    [200, 3, {}, 'too-many-trips-left-out'],
    [3, 1, { percent: 34 }, 'accepted'],
    [200, 1, { percent: 0 }, 'too-many-trips-left-out'],
    [200, 1, { strict: true }, 'strict'],
    [200, 200, { percent: 100 }, 'no-trip-left'],
    [0, 0, {}, 'no-trip-left'],
  ])('of %p trips %p, where %p is tolerated, are %p', (trips, leftOut, tolerance, expected) => {
    const judged = judge(trips, leftOut, tolerance);
    expect(judged.outcome === 'accepted' ? 'accepted' : judged.reason).toBe(expected);
  });

  test('are tolerated with the share that the refusal names', () => {
    const feeds = fc
      .integer({ min: 2, max: 100_000 })
      .chain((trips) => fc.tuple(fc.constant(trips), fc.integer({ min: 1, max: trips - 1 })));
    fc.assert(
      fc.property(feeds, ([trips, tripsLeftOut]) => {
        const losses = { trips, tripsLeftOut, partsLeftOut: tripsLeftOut };
        const percent = Number(
          /--tolerate (\d+)$/.exec(lossText('too-many-trips-left-out', losses, {}))?.[1],
        );
        expect(judge(trips, tripsLeftOut, { percent }).outcome).toBe('accepted');
        expect(percent).toBeLessThanOrEqual(100);
      }),
    );
  });
});
