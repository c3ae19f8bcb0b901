import { jobIdSchema } from '../../../shared/platform/ids.ts';
import { instantOf, plusSeconds } from '../../../shared/platform/time.ts';
import { isWaived, ticketSchema, waiverOf } from '../../../shared/tickets/model.ts';
import { refundedTickets } from '../../support/refunded-tickets.ts';
import { sampleOrder, sampleTickets } from '../../support/sample-order.ts';

const until = instantOf(Date.parse('2026-12-03T12:00:00+08:00'));
const waiver = {
  jobId: jobIdSchema.parse('G1~2026-12-01~cancelled'),
  reason: 'run-cancelled' as const,
  until,
};
const [issued] = sampleTickets(sampleOrder('issued'));
const waived = ticketSchema.parse({ ...issued, waiver });

test.each([
  [-1, true],
  [0, false],
  [1, false],
])('a waiver ends at its end: %d s from there', (seconds, holds) => {
  const now = plusSeconds(until, seconds);
  expect(isWaived(waived, now)).toBe(holds);
  expect(waiverOf(waived, now)).toEqual(holds ? waiver : undefined);
});

const checkIn = { at: until, stopId: 'VNP', gateId: 'north-1', useId: 'use-no-1' };

test('only an issued ticket is waived', () => {
  const [refunded] = refundedTickets(sampleOrder('issued'), 0);
  const before = plusSeconds(until, -60);
  expect(isWaived(ticketSchema.parse({ ...refunded, waiver }), before)).toBe(false);
  expect(isWaived(ticketSchema.parse({ ...waived, state: 'checkedIn', checkIn }), before)).toBe(false);
  expect(isWaived(ticketSchema.parse(issued), before)).toBe(false);
});

test.each([
  'G1~2026-12-01~cancelled',
  'G1~2026-12-01~0700~stop-VNP',
  'a!2Fb~2026-12-01~stop-de!3A08212!3A90',
  'G1~2026-12-01~delay-90',
])('%s is the id of a job', (id) => {
  expect(jobIdSchema.safeParse(id).success).toBe(true);
});

test.each([
  '',
  'G1~2026-12-01',
  'G1~2026-12-01~stop-',
  'G1~2026-12-01~delay-0',
  'x~cancelled',
  'G1~2026-12-01~cancelled~',
])('%j is no id of a job', (id) => {
  expect(jobIdSchema.safeParse(id).success).toBe(false);
});
