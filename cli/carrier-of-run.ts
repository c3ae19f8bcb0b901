import { chosenCarrier } from '../infra/local/run/paths.ts';
import { soundCarrier } from '../shared/carriers/read-carrier.ts';
import { UnusableCarrier } from '../shared/platform/carrier-folder.ts';
import type { Carrier } from '../shared/platform/carrier.ts';
import { providersFor } from '../shared/payments/providers.ts';

/** The carrier that runs here. Throws `UnusableCarrier` if nobody chose one, or if it has a fault. */
export const carrierOfRun = (): Carrier => {
  if (chosenCarrier) return soundCarrier(chosenCarrier).carrier;
  throw new UnusableCarrier('choose a carrier with KEYUN_CARRIER=<name>, or in cdk.json');
};

/** The carrier as its buyers see it at the cashier: its name in each of its languages. */
export const merchantOf = ({ name, colour }: Carrier) => ({
  name: [...new Set(Object.values(name))].join(' '),
  ...(colour && { colour }),
});

/** Why orders of this carrier cannot be paid, in one line; undefined if they can. */
export const whyUnpayable = ({ currency }: Pick<Carrier, 'currency'>): string | undefined =>
  providersFor(currency).length > 0
    ? undefined
    : `no payment provider takes ${currency} yet, so orders can be held here and not paid`;
