import { entryKeptUntil, orderEnd, personalDataEnd } from '../../../shared/bookings/kept-until.ts';
import { orderIdSchema } from '../../../shared/platform/ids.ts';
import { instantSchema, secondsBetween } from '../../../shared/platform/time.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';

describe('the end of an order’s data', () => {
  const arrivesAt = instantSchema.parse('2026-12-01T05:28:00.000Z');
  const days = (id: string, end: typeof personalDataEnd | typeof orderEnd) =>
    secondsBetween(arrivesAt, end({ orderId: orderIdSchema.parse(id), arrivesAt }, sampleCarrier)) / 86_400;
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const ids = [...letters].map((letter, n) => `01KBZ5Q7W8XN3V4M5T6R7${letter}${n % 10}8P9`);

  test('is within the day after its days, and not for all at once', () => {
    const ends = ids.map((id) => days(id, personalDataEnd));
    for (const end of ends) expect(Math.floor(end)).toBe(30);
    expect(new Set(ends.map((end) => Math.floor((end - 30) * 4))).size).toBe(4);
  });

  test('of the order is never a day too soon', () => {
    for (const id of ids) expect(days(id, orderEnd)).toBeGreaterThan(3 * 365 + 1);
  });

  test('of its books is counted from the end of their year', () => {
    const until = entryKeptUntil(instantSchema.parse('2026-01-01T00:00:00.000Z'), sampleCarrier);
    expect(new Date(until * 1000).toISOString().slice(0, 10)).toBe('2057-01-02');
  });
});
