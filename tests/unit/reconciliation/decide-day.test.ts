import { daysReady, decideDay, isLate } from '../../../shared/reconciliation/decide-day.ts';
import { serviceDateSchema } from '../../../shared/platform/ids.ts';
import {
  instantSchema,
  localDateOf,
  plusDays,
  plusSeconds,
  startOfDay,
} from '../../../shared/platform/time.ts';

const date = (text: string) => serviceDateSchema.parse(text);
/** Days of Beijing, and a bill at nine on the next one. */
const bills = {
  dayOf: (at: Parameters<typeof localDateOf>[0]) => localDateOf(at, 'Asia/Shanghai'),
  readyAt: (day: Parameters<typeof plusDays>[0]) =>
    plusSeconds(startOfDay(plusDays(day, 1), 'Asia/Shanghai'), 9 * 3600),
};
const now = instantSchema.parse('2026-12-02T01:00:00.000Z'); // Nine in Beijing.
const before = plusSeconds(now, -1);

describe('the day of a bill', () => {
  test('must be over in the provider’s zone', () => {
    expect(decideDay(date('2026-12-02'), bills, now)).toMatchObject({ reason: 'not-over' });
    expect(decideDay(date('2027-01-01'), bills, now)).toMatchObject({ reason: 'not-over' });
    const stillTheFirst = instantSchema.parse('2026-12-01T15:59:59.999Z');
    expect(decideDay(date('2026-12-01'), bills, stillTheFirst)).toMatchObject({ reason: 'not-over' });
  });

  test('has its bill from the provider’s hour on', () => {
    expect(decideDay(date('2026-12-01'), bills, before)).toMatchObject({ reason: 'not-ready' });
    expect(decideDay(date('2026-12-01'), bills, now)).toMatchObject({ outcome: 'accepted' });
  });

  test('is one of the last ten for the schedule, the oldest first', () => {
    const days = daysReady(bills, now);
    expect([days.length, days[0], days.at(-1)]).toEqual([10, '2026-11-22', '2026-12-01']);
    expect(daysReady(bills, before).at(-1)).toBe('2026-11-30');
  });

  test('is late a day after its bill was ready', () => {
    expect(isLate(date('2026-11-30'), bills, now)).toBe(true);
    expect(isLate(date('2026-11-30'), bills, before)).toBe(false);
  });
});
