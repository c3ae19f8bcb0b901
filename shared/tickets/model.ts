import * as z from 'zod';
import {
  classSchema,
  itemIdSchema,
  orderIdSchema,
  runIdSchema,
  ticketIdSchema,
  userIdSchema,
} from '../platform/ids.ts';
import { moneySchema } from '../platform/money.ts';
import { instantSchema } from '../platform/time.ts';
import { labelSchema, namesSchema } from '../platform/languages.ts';

export const ticketStates = ['issued', 'checkedIn', 'refunded', 'exchanged', 'released'] as const;

/**
 * One passenger's right to travel. `code` is the signed text of the Aztec symbol (base64url), see code.ts; it describes
 * the passenger, and is removed with the order's personal data.
 */
export const ticketSchema = z.object({
  ticketId: ticketIdSchema,
  orderId: orderIdSchema,
  itemId: itemIdSchema,
  userId: userIdSchema,
  state: z.enum(ticketStates),
  runId: runIdSchema,
  trip: z.string(),
  tripNames: namesSchema.optional(),
  headsign: labelSchema.optional(),
  from: z.object({
    stopId: z.string(),
    name: z.string(),
    names: namesSchema.optional(),
    departs: z.string(),
  }),
  to: z.object({ stopId: z.string(), name: z.string(), names: namesSchema.optional(), arrives: z.string() }),
  class: classSchema,
  coach: z.string(),
  seat: z.string(),
  passenger: z.object({ name: z.string(), document: z.string().optional() }),
  fare: moneySchema,
  code: z.string().optional(),
  issuedAt: instantSchema,
});
export type Ticket = z.infer<typeof ticketSchema>;
