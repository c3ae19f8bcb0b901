import { acceptExchangeOffer } from '../../../shared/after-sale/accept-exchange.ts';
import { listPayments } from '../../../shared/payments/store.ts';
import { bookingsTable, inventoryTable, timetableTable } from '../../../shared/platform/clients.ts';
import { userIdSchema } from '../../../shared/platform/ids.ts';
import { purchaseWorkflow } from '../../../shared/selling/run-workflow.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { exchangesRoutes } from '../../routes/exchanges.ts';
import { orderAnswerOf } from '../../compose/order-answer.ts';
import { clock } from '../../compose/purchase-dependencies.ts';
import { signingKey } from '../../compose/ticket-keys.ts';

export const handler = apiHandler(
  exchangesRoutes.acceptExchangeOffer,
  async ({ path: { offerId }, caller, languages }) => {
    const bookings = bookingsTable();
    const outcome = await acceptExchangeOffer({
      bookings,
      inventory: inventoryTable(),
      timetable: timetableTable(),
      clock,
      workflow: purchaseWorkflow,
      signingKey,
    })(offerId, userIdSchema.parse(caller.userId));
    if (outcome.outcome === 'rejected') return refused(outcome.reason);
    const payments = await listPayments(bookings, outcome.order.orderId);
    return answered(orderAnswerOf(outcome.order, payments, languages));
  },
);
