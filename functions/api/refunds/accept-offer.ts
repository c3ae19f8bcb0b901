import { acceptRefundOffer } from '../../../shared/after-sale/accept-offer.ts';
import { listRefunds } from '../../../shared/payments/refunds-store.ts';
import { listPayments } from '../../../shared/payments/store.ts';
import { listTickets } from '../../../shared/tickets/store.ts';
import { bookingsTable, inventoryTable, timetableTable } from '../../../shared/platform/clients.ts';
import { userIdSchema } from '../../../shared/platform/ids.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { refundsRoutes } from '../../routes/refunds.ts';
import { orderAnswerOf } from '../../compose/order-answer.ts';
import { clock } from '../../compose/purchase-dependencies.ts';

export const handler = apiHandler(
  refundsRoutes.acceptRefundOffer,
  async ({ path: { offerId }, caller, languages }) => {
    const bookings = bookingsTable();
    const outcome = await acceptRefundOffer({
      bookings,
      inventory: inventoryTable(),
      timetable: timetableTable(),
      clock,
    })(offerId, userIdSchema.parse(caller.userId));
    if (outcome.outcome === 'rejected') return refused(outcome.reason);
    const { orderId } = outcome.order;
    const [payments, refunds, tickets] = await Promise.all([
      listPayments(bookings, orderId),
      listRefunds(bookings, orderId),
      listTickets(bookings, orderId),
    ]);
    return answered(orderAnswerOf(outcome.order, payments, languages, refunds, tickets));
  },
);
