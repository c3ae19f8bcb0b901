import { clockOfRun } from '../../../cli/clock-of-run.ts';

const startOf = (text: string) => clockOfRun({ KEYUN_START_AT: text }).startAt;

it('goes like the machine’s if nobody asks for anything', () => {
  expect(clockOfRun({})).toEqual({ timeScale: 1 });
  expect(clockOfRun({ KEYUN_START_AT: '' })).toEqual({ timeScale: 1 });
});

it('begins at the time that is asked for, at any pace', () => {
  expect(clockOfRun({ KEYUN_START_AT: '2027-01-01T07:59:59+08:00', KEYUN_TIME_SCALE: '60' })).toEqual({
    timeScale: 60,
    startAt: Date.parse('2026-12-31T23:59:59Z'),
  });
});

it.each([
  ['2028-02-29T23:59:59.500Z', '2028-02-29T23:59:59.500Z'],
  ['2027-03-28T02:30+01:00', '2027-03-28T01:30:00.000Z'],
  ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'],
])('%s is a time', (text, expected) => {
  expect(new Date(startOf(text) ?? 0).toISOString()).toBe(expected);
});

it.each([
  ['tomorrow', /must be a date and a time with an offset, such as 2027-.*; it is "tomorrow"/],
  ['2027-01-01', /must be a date and a time/],
  ['2027-01-01 07:59:59+08:00', /must be a date and a time/],
  ['1798761599000', /must be a date and a time/],
  ['2027-01-01T07:59:59', /must end with the offset from UTC/],
  ['2027-01-01T07:59:59+8', /must end with the offset from UTC/],
  ['2027-01-01T07:59:59 Asia/Shanghai', /must end with the offset from UTC/],
  ['2027-01-01T07:59:60Z', /must end with the offset|no such time/],
  ['2027-02-29T08:00:00+08:00', /there is no such time as 2027-02-29T08:00:00\+08:00/],
  ['2027-01-01T24:30:00Z', /there is no such time/],
  ['2027-01-01T08:00:00+99:00', /there is no such time/],
  ['2026-01-01T07:59:59+08:00', /must be in the years 2026 to 2099/],
  ['2100-01-01T00:00:00Z', /must be in the years 2026 to 2099/],
])('%s is refused with what is wrong', (text, message) => {
  expect(() => startOf(text)).toThrow(message);
});

it.each(['fast', '0', '-1', 'Infinity', ''])('a scale of %j is refused', (KEYUN_TIME_SCALE) => {
  expect(() => clockOfRun({ KEYUN_TIME_SCALE })).toThrow('KEYUN_TIME_SCALE must be a number above 0');
});
