import fc from 'fast-check';
import { serviceSpanOf, weeksToMove } from '../../../shared/feeds/build-version.ts';
import { metresBetween } from '../../../shared/feeds/distances.ts';
import { datesOf } from '../../../shared/feeds/dates.ts';
import { degrees, secondsOfTime, startTimeOf, wholeNumber } from '../../../shared/feeds/fields.ts';
import { pinyinInitials, romanise } from '../../../shared/feeds/romanise.ts';
import type { Feed } from '../../../shared/feeds/read-feed.ts';
import { serviceDateSchema } from '../../../shared/platform/ids.ts';
import { plusDays } from '../../../shared/platform/time.ts';

const day = (text: string) => serviceDateSchema.parse(text);

test.each([
  ['blanks', `1${' '.repeat(250_000)}x`],
  ['letters', `${'T'.repeat(250_000)}x`],
])('a field of %s as long as a line is no date, and takes no time', (_, text) => {
  const start = process.cpuUsage().user;
  expect(datesOf(text)).toEqual([]);
  expect(process.cpuUsage().user - start).toBeLessThan(1_000_000);
});

describe('fields', () => {
  test.each([
    ['00:00:00', 0],
    ['7:05:09', 25_509],
    ['24:00:00', 86_400],
    ['30:10:00', 108_600],
    ['25:61:00', undefined],
    ['8:00', 28_800],
    ["'08:00:00", 28_800],
    ['8:5:0', 29_100],
    ['08 : 00 : 00', 28_800],
    ['08:00:00.000', 28_800],
    ['8:00:00 PM', 72_000],
    ['12:30 a.m.', 1800],
    ['13:00 PM', undefined],
    ['10:30.0', undefined],
    ['0.333333', undefined],
    ['-1:00:00', undefined],
    ['241:00:00', undefined],
    ['', undefined],
  ])('the time %p is %p seconds', (text, seconds) => expect(secondsOfTime(text)).toBe(seconds));

  test.each([
    ['20280229', ['2028-02-29']],
    ['20270229', []],
    ['20271301', []],
    ['2027-01-01', ['2027-01-01']],
    ['2027/1/1', ['2027-01-01']],
    ['2027-12-01 00:00:00', ['2027-12-01']],
    ['2027-12-01T00:00:00Z', ['2027-12-01']],
    ['2027-12-01T08:00:00', []],
    ['20261201.0', ['2026-12-01']],
    ['2.0261201E7', ['2026-12-01']],
    ["'20261201", ['2026-12-01']],
    ['2026 12 01', ['2026-12-01']],
    ['1-Dec-2026', ['2026-12-01']],
    ['12/25/2026', ['2026-12-25']],
    ['25.12.2026', ['2026-12-25']],
    ['12/12/2026', ['2026-12-12']],
    ['12/1/2026', ['2026-12-01', '2026-01-12']],
    ['12/1/26', []],
    ['46357', []],
    ['', []],
  ])('the date %p can be %p', (text, dates) => expect(datesOf(text)).toEqual(dates));

  test.each([
    ['7', 7],
    ['007', 7],
    ['1.0', 1],
    ['1.', 1],
    ['+1', 1],
    ["'1", 1],
    ['1.5E1', 15],
    ['1.000', undefined],
    ['1,0', undefined],
    ['1 000', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['1.5E0', undefined],
    ['x', undefined],
    ['', undefined],
  ])('the whole number %p is %p', (text, value) => expect(wholeNumber(text)).toBe(value));

  test.each([
    ['31.', 31],
    ['.5', 0.5],
    ['-3.0E-4', -0.0003],
    ['+121.4', 121.4],
    ['\u221212.5', -12.5],
    ['52,525', 52.525],
    ["'52.5", 52.5],
    ['181', undefined],
    ['1,234,5', undefined],
    ['31 30', undefined],
    ['31°30', undefined],
    ['.', undefined],
  ])('the degrees %p are %p', (text, value) => expect(degrees(text, 180)).toBe(value));

  test('a start time is hours and minutes, past midnight too', () => {
    expect([startTimeOf(0), startTimeOf(6.5 * 3600), startTimeOf(25.25 * 3600)]).toEqual([
      '0000',
      '0630',
      '2515',
    ]);
  });
});

describe('names in Latin letters', () => {
  test.each([
    ['北京南', 'BJN'],
    ['上海虹桥', 'SHHQ'],
    ['曲阜东', 'QFD'],
    ['蚌埠南', 'BBN'],
    ['鄂州2', 'EZ2'],
    ['München', undefined],
  ])('%s has the initials %p', (name, initials) => expect(pinyinInitials(name)).toBe(initials));

  test.each([
    ['长沙南', 'chang sha nan'],
    ['长春', 'chang chun'],
    ['厦门北', 'xia men bei'],
    ['重庆西', 'chong qing xi'],
    ['六安', 'lu an'],
    ['吕梁', 'lu liang'],
    ['乐清东', 'yue qing dong'],
    ['乐山', 'le shan'],
    ['三都县', 'san du xian'],
    ['上海虹桥 T2', 'shang hai hong qiao T2'],
    ['Москва', 'Moskva'],
    ['Θεσσαλονίκη', 'Thessaloniki'],
    ['Łódź', undefined],
  ])('%s is spelled %p', (name, latin) => expect(romanise(name)).toBe(latin));
});

test('Berlin and Munich lie 504 km apart', () => {
  const berlin = { latitude: 52.52, longitude: 13.405 };
  const munich = { latitude: 48.137, longitude: 11.575 };
  expect(Math.round((metresBetween(berlin, munich) ?? 0) / 1000)).toBe(504);
  expect(metresBetween(berlin, {})).toBeUndefined();
});

describe('moved dates', () => {
  test('end at least 60 days ahead, by the smallest number of whole weeks', () => {
    const dates = fc.integer({ min: -4000, max: 400 }).map((days) => plusDays(day('2026-11-22'), days));
    fc.assert(
      fc.property(dates, (last) => {
        const weeks = weeksToMove(last, day('2026-11-22'));
        expect(plusDays(last, weeks * 7) >= '2027-01-21').toBe(true);
        if (weeks > 0) expect(plusDays(last, weeks * 7 - 7) < '2027-01-21').toBe(true);
      }),
    );
  });

  test('stay where they are when nothing is asked or nothing needed', () => {
    const feed = {
      firstDate: day('2027-01-01'),
      trips: [{ days: Uint8Array.of(0, 0b100) }],
    } as unknown as Feed;
    expect(serviceSpanOf(feed, false, day('2030-01-01'))).toEqual({
      firstDate: '2027-01-01',
      lastDate: '2027-01-11',
      movedWeeks: 0,
    });
    expect(serviceSpanOf(feed, true, day('2026-11-01'))).toMatchObject({ movedWeeks: 0 });
    expect(serviceSpanOf(feed, true, day('2026-11-13'))).toMatchObject({
      movedWeeks: 1,
      lastDate: '2027-01-18',
    });
    expect(serviceSpanOf({ ...feed, trips: [] }, true, day('2026-11-13'))).toBeUndefined();
  });
});
