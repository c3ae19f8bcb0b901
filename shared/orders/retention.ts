import * as z from 'zod';
import { attentionSchema } from '../bookings/attention.ts';
import { orderIdSchema } from '../platform/ids.ts';
import { instantSchema } from '../platform/time.ts';
import type { Passenger, StandingOrder } from './model.ts';

/**
 * How much of an order is still kept. `whole`: everything. `stripped`: nothing that tells who travelled. `leaving`: all
 * of it has a time to live, and is looked at once more before that is over. `over`: nothing is left to do.
 */
const retentionStates = ['whole', 'stripped', 'leaving', 'over'] as const;

/** What sees to the end of an order's data; committed with the order, and due until it is `over`. */
export const retentionSchema = z.object({
  orderId: orderIdSchema,
  state: z.enum(retentionStates),
  /** Half of the key that the order's documents are sealed with: without it they are noise. */
  documentKey: z.string().optional(),
  /** The time to live that all items of the order have, in seconds of the epoch, while it is `leaving`. */
  endsAt: z.int().optional(),
  attention: attentionSchema.optional(),
  dueAt: instantSchema.optional(),
});
export type Retention = z.infer<typeof retentionSchema>;

/** A passenger of whom only the mask of the name and the kind of fare are left, which refund claims ask for. */
export const strippedPassenger = ({ nameMasked, type }: Passenger): Passenger => ({
  name: nameMasked,
  nameMasked,
  type,
});

/** The attributes of an order that still name who travelled. */
export const personalDataOf = ({ contact, items }: StandingOrder): string[] => [
  ...(contact ? ['contact'] : []),
  ...Object.values(items).flatMap(({ itemId, passenger }) =>
    passenger.name === passenger.nameMasked &&
    passenger.documentMasked === undefined &&
    passenger.documentSealed === undefined &&
    passenger.documentClaim === undefined
      ? []
      : [`passenger ${itemId}`],
  ),
];
