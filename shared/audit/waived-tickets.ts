import type { Job } from '../disruption/model.ts';
import { concerns } from '../disruption/rules.ts';
import { secondsBetween } from '../platform/time.ts';
import type { TicketIn } from '../tickets/model.ts';
import { findingsAbout, type Lookups } from './lookups.ts';
import type { Finding, OrderPart } from './model.ts';

const isIssued = (ticket: OrderPart['tickets'][number]): ticket is TicketIn<'issued'> =>
  ticket.state === 'issued';

/** A job waits for the end of an offer, which lasts a day at most. */
const offerSecondsMax = 86_400;

/** The states of a job that has looked at every ticket. */
const afterLooks: ReadonlySet<Job['state']> = new Set(['waiting', 'refunding', 'done']);

/** Checks that no ticket of a cancelled run is forgotten, and that none outlives the time to choose. */
export const auditWaivedTickets = (part: OrderPart, { now, bounds, cancellationOf }: Lookups): Finding[] => {
  const { findings, report } = findingsAbout({ kind: 'order', orderId: part.orderId });
  const { order } = part;
  if (order?.state !== 'issued') return findings;
  const job = cancellationOf(order.runId);
  const isOver = job !== undefined && afterLooks.has(job.state) && concerns(job, order);
  for (const { ticketId, waiver, openOffer } of part.tickets.filter(isIssued)) {
    if (isOver && !waiver)
      report('ticket-waived', ticketId, `the ticket ${ticketId} of a cancelled run has no waiver`);
    if (!waiver || waiver.reason === 'delayed') continue;
    const offered = openOffer && openOffer.validUntil > waiver.until ? offerSecondsMax : 0;
    if (secondsBetween(waiver.until, now) <= bounds.overdueSeconds + offered) continue;
    const what = `the waiver of the ticket ${ticketId} has ended at ${waiver.until}, and the ticket was not paid back`;
    report('waiver-ended', ticketId, what);
  }
  return findings;
};
