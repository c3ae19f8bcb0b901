import { plusSeconds } from '../../../shared/platform/time.ts';
import { decideIssue, decideReturn } from '../../../shared/selling/decide-issue.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import { sampleRun } from '../../support/sample-run.ts';

const run = sampleRun('2026-12-01', 2);
const [boards, alights] = [run.stops[0]!, run.stops[3]!];
const paid = {
  ...sampleOrder('paid'),
  departsAt: boards.departs,
  from: { ...sampleOrder('paid').from, stopId: boards.stopId },
  to: { ...sampleOrder('paid').to, stopId: alights.stopId },
};
const runs = { order: paid, today: { run, newest: run } };
const gone = { order: paid, today: { run, newest: undefined } };
const closed = { order: paid, today: { run: undefined, newest: undefined } };
const before = plusSeconds(boards.departs, -60);

describe('a paid order', () => {
  test('is issued while its run has not left', () => {
    expect(decideIssue(runs, before)).toEqual({
      outcome: 'accepted',
      now: 'to-be-issued',
      order: paid,
      isRunGone: false,
    });
  });

  test('is issued for a run that the newest timetable does not have, and a person is told', () => {
    expect(decideIssue(gone, before)).toMatchObject({ now: 'to-be-issued', isRunGone: true });
  });

  test('is not issued once its run has left, or is closed', () => {
    expect(decideIssue(runs, boards.departs)).toMatchObject({ reason: 'no-travel' });
    expect(decideIssue(closed, before)).toMatchObject({ reason: 'no-travel' });
  });

  test('goes back as money where something speaks against travel, with the reason for its passenger', () => {
    expect(decideReturn(closed, { isDecided: false }, before)).toMatchObject({
      now: 'to-be-refunded',
      departed: false,
      refund: { reason: 'cannot-issue', paymentId: paid.paidBy, amount: paid.amount, requestedAt: before },
    });
    expect(decideReturn(runs, { isDecided: false }, boards.departs)).toMatchObject({
      now: 'to-be-refunded',
      departed: true,
      refund: { reason: 'departed', requestedAt: boards.departs },
    });
  });

  test('has not departed as it was sold, where it left earlier by the newest timetable', () => {
    const earlier = run.stops.map((stop) => ({ ...stop, departs: plusSeconds(stop.departs, -7200) }));
    const moved = { order: paid, today: { run, newest: { ...run, stops: earlier } } };
    expect(decideReturn(moved, { isDecided: false }, before)).toMatchObject({
      departed: false,
      refund: { reason: 'departed' },
    });
  });

  test('stays where nothing speaks against travel, unless somebody has decided it', () => {
    expect(decideReturn(runs, { isDecided: false }, before)).toMatchObject({ reason: 'can-travel' });
    expect(decideReturn(gone, { isDecided: false }, before)).toMatchObject({ reason: 'can-travel' });
    expect(decideReturn(runs, { isDecided: true }, before)).toMatchObject({
      now: 'to-be-refunded',
      refund: { reason: 'cannot-issue' },
    });
  });
});

describe('an order that is not paid', () => {
  test('is not issued and gives no money back', () => {
    for (const order of [undefined, sampleOrder('held'), sampleOrder('expired')]) {
      expect(decideIssue({ order }, before)).toMatchObject({ reason: 'not-paid' });
      expect(decideReturn({ order }, { isDecided: true }, before)).toMatchObject({ reason: 'not-paid' });
    }
  });

  test('has what was asked for when it is issued, or refunding, already', () => {
    expect(decideIssue({ order: sampleOrder('issued') }, before)).toMatchObject({ now: 'issued' });
    expect(decideReturn({ order: sampleOrder('refunding') }, { isDecided: false }, before)).toMatchObject({
      now: 'refunding',
    });
  });
});
