import { carrier } from '../../shared/platform/carrier-of-deployment.ts';
import {
  availabilityTable,
  bookingsTable,
  inventoryTable,
  timetableTable,
} from '../../shared/platform/clients.ts';
import { stoppable, type Table } from '../../shared/platform/dynamo.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { random } from '../../shared/platform/random.ts';
import { deploymentKey } from '../../shared/platform/secrets.ts';
import type { TimeLeft } from '../../shared/platform/time-limit.ts';
import { paymentProviders } from '../../shared/payments/providers.ts';
import type { CleanUpDependencies } from '../../shared/upkeep/clean-up.ts';
import { purchaseWorkflow } from '../../shared/selling/run-workflow.ts';
import { signingKey } from './ticket-keys.ts';

export const clock = systemClock();

/**
 * The dependencies to end, pay for and clean up orders, with each provider that this deployment has keys for. Calls to a
 * provider end before `timeLeft`, and the tables accept no write after `signal`.
 */
export const purchaseDependencies = async (
  timeLeft: TimeLeft,
  signal?: AbortSignal,
): Promise<CleanUpDependencies> => {
  const table = (whole: Table): Table => (signal ? stoppable(whole, signal) : whole);
  const providers = await paymentProviders({ clock, timeLeft });
  return {
    bookings: table(bookingsTable()),
    inventory: table(inventoryTable()),
    timetable: timetableTable(),
    clock,
    carrier: carrier(),
    workflow: purchaseWorkflow,
    findProvider: (name) => providers.get(name),
    signingKey,
    random,
  };
};

/** The dependencies to join the waitlist: the shards alone say whether a journey is sold out. */
export const joinWaitlistDependencies = () => ({
  timetable: timetableTable(),
  inventory: inventoryTable(),
  bookings: bookingsTable(),
  clock,
  carrier: carrier(),
  keys: documentKeys,
});

const documentKeys = async (): Promise<{ seal: Buffer; claim: Buffer }> => ({
  seal: await deploymentKey('seal-documents'),
  claim: await deploymentKey('claim-documents'),
});

/** The dependencies to place an order. */
export const placeOrderDependencies = () => ({
  timetable: timetableTable(),
  inventory: inventoryTable(),
  availability: availabilityTable(),
  bookings: bookingsTable(),
  clock,
  random,
  carrier: carrier(),
  keys: documentKeys,
});
