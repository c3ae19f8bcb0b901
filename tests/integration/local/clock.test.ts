import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startClock, type ClockWish } from '../../../infra/local/run/local-clock.ts';
import { readJson, writeJson } from '../../../infra/local/run/local-files.ts';
import { temporaryFolder } from './temporary.ts';

const hour = 3_600_000;
const newYear = Date.parse('2027-01-01T07:59:59+08:00');

let file: string;
beforeEach(() => {
  file = join(temporaryFolder(), 'clock.json');
});

const run = (wish: Partial<ClockWish> = {}) => startClock(file, { scale: 1, hasData: true, ...wish });
/** Where a run stood that ended properly. */
const stood = (wish: Partial<ClockWish> = {}): number => {
  const clock = run(wish);
  clock.stop();
  return clock.now();
};
const near = (time: number, expected: number) => expect(Math.abs(time - expected)).toBeLessThan(2500);
const theirs = (variables: Readonly<Record<string, string>>) => {
  const [real = 0, scaled = 0] = (variables['KEYUN_TIME_ORIGIN'] ?? '').split('/').map(Number);
  return { real, scaled, scale: Number(variables['KEYUN_TIME_SCALE']) };
};

it('is the machine’s when nothing says otherwise, and then functions are given nothing', () => {
  const clock = run();
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(50);
  expect(clock.variables).toEqual({});
  clock.stop();
  expect(readJson(file)).toBeUndefined();
});

it('never runs backwards, neither after a stop nor after a kill', () => {
  const first = run({ scale: 1000 });
  const reached = first.now();
  // Killed: nothing is written any more.
  const second = run();
  expect(second.now()).toBeGreaterThan(reached);
  expect(second.variables).toHaveProperty('KEYUN_TIME_ORIGIN');
  second.stop();
  first.stop();
});

it('functions see the same time', () => {
  writeJson(file, { scaled: Date.now() + hour });
  const clock = run({ scale: 60 });
  const { real, scaled, scale } = theirs(clock.variables);
  expect(Math.abs(scaled + (Date.now() - real) * scale - clock.now())).toBeLessThan(60 * 20);
  clock.stop();
});

describe('a clock that somebody sets', () => {
  it.each([
    ['ahead of the machine’s', newYear + 365 * 24 * hour],
    ['behind it', Date.parse('2026-03-29T00:59:59Z')],
  ])(
    'begins there, %s, and stands until everything has started',
    async (_, startAt) => {
      const clock = run({ startAt, hasData: false, scale: 60 });
      expect(clock.now()).toBe(startAt);
      const { real, scaled, scale } = theirs(clock.variables);
      expect({ scaled, scale }).toEqual({ scaled: startAt, scale: 60 });
      expect(real).toBeGreaterThan(Date.now());
      await clock.goes();
      expect(Date.now()).toBeGreaterThanOrEqual(real - 1);
      expect(clock.now() - startAt).toBeLessThan(60 * 100);
      clock.stop();
    },
    30_000,
  );

  it('continues where it stood, with or without the same wish, and at another pace', () => {
    writeJson(file, { scaled: newYear + hour, startAt: newYear });
    near(stood(), newYear + hour);
    near(stood({ startAt: newYear }), newYear + hour);
    near(stood({ scale: 60 }), newYear + hour);
  });

  it('a past one does not jump to the machine’s time', () => {
    const past = Date.parse('2026-02-01T00:00:00Z');
    stood({ startAt: past, hasData: false });
    near(stood(), past);
  });

  it('goes on after a kill without losing time', () => {
    const killed = run({ startAt: newYear, hasData: false });
    const reached = killed.now();
    expect(stood({ startAt: newYear })).toBeGreaterThan(reached);
    killed.stop();
  });

  it.each([
    ['of a clock that was set', { scaled: newYear + hour, startAt: newYear }, newYear + 2 * hour],
    ['of a clock that ran faster', { scaled: newYear + hour }, newYear + hour],
  ])('moves on the time %s', (_, saved, startAt) => {
    writeJson(file, saved);
    near(stood({ startAt }), startAt);
    near(stood({ startAt }), startAt);
  });

  it.each([
    ['set to a later time', { scaled: newYear + hour, startAt: newYear }, newYear + hour - 1000],
    ['set once more since', { scaled: newYear + 3 * hour, startAt: newYear + 2 * hour }, newYear],
    ['gone faster than the machine’s', { scaled: newYear + 20 * 365 * 24 * hour }, newYear],
    ['the machine’s', undefined, Date.parse('2026-01-02T00:00:00Z')],
  ])('does not go back in a folder whose clock was %s', (_, saved, startAt) => {
    if (saved) writeJson(file, saved);
    expect(() => run({ startAt })).toThrow(
      /^the clock of this data folder stands at \d{4}-.*Z and never goes back: KEYUN_START_AT may be/,
    );
    expect(readJson(file)).toEqual(saved);
  });

  it('may begin anywhere while nothing is stored, whatever a start that failed has left', () => {
    writeJson(file, { scaled: newYear, startAt: newYear });
    const earlier = newYear - 24 * hour;
    near(stood({ startAt: earlier, hasData: false }), earlier);
  });

  it('a file that says nothing means the machine’s time', () => {
    writeFileSync(file, '{"scaled":"soon"}');
    near(stood(), Date.now());
  });
});
