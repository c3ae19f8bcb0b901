import { serviceDateSchema, tripIdSchema } from '../../../shared/platform/ids.ts';
import { decideSales, type SalesCommand } from '../../../shared/timetable/decide-sales.ts';
import type { SaleSubject, Sales } from '../../../shared/timetable/model.ts';
import { lastServiceDateSold, saleOn } from '../../../shared/timetable/sale-rules.ts';

const day = (n: number) => serviceDateSchema.parse(`2027-06-${String(n).padStart(2, '0')}`);
const today = day(2);
const window: Sales = { from: day(1), until: day(20) };
const g1 = { tripId: tripIdSchema.parse('t1'), trip: 'G1', routeId: 'R' };
const g2 = { tripId: tripIdSchema.parse('t2'), trip: 'G2', routeId: 'R' };
const all: SaleSubject = { kind: 'all' };
const trip = (id: string): SaleSubject => ({ kind: 'trip', id });
const route: SaleSubject = { kind: 'route', id: 'R' };

const after = (...commands: SalesCommand[]): Sales =>
  commands.reduce<Sales>((sales, command) => {
    const decided = decideSales(sales, command, today);
    if (decided.outcome === 'rejected') throw new Error(decided.reason);
    return decided.sales;
  }, window);
const close = (subject: SaleSubject, from = today, until = from): SalesCommand => ({
  what: 'close',
  subject,
  dates: { from, until },
});
const open = (subject: SaleSubject, from: number, until: number): SalesCommand => ({
  what: 'open',
  subject,
  dates: { from: day(from), until: day(until) },
});
/** The days of June on which a trip is open. */
const openDays = (sales: Sales, sold: typeof g1): number[] =>
  Array.from({ length: 30 }, (_, n) => n + 1).filter((n) => saleOn(sales, day(n))(sold) === 'open');
const range = (from: number, until: number) => Array.from({ length: until - from + 1 }, (_, n) => from + n);

describe('what is on sale', () => {
  test('is every trip on the dates on sale', () => expect(openDays(window, g1)).toEqual(range(1, 20)));

  test.each([
    ['its public name', 'G1'],
    ['its id', 't1'],
  ])('does not include a trip that is closed by %s', (_, id) => {
    const closed = after({ what: 'close', subject: trip(id), dates: { from: day(5) } });
    expect(openDays(closed, g1)).toEqual(range(1, 4));
    expect(openDays(closed, g2)).toEqual(range(1, 20));
    // Opening more dates does not open what is closed by itself.
    expect(openDays(after(close(trip(id), day(5), day(30)), open(all, 21, 25)), g1)).toEqual(range(1, 4));
    expect(openDays(after(close(trip(id)), { what: 'open', subject: trip(id) }), g1)).toEqual(range(1, 20));
  });

  test('goes by the trip before the route, and by the route before everything', () => {
    const sales = after(close(all, day(3), day(6)), open(route, 4, 22), close(trip('G1'), day(5), day(8)));
    expect(openDays(sales, g1)).toEqual([1, 2, 4, ...range(9, 22)]);
    expect(openDays(sales, g2)).toEqual([1, 2, ...range(4, 22)]);
    expect(lastServiceDateSold(sales)).toBe(day(23));
    expect(lastServiceDateSold(window)).toBe(day(21));
  });

  test('is closed where an id and a public name say otherwise of one trip', () =>
    expect(openDays(after(open(trip('t1'), 3, 6), close(trip('G1'), day(5), day(8))), g1)).toEqual([
      1,
      2,
      3,
      4,
      ...range(9, 20),
    ]));
});

describe('closing everything', () => {
  test('from a date on shortens the dates on sale', () => {
    expect(after({ what: 'close', subject: all, dates: { from: day(10) } })).toEqual({
      from: day(1),
      until: day(9),
      reached: day(20),
    });
    expect(openDays(after({ what: 'close', subject: all, dates: { from: today } }), g1)).toEqual([1]);
    expect(after({ what: 'close', subject: all, dates: { from: day(25) } })).toEqual(window);
  });

  test('for some days leaves those around them, and opening them again leaves nothing behind', () => {
    const closed = after(close(all, day(10), day(12)));
    expect(openDays(closed, g1)).toEqual([...range(1, 9), ...range(13, 20)]);
    expect(openDays(after(close(all, day(10), day(12)), open(all, 11, 11)), g1)).toEqual([
      ...range(1, 9),
      11,
      ...range(13, 20),
    ]);
    expect(after(close(all, day(10), day(12)), open(all, 9, 13))).toEqual(window);
  });
});

describe('the last date of which anybody may have a seat', () => {
  const lastAfter = (...commands: SalesCommand[]) => lastServiceDateSold(after(...commands));
  const closeAll: SalesCommand = { what: 'close', subject: all, dates: { from: today } };

  test('stays where it was when the sale is closed, however often', () => {
    expect(lastAfter(closeAll)).toBe(day(21));
    expect(lastAfter(closeAll, open(all, 3, 5), close(all, day(4)))).toBe(day(21));
    expect(lastAfter(open(trip('G1'), 22, 25), { what: 'open', subject: trip('G1') })).toBe(day(26));
  });

  test('is not kept where more is on sale again', () => {
    expect(after(closeAll, open(all, 2, 20))).toEqual({ from: day(2), until: day(20) });
    expect(lastAfter(closeAll, open(all, 2, 24))).toBe(day(25));
  });
});

describe('the exceptions', () => {
  test('of days that are over are dropped', () => {
    const old: Sales = {
      ...window,
      exceptions: [{ subject: route, sale: 'closed', from: day(1), until: day(1) }],
    };
    expect(decideSales(old, open(all, 20, 21), day(3))).toMatchObject({ sales: { until: day(21) } });
    expect(decideSales(old, open(all, 20, 21), day(3))).not.toHaveProperty('sales.exceptions');
    expect(decideSales(old, open(all, 20, 21), day(2))).toHaveProperty('sales.exceptions');
  });

  test('fit into one small item', () => {
    const full = Array.from({ length: 1000 }, (_, n) => close(trip(`trip ${n}`), day(3), day(4)));
    expect(() => after(...full)).toThrow('too-many-exceptions');
  });
});
