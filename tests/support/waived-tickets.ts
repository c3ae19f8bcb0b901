import { jobIdSchema } from '../../shared/platform/ids.ts';
import { plusSeconds } from '../../shared/platform/time.ts';
import { ticketSchema, type Ticket, type WaiverReason } from '../../shared/tickets/model.ts';
import { sampleTickets, type sampleOrder } from './sample-order.ts';

/** The job of an announcement about the sample order's run. */
export const sampleJobId = jobIdSchema.parse('G1~2026-12-01~cancelled');

/** Tickets whose fee is waived until 90 minutes after the departure, without codes, as a mail has them. */
export const waivedTickets = (
  order: ReturnType<typeof sampleOrder<'issued'>>,
  reason: WaiverReason,
): Ticket[] =>
  sampleTickets(order).map(({ code: _code, ...ticket }) =>
    ticketSchema.parse({
      ...ticket,
      waiver: { jobId: sampleJobId, reason, until: plusSeconds(order.departsAt, 5400) },
    }),
  );
