import type { Invariant } from '../../../shared/audit/model.ts';
import { offerIdOf, ticketIdOf } from '../../../shared/platform/ids.ts';
import { ticketSchema } from '../../../shared/tickets/model.ts';
import type { Spoilable } from '../../support/sample-snapshot.ts';

const issued = 0;
const held = 1;

type Faults = Record<
  'exchange-once' | 'exchange-money',
  { spoil: (world: Spoilable) => void; also?: Invariant[] }[]
>;

const fen = (amount: number) => ({ amount, currency: 'CNY' });

/** The first ticket of the issued order was exchanged for one of the held order, at this fare. */
const exchange = ({ orders }: Spoilable, fare: number): void => {
  const [from, to] = [orders[issued]!, orders[held]!];
  const ticket = from.tickets[0]!;
  from.tickets[0] = ticketSchema.parse({
    ...ticket,
    state: 'exchanged',
    exchange: {
      offerId: offerIdOf(from.orderId, to.orderId),
      at: ticket.issuedAt,
      newOrderId: to.orderId,
      newTicketId: ticketIdOf(to.orderId, ticket.itemId),
      fare: fen(fare),
      fee: fen(0),
    },
  });
};

/** The held order is to replace the first ticket of the issued one, whose fare was this. */
const replace = ({ orders }: Spoilable, former: number): void => {
  const [from, to] = [orders[issued]!, orders[held]!];
  Object.assign(to.order!, {
    exchangeOf: {
      orderId: from.orderId,
      offerId: offerIdOf(from.orderId, to.orderId),
      tickets: [{ itemId: from.tickets[0]!.itemId, former: fen(former), fee: fen(0) }],
      isRefundable: true,
    },
  });
};

/** Exchanges that happened by halves, or for another price. */
export const exchangeFaults: Faults = {
  'exchange-once': [
    { spoil: (world) => exchange(world, 55_300), also: ['ticket-issued'] },
    {
      spoil: (world) => {
        exchange(world, 55_300);
        Object.assign(world.orders[held]!.order!, { amount: fen(0) });
        replace(world, 55_300);
      },
      also: ['ticket-issued'],
    },
  ],
  'exchange-money': [
    { spoil: (world) => exchange(world, 55_200), also: ['exchange-once', 'ticket-issued'] },
    { spoil: (world) => replace(world, 55_300) },
  ],
};
