import { isIssued } from '../after-sale/decide-offer.ts';
import type { CommittedOrder, OrderIn } from '../orders/model.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';
import type { Ticket, TicketIn, Waiver } from '../tickets/model.ts';
import type { Job } from './model.ts';
import type { WaiverRefusal } from './refusals.ts';
import { outweighs, waiverFor } from './rules.ts';

/** Whether a job has waived the tickets of an order: its event says so. */
export const isWaivedBy = ({ history }: CommittedOrder, jobId: Job['jobId']): boolean =>
  history.some(({ event, subject }) => event === 'order-disrupted' && subject === jobId);

/** Everything that T42 writes. */
export type WaiverOfOrder = {
  order: OrderIn<'issued'>;
  tickets: { ticket: TicketIn<'issued'>; waiver: Waiver; replaced: Waiver | undefined }[];
};

/** T42: the tickets of an order whose fee a job waives. */
export const decideWaiver = (
  order: OrderIn<'issued'>,
  tickets: readonly Ticket[],
  job: Job,
): Outcome<WaiverOfOrder, WaiverRefusal> => {
  const waiver = waiverFor(job, order);
  const waived = tickets
    .filter(isIssued)
    .filter((ticket) => outweighs(waiver, ticket.waiver))
    .map((ticket) => ({ ticket, waiver, replaced: ticket.waiver }));
  return waived.length > 0 ? accepted({ order, tickets: waived }) : rejected('nothing-left');
};

/** The tickets of an order that a job pays back now: those that it waived, and of which no offer is open. */
export const ticketsToRefund = (
  tickets: readonly Ticket[],
  { jobId }: Pick<Job, 'jobId'>,
  now: Instant,
): { due: TicketIn<'issued'>[]; bound: TicketIn<'issued'>[] } => {
  const left = tickets
    .filter(isIssued)
    .filter(({ waiver }) => waiver?.jobId === jobId && waiver.until <= now);
  const isBound = ({ openOffer }: TicketIn<'issued'>) =>
    openOffer !== undefined && openOffer.validUntil > now;
  return { due: left.filter((ticket) => !isBound(ticket)), bound: left.filter(isBound) };
};
