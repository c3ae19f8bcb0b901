import { carrier } from '../../shared/platform/carrier.ts';
import {
  availabilityTable,
  bookingsTable,
  inventoryTable,
  timetableTable,
} from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { random } from '../../shared/platform/random.ts';
import { deploymentKey } from '../../shared/platform/secrets.ts';
import { paymentProviders } from '../../shared/payments/providers.ts';
import type { CleanUpDependencies } from '../../shared/purchase/clean-up.ts';
import { purchaseWorkflow } from '../../shared/purchase/run-workflow.ts';

export const clock = systemClock();

/** What ending, paying and cleaning up orders needs: everything of this deployment, with the providers it has keys for. */
export const purchaseDependencies = async (): Promise<CleanUpDependencies> => {
  const providers = await paymentProviders({ clock });
  return {
    bookings: bookingsTable(),
    inventory: inventoryTable(),
    timetable: timetableTable(),
    clock,
    carrier: carrier(),
    workflow: purchaseWorkflow,
    findProvider: (name) => providers.get(name),
    signingKey: () => deploymentKey('sign-tickets'),
  };
};

/** What placing an order needs. */
export const placeOrderDependencies = () => ({
  timetable: timetableTable(),
  inventory: inventoryTable(),
  availability: availabilityTable(),
  bookings: bookingsTable(),
  clock,
  random,
  carrier: carrier(),
  keys: async () => ({
    seal: await deploymentKey('seal-documents'),
    claim: await deploymentKey('claim-documents'),
  }),
});
