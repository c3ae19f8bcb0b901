import { attentionAttributes, attentionFor, forPersonOf, type ForPerson } from '../bookings/attention.ts';
import { wrongUseKeptUntil } from '../bookings/kept-until.ts';
import { bookingKey } from '../bookings/keys.ts';
import { isAbsent } from '../platform/clauses.ts';
import { putIf } from '../platform/conditional-writes.ts';
import type { Item, Table } from '../platform/dynamo.ts';
import { orderOfTicket } from '../platform/ids.ts';
import { wrongUseSchema, type WrongUse } from './model.ts';

/** A record, and what people have to do or did about it. */
export const wrongUseFromItem = (item: Item): WrongUse & ForPerson => ({
  ...wrongUseSchema.parse(item),
  ...forPersonOf(item),
});

/**
 * Table `Bookings`: `ORDER#<orderId>` / `USE#<ticketId>#<useId>`. Records a use and flags it for a person, once: a sync
 * that is repeated does not bring back what a person has settled.
 */
export const putWrongUse = async (bookings: Table, use: WrongUse): Promise<void> => {
  const { orderId } = orderOfTicket(use.ticketId);
  const attention = attentionFor('ticket-used-wrongly', use.reason, { now: use.toldAt, before: undefined });
  await putIf(
    bookings,
    {
      ...bookingKey('use', orderId, `${use.ticketId}#${use.useId}`),
      ...wrongUseSchema.parse(use),
      ...attentionAttributes(orderId, attention),
      ttl: wrongUseKeptUntil(use.toldAt),
    },
    { onlyIf: [isAbsent] },
  );
};
