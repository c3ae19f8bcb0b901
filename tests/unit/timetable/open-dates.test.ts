import { serviceDateSchema } from '../../../shared/platform/ids.ts';
import { openDates } from '../../../shared/timetable/decide-sales.ts';

const day = (text: string) => serviceDateSchema.parse(text);
const span = (from: string, until: string) => ({ from: day(from), until: day(until) });
const today = day('2026-11-22');
const current = span('2026-11-20', '2026-11-30');

describe('opening dates for sale', () => {
  test('adds to what is open, never closes any of it', () => {
    expect(openDates(current, span('2026-12-01', '2026-12-15'), today)).toMatchObject({
      sales: span('2026-11-20', '2026-12-15'),
    });
    expect(openDates(current, span('2026-11-25', '2026-11-26'), today)).toMatchObject({ sales: current });
  });

  test('does not open the days between two stretches unseen', () => {
    expect(openDates(current, span('2026-12-02', '2026-12-15'), today)).toMatchObject({ reason: 'gap' });
  });

  test('begins anew where nothing is open any more', () => {
    const opened = span('2026-12-02', '2026-12-15');
    expect(openDates(undefined, opened, today)).toMatchObject({ sales: opened });
    expect(openDates(span('2026-01-01', '2026-11-21'), opened, today)).toMatchObject({ sales: opened });
  });
});
