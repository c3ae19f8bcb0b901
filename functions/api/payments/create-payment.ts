import { providerSchema } from '../../../shared/payments/model.ts';
import type { PaymentProvider } from '../../../shared/payments/provider.ts';
import { paymentProvider, paymentProviders } from '../../../shared/payments/providers.ts';
import { carrier } from '../../../shared/platform/carrier-of-deployment.ts';
import { bookingsTable, timetableTable } from '../../../shared/platform/clients.ts';
import { required } from '../../../shared/platform/config.ts';
import { never } from '../../../shared/platform/outcome.ts';
import { userIdSchema } from '../../../shared/platform/ids.ts';
import { decideMethod } from '../../../shared/paying/decide-method.ts';
import type { MethodRefusal } from '../../../shared/paying/rules.ts';
import { startPayment } from '../../../shared/paying/start-payment.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import type { FieldError } from '../../middleware/problems.ts';
import { ordersRoutes } from '../../routes/orders.ts';
import { clock } from '../../compose/purchase-dependencies.ts';
import { deviceOf } from '../../compose/paying-device.ts';
import { paymentAnswerOf } from '../../compose/order-answer.ts';

const methodFault = (reason: MethodRefusal, { methods }: PaymentProvider): FieldError => {
  switch (reason) {
    case 'no-such-method':
      return { field: 'method', message: `must be one of ${methods.map(({ name }) => name).join(', ')}` };
    case 'needs-openid':
      return { field: 'openid', message: 'is needed for this method' };
    case 'needs-address':
      return {
        field: 'method',
        message: 'needs the passenger’s network address, which this request does not have',
      };
    default:
      return never(reason);
  }
};

const refuseProvider = (others: readonly PaymentProvider[]) => {
  const names = others.map(({ name }) => name).join(', ');
  if (names === '')
    return refused('provider-unavailable', { detail: 'This carrier takes no payments at the moment.' });
  const message = `must be one of the payment providers of this carrier: ${names}`;
  return refused('provider-unavailable', { fields: [{ field: 'provider', message }] });
};

export const handler = apiHandler(ordersRoutes.createPayment, async (request) => {
  const { path, body, caller, idempotency, timeLeft } = request;
  if (!idempotency) return refused('idempotency-key-missing');
  const name = providerSchema.safeParse(body.provider);
  const provider = name.success ? await paymentProvider(name.data, { clock, timeLeft }) : undefined;
  if (!provider) return refuseProvider([...(await paymentProviders({ clock, timeLeft })).values()]);
  const device = deviceOf(request, body.openid);
  const chosen = decideMethod(provider, body.method, device);
  if (chosen.outcome === 'rejected')
    return refused('invalid-input', { fields: [methodFault(chosen.reason, provider)] });
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
    method: chosen.method,
    device,
    returnUrl: body.returnUrl,
    scope: { userId, route: `orders/${path.orderId}/payments`, ...idempotency },
  });
  if (outcome.outcome === 'accepted') return answered(paymentAnswerOf(outcome.payment), 201);
  return refused(outcome.reason === 'key-reused' ? 'idempotency-key-reused' : outcome.reason);
});
