import { makeRefundOffer } from '../../../shared/after-sale/make-offer.ts';
import { carrier } from '../../../shared/platform/carrier-of-deployment.ts';
import { bookingsTable, timetableTable } from '../../../shared/platform/clients.ts';
import { userIdSchema } from '../../../shared/platform/ids.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { refundsRoutes } from '../../routes/refunds.ts';
import { clock } from '../../compose/purchase-dependencies.ts';

export const handler = apiHandler(
  refundsRoutes.makeRefundOffer,
  async ({ path: { orderId }, body, caller, idempotency }) => {
    if (!idempotency) return refused('idempotency-key-missing');
    const userId = userIdSchema.parse(caller.userId);
    const outcome = await makeRefundOffer({
      bookings: bookingsTable(),
      timetable: timetableTable(),
      clock,
      carrier: carrier(),
    })({
      orderId,
      userId,
      ticketIds: body.ticketIds,
      scope: { userId, route: `orders/${orderId}/refund-offers`, ...idempotency },
    });
    if (outcome.outcome === 'rejected')
      return refused(outcome.reason === 'key-reused' ? 'idempotency-key-reused' : outcome.reason);
    const { offerId, validUntil, tickets, refund } = outcome.offer;
    const offered = tickets.map(({ itemId: _itemId, ...ticket }) => ticket);
    return answered({ offerId, validUntil, tickets: offered, refund }, 201);
  },
);
