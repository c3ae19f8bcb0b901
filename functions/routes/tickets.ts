import * as z from 'zod';
import { moneySchema } from '../../shared/platform/money.ts';
import { ticketIdSchema } from '../../shared/platform/ids.ts';
import { appliedRuleSchema } from '../../shared/platform/after-sale/refund-rules.ts';
import { ticketStates, waiverReasons } from '../../shared/tickets/model.ts';
import { route } from './route.ts';
import { headsignField } from './timetable.ts';

const path = z.object({ ticketId: ticketIdSchema });

/** A ticket as its owner sees it. */
const ticketView = z
  .object({
    ticketId: z.string(),
    orderId: z.string(),
    state: z.enum(ticketStates),
    runId: z.string(),
    trip: z.string(),
    headsign: headsignField,
    from: z.object({ stopId: z.string(), name: z.string(), departs: z.string() }),
    to: z.object({ stopId: z.string(), name: z.string(), arrives: z.string() }),
    class: z.string(),
    coach: z.string(),
    seat: z.string().nullable().meta({ description: 'null if places have no numbers' }),
    seatChange: z
      .object({
        stopId: z.string(),
        name: z.string(),
        departs: z.string(),
        coach: z.string(),
        seat: z.string().nullable(),
      })
      .optional()
      .meta({ description: 'The stop at which the passenger changes seats, and the seat from there on' }),
    passenger: z.object({
      name: z.string(),
      document: z.string().optional().meta({ description: 'Masked' }),
      onLap: z
        .array(z.object({ name: z.string(), type: z.string(), document: z.string().optional() }))
        .optional()
        .meta({ description: 'Who travels on this ticket without a seat' }),
    }),
    fare: moneySchema,
    refund: z
      .object({ at: z.string(), fee: moneySchema, amount: moneySchema, rule: appliedRuleSchema })
      .optional()
      .meta({ description: 'What the passenger got back for it, and what the carrier kept' }),
    exchange: z
      .object({ at: z.string(), newOrderId: z.string(), newTicketId: z.string(), fee: moneySchema })
      .optional()
      .meta({ description: 'The ticket for which it was exchanged' }),
    checkIn: z
      .object({ at: z.string(), stopId: z.string() })
      .optional()
      .meta({ description: 'When and where the passenger was let in with it' }),
    waiver: z
      .object({ reason: z.enum(waiverReasons), until: z.string() })
      .optional()
      .meta({
        description:
          'The carrier does not carry as it sold: until then, the ticket goes back or is exchanged without a fee',
      }),
    code: z.string().optional().meta({
      description:
        'The signed text that gates read from the symbol; we remove it some weeks after the journey, or with a refund or an exchange',
    }),
    issuedAt: z.string(),
  })
  .meta({ id: 'Ticket' });

/** Tickets, for the passenger who bought them. Anyone else gets 404. */
export const ticketsRoutes = {
  getTicket: route({
    method: 'GET',
    path: '/v1/tickets/{ticketId}',
    function: 'api/tickets/get-ticket',
    caller: 'passenger',
    tag: 'Tickets',
    summary: 'Get a ticket',
    pathParameters: path,
    success: { status: 200, description: 'The ticket', body: ticketView, localised: true },
    problems: ['not-found'],
  }),
  getTicketCode: route({
    method: 'GET',
    path: '/v1/tickets/{ticketId}/code',
    function: 'api/tickets/get-ticket-code',
    caller: 'passenger',
    tag: 'Tickets',
    summary: 'Get the code of a ticket as an Aztec symbol',
    pathParameters: path,
    success: { status: 200, description: 'A PNG image', mediaType: 'image/png' },
    problems: ['not-found'],
  }),
};
