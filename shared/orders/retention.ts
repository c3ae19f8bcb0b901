import * as z from 'zod';
import { attentionSchema } from '../bookings/attention.ts';
import { orderIdSchema } from '../platform/ids.ts';
import { instantSchema } from '../platform/time.ts';
import type { Passenger, CommittedOrder } from './model.ts';

/**
 * How much of an order remains. `whole`: everything. `stripped`: nothing that identifies the passengers. `leaving`: all
 * its items have a time to live, and get one more look before that is over. `over`: nothing is left to do.
 */
const retentionStates = ['whole', 'stripped', 'leaving', 'over'] as const;

/** The record that ends an order's data; committed with the order, and due until it is `over`. */
export const retentionSchema = z.object({
  orderId: orderIdSchema,
  state: z.enum(retentionStates),
  /** Half of the key that sealed the order's documents: without it they are noise. */
  documentKey: z.string().optional(),
  /** The time to live of all items of the order, in seconds since 1970, while it is `leaving`. */
  endsAt: z.int().optional(),
  attention: attentionSchema.optional(),
  dueAt: instantSchema.optional(),
});
export type Retention = z.infer<typeof retentionSchema>;

/** A passenger reduced to the mask of the name and the kind of fare, which refund claims need; nobody on their lap. */
export const strippedPassenger = ({ nameMasked, type }: Passenger): Passenger => ({
  name: nameMasked,
  nameMasked,
  type,
});

/** The attributes of an order that still identify its passengers. */
export const personalDataOf = ({ contact, items }: CommittedOrder): string[] => [
  ...(contact ? ['contact'] : []),
  ...Object.values(items).flatMap(({ itemId, passenger }) =>
    passenger.name === passenger.nameMasked &&
    passenger.documentMasked === undefined &&
    passenger.documentSealed === undefined &&
    passenger.documentClaim === undefined &&
    passenger.onLap === undefined
      ? []
      : [`passenger ${itemId}`],
  ),
];
