import fc from 'fast-check';
import { serviceSpanOf, weeksToMove } from '../../../shared/feeds/build-version.ts';
import { metresBetween } from '../../../shared/feeds/distances.ts';
import { dateOfDigits, secondsOfTime, startTimeOf } from '../../../shared/feeds/fields.ts';
import { pinyinInitials } from '../../../shared/feeds/initials.ts';
import type { Feed } from '../../../shared/feeds/read-feed.ts';
import { serviceDateSchema } from '../../../shared/platform/ids.ts';
import { plusDays } from '../../../shared/platform/time.ts';

const day = (text: string) => serviceDateSchema.parse(text);

describe('fields', () => {
  test.each([
    ['00:00:00', 0],
    ['7:05:09', 25_509],
    ['24:00:00', 86_400],
    ['30:10:00', 108_600],
    ['25:61:00', undefined],
    ['12:00', undefined],
    ['-1:00:00', undefined],
    ['241:00:00', undefined],
    ['', undefined],
  ])('the time %p is %p seconds', (text, seconds) => expect(secondsOfTime(text)).toBe(seconds));

  test.each([
    ['20280229', '2028-02-29'],
    ['20270229', undefined],
    ['2027-01-01', undefined],
    ['20271301', undefined],
  ])('the date %p is %p', (text, date) => expect(dateOfDigits(text)).toBe(date));

  test('a start time is hours and minutes, past midnight too', () => {
    expect([startTimeOf(0), startTimeOf(6.5 * 3600), startTimeOf(25.25 * 3600)]).toEqual([
      '0000',
      '0630',
      '2515',
    ]);
  });
});

describe('pinyin initials', () => {
  test.each([
    ['北京南', 'BJN'],
    ['上海虹桥', 'SHHQ'],
    ['曲阜东', 'QFD'],
    ['蚌埠南', 'BBN'],
    ['鄂州2', 'EZ2'],
    ['München', undefined],
  ])('%s has %p', (name, initials) => expect(pinyinInitials(name)).toBe(initials));
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
