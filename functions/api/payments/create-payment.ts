import { providerSchema } from '../../../shared/payments/model.ts';
import { paymentProviders } from '../../../shared/payments/providers.ts';
import { carrier } from '../../../shared/platform/carrier-of-deployment.ts';
import { bookingsTable, timetableTable } from '../../../shared/platform/clients.ts';
import { required } from '../../../shared/platform/config.ts';
import { userIdSchema } from '../../../shared/platform/ids.ts';
import { startPayment } from '../../../shared/paying/start-payment.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { ordersRoutes } from '../../routes/orders.ts';
import { clock } from '../../compose/purchase-dependencies.ts';
import { paymentAnswerOf } from '../../compose/order-answer.ts';

export const handler = apiHandler(ordersRoutes.createPayment, async (request) => {
  const { path, body, caller, idempotency, timeLeft } = request;
  if (!idempotency) return refused('idempotency-key-missing');
  const name = providerSchema.safeParse(body.provider);
  const provider = name.success ? (await paymentProviders({ clock, timeLeft })).get(name.data) : undefined;
  if (!provider) {
    return refused('provider-unavailable', {
      fields: [{ field: 'provider', message: 'is not a payment provider of this carrier' }],
    });
  }
  const userId = userIdSchema.parse(caller.userId);
  const outcome = await startPayment({
    bookings: bookingsTable(),
    timetable: timetableTable(),
    clock,
    carrier: carrier(),
    notifyUrl: `${required('PUBLIC_URL')}/v1/payment-callbacks/${provider.name}`,
  })({
    orderId: path.orderId,
    userId,
    provider,
    returnUrl: body.returnUrl,
    scope: { userId, route: `orders/${path.orderId}/payments`, ...idempotency },
  });
  if (outcome.outcome === 'accepted') return answered(paymentAnswerOf(outcome.payment), 201);
  return refused(outcome.reason === 'key-reused' ? 'idempotency-key-reused' : outcome.reason);
});
