import { makeExchangeOffer } from '../../../shared/after-sale/make-exchange-offer.ts';
import { userIdSchema } from '../../../shared/platform/ids.ts';
import { apiHandler, refused, sent } from '../../middleware/api-handler.ts';
import { jsonType } from '../../middleware/write-answer.ts';
import { exchangesRoutes } from '../../routes/exchanges.ts';
import { exchangeAnswerOf } from '../../compose/exchange-answer.ts';
import { placeOrderDependencies } from '../../compose/purchase-dependencies.ts';
import { isHoldRefusal, refusedHold } from '../../compose/refused-hold.ts';

export const handler = apiHandler(
  exchangesRoutes.makeExchangeOffer,
  async ({ path: { orderId }, body, caller, idempotency }) => {
    if (!idempotency) return refused('idempotency-key-missing');
    const userId = userIdSchema.parse(caller.userId);
    const { seats, ...wish } = body;
    const outcome = await makeExchangeOffer(placeOrderDependencies())(
      orderId,
      { ...wish, ticketIds: body.ticketIds, userId, wishes: seats ?? {} },
      {
        scope: { userId, route: `orders/${orderId}/exchange-offers`, ...idempotency },
        answer: (order) => JSON.stringify(exchangeAnswerOf(order)),
      },
    );
    if (outcome.outcome === 'accepted') return sent(jsonType, outcome.answer);
    const { reason, ...more } = outcome;
    return isHoldRefusal(reason) ? refusedHold({ ...more, reason }) : refused(reason);
  },
);
