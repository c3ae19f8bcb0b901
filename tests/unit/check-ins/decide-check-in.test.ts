import { decideGate, type GateRun } from '../../../shared/check-ins/decide-check-in.ts';
import { checkInRulesOf } from '../../../shared/check-ins/rules.ts';
import type { CheckInRules } from '../../../shared/platform/after-sale/check-in-rules.ts';
import { assembleCarrier, carrierFolderOf } from '../../../shared/platform/carrier-folder.ts';
import { runIdSchema, serviceDateSchema, stopIdSchema } from '../../../shared/platform/ids.ts';
import { instantOf, plusSeconds, type Instant } from '../../../shared/platform/time.ts';

const at = (text: string): Instant => instantOf(Date.parse(text));
const runId = runIdSchema.parse('G1~2026-12-20');

/** A run that calls at these stops, each an hour and a half after the one before. */
const runFrom = (departs: string, zone: string, stops = ['A', 'B', 'C']): GateRun => ({
  runId,
  state: 'open',
  stops: stops.map((stopId, n) => ({
    stopId: stopIdSchema.parse(stopId),
    timeZone: zone,
    departs: plusSeconds(at(departs), n * 5400),
    boarding: true,
  })),
});

/** A ticket whose code is good for as long as codes are: a day before until six hours after. */
const ticketFor = (run: GateRun, from: string, to: string) => ({
  runId,
  from,
  to,
  validFrom: Date.parse(run.stops.find(({ stopId }) => stopId === from)!.departs) / 1000 - 86_400,
  validUntil: Date.parse(run.stops.at(-1)!.departs) / 1000 + 6 * 3600,
});

const shipped = (name: string): CheckInRules => {
  const rules = checkInRulesOf(assembleCarrier(carrierFolderOf(name)), serviceDateSchema.parse('2026-12-20'));
  if (!rules) throw new Error(`${name} has no rules`);
  return rules;
};

type Said = ReturnType<typeof decideGate>;
const wordOf = (answer: Said): string => (answer.outcome === 'accepted' ? 'in' : answer.reason);

/** What a gate at the first stop says a second before a moment, at it, and a second after it. */
const around = (rules: CheckInRules, run: GateRun, moment: string, stopId = 'A') =>
  [-1, 0, 1].map((seconds) =>
    wordOf(
      decideGate(
        ticketFor(run, 'A', 'C'),
        { run, rules },
        { runId, stopId },
        plusSeconds(at(moment), seconds),
      ),
    ),
  );

const [early, tooLate] = ['too-early-to-board', 'too-late-to-board'];

describe('the limits of the shipped carriers, a second before, at and a second after', () => {
  const china = runFrom('2026-12-20T09:00:00+08:00', 'Asia/Shanghai');
  const berlin = runFrom('2026-12-20T09:00:00+01:00', 'Europe/Berlin');
  const coast = runFrom('2026-12-20T09:00:00-08:00', 'America/Los_Angeles');

  test.each([
    ['cn-rail', china, '2026-12-20T07:00:00+08:00', [early, 'in', 'in']],
    ['cn-rail', china, '2026-12-20T08:57:00+08:00', ['in', 'in', tooLate]],
    ['air', berlin, '2026-12-20T08:10:00+01:00', [early, 'in', 'in']],
    ['air', berlin, '2026-12-20T08:45:00+01:00', ['in', 'in', tooLate]],
    ['eu-coach', berlin, '2026-12-20T08:30:00+01:00', [early, 'in', 'in']],
    ['eu-coach', berlin, '2026-12-20T09:30:00+01:00', ['in', 'in', tooLate]],
    ['us-rail', coast, '2026-12-20T08:00:00-08:00', [early, 'in', 'in']],
    ['us-rail', coast, '2026-12-20T15:00:00-08:00', ['in', 'in', tooLate]],
  ])('%s', (name, run, moment, said) => {
    expect(around(shipped(name), run, moment)).toEqual(said);
  });

  test('cn-rail lets passengers in at a later stop by the times there, air does not', () => {
    expect(around(shipped('cn-rail'), china, '2026-12-20T08:30:00+08:00', 'B')).toEqual([early, 'in', 'in']);
    expect(around(shipped('cn-rail'), china, '2026-12-20T10:27:00+08:00', 'B')).toEqual([
      'in',
      'in',
      tooLate,
    ]);
    expect(around(shipped('air'), berlin, '2026-12-20T10:00:00+01:00', 'B')).toEqual(
      Array(3).fill('wrong-stop'),
    );
  });
});

describe('a day before is the same time of day where the passenger boards, an hour is an hour', () => {
  const days: CheckInRules = { opensBefore: 'P1D', laterStops: false };
  const hours: CheckInRules = { ...days, opensBefore: 'PT24H' };
  /** Codes of longer life, so that the rules alone decide. */
  const said = (rules: CheckInRules, departs: string, zone: string, moment: string) => {
    const run = runFrom(departs, zone);
    const ticket = { ...ticketFor(run, 'A', 'C'), validFrom: 0 };
    return [-1, 0].map((seconds) =>
      wordOf(decideGate(ticket, { run, rules }, { runId, stopId: 'A' }, plusSeconds(at(moment), seconds))),
    );
  };

  test.each([
    // Clocks go forward on 28 March and back on 31 October 2027 in Berlin, on 14 March and 7 November in Los Angeles.
    [days, '2027-03-28T12:00:00+02:00', 'Europe/Berlin', '2027-03-27T12:00:00+01:00'],
    [hours, '2027-03-28T12:00:00+02:00', 'Europe/Berlin', '2027-03-27T11:00:00+01:00'],
    [days, '2027-10-31T12:00:00+01:00', 'Europe/Berlin', '2027-10-30T12:00:00+02:00'],
    [hours, '2027-10-31T12:00:00+01:00', 'Europe/Berlin', '2027-10-30T13:00:00+02:00'],
    [days, '2027-03-14T12:00:00-07:00', 'America/Los_Angeles', '2027-03-13T12:00:00-08:00'],
    [days, '2027-11-07T12:00:00-08:00', 'America/Los_Angeles', '2027-11-06T12:00:00-07:00'],
    // Over midnight, the end of a year, and a leap day.
    [hours, '2028-01-01T00:10:00+08:00', 'Asia/Shanghai', '2027-12-31T00:10:00+08:00'],
    [days, '2028-03-01T00:10:00+08:00', 'Asia/Shanghai', '2028-02-29T00:10:00+08:00'],
    [days, '2027-03-01T00:10:00+08:00', 'Asia/Shanghai', '2027-02-28T00:10:00+08:00'],
  ])('%j, departing at %s in %s: from %s on', (rules, departs, zone, moment) => {
    expect(said(rules, departs, zone, moment)).toEqual([early, 'in']);
  });
});

describe('what a gate looks at', () => {
  const run = runFrom('2026-12-20T09:00:00+08:00', 'Asia/Shanghai', ['A', 'B', 'A', 'C']);
  const rules: CheckInRules = { opensBefore: 'PT1H', closesAfter: 'PT10M', laterStops: false };
  const decide = (from: string, stopId: string, moment: string, more: Partial<CheckInRules> = {}) =>
    decideGate(
      ticketFor(run, from, 'C'),
      { run, rules: { ...rules, ...more } },
      { runId, stopId },
      at(moment),
    );

  test('a run that calls at a stop twice lets passengers in before each call', () => {
    expect(wordOf(decide('A', 'A', '2026-12-20T08:30:00+08:00'))).toBe('in');
    expect(wordOf(decide('A', 'A', '2026-12-20T11:30:00+08:00'))).toBe('in');
    // Between the two, the gate says when it opens again.
    expect(decide('A', 'A', '2026-12-20T10:00:00+08:00')).toEqual({
      outcome: 'rejected',
      reason: early,
      opensAt: at('2026-12-20T11:00:00+08:00'),
    });
  });

  test('the end of the journey is no place to board, nor is a stop before it begins', () => {
    expect(wordOf(decide('B', 'C', '2026-12-20T13:20:00+08:00', { laterStops: true }))).toBe('wrong-stop');
    expect(wordOf(decide('B', 'A', '2026-12-20T11:30:00+08:00', { laterStops: true }))).toBe('in');
    const back = runFrom('2026-12-20T09:00:00+08:00', 'Asia/Shanghai');
    const ticket = ticketFor(back, 'B', 'C');
    const gate = { runId, stopId: 'A' };
    const now = at('2026-12-20T08:30:00+08:00');
    expect(wordOf(decideGate(ticket, { run: back, rules }, gate, now))).toBe('wrong-stop');
  });

  test('a stop where nobody boards lets nobody in', () => {
    const [first, ...rest] = run.stops;
    const closed = { ...run, stops: [{ ...first!, boarding: false }, ...rest.slice(0, 1), rest[2]!] };
    const answer = decideGate(
      ticketFor(run, 'A', 'C'),
      { run: closed, rules },
      { runId, stopId: 'A' },
      at('2026-12-20T08:30:00+08:00'),
    );
    expect(wordOf(answer)).toBe('wrong-stop');
  });

  test('a run that is late closes its gates so much later, and opens them as usual', () => {
    const late = (moment: string) => {
      const now = at(moment);
      const ticket = {
        ...ticketFor(run, 'A', 'C'),
        validUntil: Date.parse('2026-12-20T09:05:00+08:00') / 1000,
      };
      const once = { ...run, stops: run.stops.filter((_, n) => n !== 2), delayMinutes: 90 };
      return [-1, 0, 1].map((seconds) =>
        wordOf(decideGate(ticket, { run: once, rules }, { runId, stopId: 'A' }, plusSeconds(now, seconds))),
      );
    };
    expect(late('2026-12-20T08:00:00+08:00')).toEqual([early, 'in', 'in']);
    // The code is good until five minutes after the planned departure, and the gate open until ten.
    expect(late('2026-12-20T10:35:00+08:00')).toEqual(['in', 'in', tooLate]);
  });

  test('the code is good for a time of its own', () => {
    const now = at('2026-12-20T08:30:00+08:00');
    const decided = (validFrom: Instant, validUntil: Instant) => {
      const seconds = (time: Instant) => Date.parse(time) / 1000;
      const ticket = {
        ...ticketFor(run, 'A', 'C'),
        validFrom: seconds(validFrom),
        validUntil: seconds(validUntil),
      };
      const once = { ...run, stops: run.stops.filter((_, n) => n !== 2) };
      return wordOf(decideGate(ticket, { run: once, rules }, { runId, stopId: 'A' }, now));
    };
    expect(decided(plusSeconds(now, 1), plusSeconds(now, 9))).toBe(early);
    expect(decided(now, now)).toBe('in');
    expect(decided(plusSeconds(now, -9), plusSeconds(now, -1))).toBe(tooLate);
  });
});
