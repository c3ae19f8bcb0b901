import { knownProviders } from '../../../shared/payments/known-providers.ts';
import type { PaymentProvider, PayingDevice } from '../../../shared/payments/provider.ts';
import { paymentProviders } from '../../../shared/payments/providers.ts';
import { carrier } from '../../../shared/platform/carrier-of-deployment.ts';
import { clock } from '../../compose/purchase-dependencies.ts';
import { deviceOf } from '../../compose/paying-device.ts';
import { answered, apiHandler } from '../../middleware/api-handler.ts';
import { paymentMethodsRoute } from '../../routes/payments.ts';

const viewOf = (provider: PaymentProvider, device: PayingDevice) => ({
  provider: provider.name,
  title: knownProviders[provider.name].title,
  methods: provider.methods.map(({ name, action, needs = [] }) => ({
    method: name,
    action,
    // A request always has an address.
    needs: needs.filter((need) => need === 'openid'),
  })),
  fits: provider.methodFor(device),
});

/** `GET /v1/payment-methods`: it depends on the device, so nobody may keep it for another one. */
export const handler = apiHandler(paymentMethodsRoute, async (request) => {
  const { currency } = carrier();
  const device = deviceOf(request);
  const providers = await paymentProviders({ clock, timeLeft: request.timeLeft });
  return answered({
    currency,
    providers: [...providers.values()]
      .filter(({ currencies }) => currencies.includes(currency))
      .map((provider) => viewOf(provider, device)),
  });
});
