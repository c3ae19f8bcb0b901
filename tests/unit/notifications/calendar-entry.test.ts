import { calendarEntry } from '../../../shared/notifications/calendar-entry.ts';
import { sampleOrder, sampleTickets } from '../../support/sample-order.ts';

const entryFor = (more: Parameters<typeof sampleOrder>[1] = {}): string => {
  const [ticket] = sampleTickets(sampleOrder('issued', more));
  return calendarEntry({ ticket: ticket!, languages: [], place: 'Coach 05, seat 12A, Second class' });
};

/** What a reader sees: lines joined again (RFC 5545, 3.1). */
const unfolded = (entry: string): string[] => entry.replaceAll('\r\n ', '').split('\r\n');

test('an entry tells the journey in UTC', () => {
  expect(unfolded(entryFor())).toEqual(
    expect.arrayContaining([
      'UID:01KBZ5Q7W8XN3V4M5T6R7S8P9A-1@keyun',
      'DTSTAMP:20261120T020500Z',
      'DTSTART:20261201T010000Z',
      'DTEND:20261201T052800Z',
      'SUMMARY:G1 北京南 → 上海虹桥',
      'LOCATION:北京南',
      String.raw`DESCRIPTION:Coach 05\, seat 12A\, Second class\n张三\n01KBZ5Q7W8XN3V4M5T6R7S8P9A-1`,
    ]),
  );
});

test('lines end as they must and are at most 75 bytes, whole characters each', () => {
  const entry = entryFor({ passengers: [{ name: '𠮷野'.repeat(40) }] });
  expect(entry.endsWith('END:VCALENDAR\r\n')).toBe(true);
  for (const line of entry.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  expect(entry.replaceAll('\r\n', '')).not.toMatch(/[\r\n\uFFFD]/);
  expect(unfolded(entry).join('\n')).toContain('𠮷野'.repeat(40));
});
