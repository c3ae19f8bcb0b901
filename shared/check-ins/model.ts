import * as z from 'zod';
import { gateIdSchema, ticketIdSchema, useIdSchema } from '../platform/ids.ts';
import { instantSchema } from '../platform/time.ts';
import type { TicketState } from '../tickets/model.ts';

/** Why a ticket did not bear a use that a gate without a network let happen. */
export const wrongReasons = [
  'already-checked-in',
  'ticket-refunded',
  'ticket-exchanged',
  'ticket-not-valid',
] as const;

/** A use of a ticket, as gates tell it to each other. */
export const useSchema = z.object({
  at: instantSchema,
  stopId: z.string(),
  gateId: gateIdSchema,
  useId: useIdSchema,
});
export type Use = z.infer<typeof useSchema>;

export type EndedState = Exclude<TicketState, 'issued' | 'checkedIn'>;

/** A use that should not have been: a second one, or one of a ticket that had ended. */
export const wrongUseSchema = useSchema.extend({
  ticketId: ticketIdSchema,
  toldAt: instantSchema,
  reason: z.enum(wrongReasons),
  /** The use before it, if there was one. */
  firstUse: useSchema.optional(),
});
export type WrongUse = z.infer<typeof wrongUseSchema>;
