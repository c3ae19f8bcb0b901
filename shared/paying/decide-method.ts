import type { DeviceNeed, PayingDevice, PaymentProvider } from '../payments/provider.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { MethodRefusal } from './rules.ts';

const refusals: Readonly<Record<DeviceNeed, MethodRefusal>> = {
  openid: 'needs-openid',
  address: 'needs-address',
};

/** The method of a payment: the wanted one if the device has what it needs; without a wish, the one that fits. */
export const decideMethod = (
  provider: Pick<PaymentProvider, 'methods' | 'methodFor'>,
  wanted: string | undefined,
  device: PayingDevice,
): Outcome<{ method: string }, MethodRefusal> => {
  if (wanted === undefined) return accepted({ method: provider.methodFor(device) });
  const method = provider.methods.find(({ name }) => name === wanted);
  if (!method) return rejected('no-such-method');
  const lacking = method.needs?.find((need) => !device[need]);
  return lacking ? rejected(refusals[lacking]) : accepted({ method: wanted });
};
