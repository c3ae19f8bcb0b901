import {
  ageOn,
  companyLacking,
  mayHold,
  isOfAge,
  passengerTypeSchema,
  percentFor,
} from '../../../shared/platform/passenger-types.ts';
import { classSchema, serviceDateSchema } from '../../../shared/platform/ids.ts';

const day = (text: string) => serviceDateSchema.parse(text);
const ride = (cls: string, on: string) => ({ class: classSchema.parse(cls), day: day(on) });

/** Three quarters in second class, in summer and over the winter holidays. */
const holidays = passengerTypeSchema.parse({
  type: 'pupil',
  name: {},
  percentOfAdult: 75,
  reducedIn: {
    classes: ['second'],
    dates: [
      { from: '06-01', to: '09-30' },
      { from: '12-01', to: '02-28' },
    ],
  },
});

describe('the share of a fare', () => {
  test.each([
    ['2027-05-31', 100],
    ['2027-06-01', 75],
    ['2027-06-02', 75],
    ['2027-09-29', 75],
    ['2027-09-30', 75],
    ['2027-10-01', 100],
    ['2027-11-30', 100],
    ['2027-12-01', 75],
    ['2027-12-31', 75],
    ['2028-01-01', 75],
    ['2028-02-27', 75],
    ['2028-02-28', 75],
    ['2028-02-29', 100],
    ['2028-03-01', 100],
    ['2027-03-01', 100],
  ])('on %s is %d per cent', (on, expected) => {
    expect(percentFor(holidays, ride('second', on))).toBe(expected);
  });

  test('is that of an adult in other classes', () => {
    expect(percentFor(holidays, ride('first', '2027-07-01'))).toBe(100);
  });

  test('counts everywhere unless something else is said', () => {
    const always = passengerTypeSchema.parse({ type: 'x', name: {}, percentOfAdult: 0 });
    expect(percentFor(always, ride('first', '2027-07-01'))).toBe(0);
  });

  test.each([
    [{ classes: ['first'] }, 75, 100],
    [{ dates: [{ from: '02-29', to: '02-29' }] }, 100, 75],
    [{ dates: [{ from: '01-01', to: '12-31' }] }, 75, 75],
  ])('with %j', (reducedIn, inFirst, onLeapDay) => {
    const type = passengerTypeSchema.parse({ type: 'x', name: {}, percentOfAdult: 75, reducedIn });
    expect([
      percentFor(type, ride('first', '2027-07-01')),
      percentFor(type, ride('second', '2028-02-29')),
    ]).toEqual([inFirst, onLeapDay]);
  });

  test.each(['6-1', '06-31', '02-30', '13-01', '00-10', '06-00', '2027-06-01', ''])(
    '%j is no day of every year',
    (from) => {
      const reducedIn = { dates: [{ from, to: '12-31' }] };
      expect(
        passengerTypeSchema.safeParse({ type: 'x', name: {}, percentOfAdult: 5, reducedIn }).success,
      ).toBe(false);
    },
  );
});

describe('an age', () => {
  test.each([
    ['2026-02-28', 5],
    ['2026-03-01', 6],
    ['2028-02-28', 7],
    ['2028-02-29', 8],
  ])('of somebody born on 29 February 2020 is, on %s, %d', (on, age) => {
    expect(ageOn(day(on), '2020-02-29')).toBe(age);
  });

  test.each([
    [{ from: 6, to: 13 }, [5, 6, 13, 14], [false, true, true, false]],
    [{ to: 1 }, [0, 1, 2], [true, true, false]],
    [{ from: 65 }, [64, 65, 120], [false, true, true]],
  ])('fits %j', (ages, tried, expected) => {
    expect(tried.map((age) => isOfAge(ages, age))).toEqual(expected);
  });
});

describe('company', () => {
  const lap = { type: 'lap', onlyWith: ['adult', 'senior'], perCompanion: 2 };
  const lacking = (before: string[], after: string[] = []) =>
    companyLacking(lap, before, [...before, 'lap', ...after]);

  test.each([
    [[], [], 'unaccompanied'],
    [['lap'], [], 'unaccompanied'],
    [['other'], [], 'unaccompanied'],
    [['adult'], [], undefined],
    [[], ['senior'], undefined],
    [['adult', 'lap'], [], undefined],
    [['adult', 'lap', 'lap'], [], 'too-few-companions'],
    [['adult', 'lap', 'lap'], ['senior'], undefined],
    [['lap', 'lap', 'lap', 'adult', 'senior'], [], undefined],
    [['lap', 'lap', 'lap', 'lap', 'adult', 'senior'], [], 'too-few-companions'],
  ])('after %j and before %j: %s', (before, after, expected) => {
    expect(lacking(before, after)).toBe(expected);
  });

  test.each([
    [['adult'], ['lap'], true],
    [['adult'], [], true],
    [['adult'], ['lap', 'lap'], true],
    [['adult'], ['lap', 'lap', 'lap'], false],
    [['student'], ['lap'], false],
    [['adult'], ['seated'], false],
  ])('%j may hold %j: %s', ([holder = ''], onLap, expected) => {
    const known = {
      lap: { ...lap, withoutSeat: true as const },
      seated: { type: 'seated', onlyWith: ['adult'] },
    };
    expect(
      mayHold(
        holder,
        onLap.map((type) => known[type as keyof typeof known]),
      ),
    ).toBe(expected);
  });

  test('one adult holds one who has no seat, unless more is said', () => {
    const held = { type: 'held', onlyWith: ['adult'], withoutSeat: true as const };
    expect(mayHold('adult', [held])).toBe(true);
    expect(mayHold('adult', [held, held])).toBe(false);
    expect(companyLacking(held, ['adult', 'held'], ['adult', 'held', 'held'])).toBe('too-few-companions');
  });

  test('has no limit unless one is said, and who may travel alone needs none', () => {
    const any = { type: 'any', onlyWith: ['adult'] };
    const eight = Array.from({ length: 8 }, () => 'any');
    expect(companyLacking(any, eight, [...eight, 'adult'])).toBeUndefined();
    expect(companyLacking({ type: 'adult' }, [], ['adult'])).toBeUndefined();
  });
});
