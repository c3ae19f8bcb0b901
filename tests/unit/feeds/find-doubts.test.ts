import { findDoubts, type Offered } from '../../../shared/feeds/find-doubts.ts';
import { serviceDateSchema } from '../../../shared/platform/ids.ts';
import { instantSchema } from '../../../shared/platform/time.ts';
import type { Version } from '../../../shared/timetable/model.ts';

const day = (text: string) => serviceDateSchema.parse(text);
const today = day('2027-06-10');
const sales = { from: day('2027-06-01'), until: day('2027-06-20') };

const inForce: Version = {
  version: 'v1',
  importedAt: instantSchema.parse('2027-01-01T00:00:00.000Z'),
  timeZone: 'Europe/Berlin',
  firstDate: day('2027-06-01'),
  lastDate: day('2027-06-30'),
  stops: 2,
  trips: 1,
  tripBuckets: 1,
};

/** Service from June 1 on, on days with these numbers after it. */
const serving = (days: number[], more: Partial<Offered> = {}): Offered => {
  const bits = new Uint8Array(40);
  for (const each of days) bits[each >> 3] = (bits[each >> 3] ?? 0) | (1 << (each & 7));
  const lastDate = `2027-06-${String(Math.max(...days) + 1).padStart(2, '0')}`;
  return { firstDate: day('2027-06-01'), lastDate: day(lastDate), days: bits, hasFares: true, ...more };
};

const kindsOf = (next: Offered, question: Partial<Parameters<typeof findDoubts>[0]> = {}) =>
  findDoubts({ next, inForce, kept: serving([12]), sales, today, ...question }).map(({ kind }) => kind);

describe('a version is put in force without a question', () => {
  test.each<[string, Offered, Partial<Parameters<typeof findDoubts>[0]>]>([
    ['if it runs on a date on sale', serving([9]), {}],
    ['if it runs on the last date on sale', serving([19]), {}],
    ['if nothing is on sale before it either', serving([25]), { kept: serving([25]) }],
    ['if no date is open', serving([25]), { sales: undefined }],
    [
      'if the dates on sale are over',
      serving([25]),
      { sales: { from: day('2027-05-01'), until: day('2027-06-09') } },
    ],
    ['if it is the first', serving([25], { hasFares: false }), { inForce: undefined, kept: undefined }],
    [
      'if neither has fares',
      serving([12], { hasFares: false }),
      { kept: serving([12], { hasFares: false }) },
    ],
    ['if its last day is today', serving([9]), {}],
  ])('%s', (_, next, question) => expect(kindsOf(next, question)).toEqual([]));
});

describe('an operator is asked about a version', () => {
  test('that is over, even if it is the first', () => {
    expect(kindsOf(serving([8]))).toEqual(['in-the-past']);
    expect(kindsOf(serving([8]), { inForce: undefined, kept: undefined })).toEqual(['in-the-past']);
  });

  test('that runs on no date on sale from today on, where the one in force does', () => {
    expect(kindsOf(serving([3, 20]))).toEqual(['nothing-on-sale']);
    expect(kindsOf(serving([20]), { kept: undefined })).toEqual(['nothing-on-sale']);
  });

  test('that runs only on dates whose sale is closed, where the one in force runs on another', () => {
    const subject = { kind: 'all' as const };
    const closed = { subject, sale: 'closed' as const, from: day('2027-06-12'), until: day('2027-06-18') };
    const question = { kept: serving([18]), sales: { ...sales, exceptions: [closed] } };
    expect(kindsOf(serving([13]), question)).toEqual(['nothing-on-sale']);
    expect(kindsOf(serving([13]), { ...question, kept: serving([14]) })).toEqual([]);
  });

  test('that does not run on the dates for which one trip alone is on sale', () => {
    const subject = { kind: 'trip' as const, id: 'G1' };
    const open = { subject, sale: 'open' as const, from: day('2027-06-25'), until: day('2027-06-26') };
    const over = { from: day('2027-05-01'), until: day('2027-06-09'), exceptions: [open] };
    expect(kindsOf(serving([12]), { kept: serving([25]), sales: over })).toEqual(['nothing-on-sale']);
    expect(kindsOf(serving([24]), { kept: serving([25]), sales: over })).toEqual([]);
  });

  test('that has no fares, where the one in force has, or may have', () => {
    const next = serving([12], { hasFares: false });
    expect(kindsOf(next)).toEqual(['no-fares']);
    expect(kindsOf(next, { kept: undefined })).toEqual(['no-fares']);
    expect(kindsOf(serving([20], { hasFares: false }))).toEqual(['nothing-on-sale', 'no-fares']);
  });
});
