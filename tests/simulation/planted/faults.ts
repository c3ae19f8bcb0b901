import { afterSaleFaults } from './after-sale-faults.ts';
import { exchangeFaults } from './exchange-faults.ts';
import { dataFaults } from './data-faults.ts';
import { disruptionFaults } from './disruption-faults.ts';
import type { PlantedFault } from './model.ts';
import { gateFaults } from './gate-faults.ts';
import { moneyFaults } from './money-faults.ts';
import { partyFaults } from './party-faults.ts';
import { personFaults } from './person-faults.ts';
import { providerFaults } from './provider-faults.ts';
import { runFaults } from './run-faults.ts';
import { seatChangeFaults } from './seat-change-faults.ts';
import { seatFaults } from './seat-faults.ts';
import { userFaults } from './user-faults.ts';
import { unseenFaults } from './unseen-faults.ts';

/**
 * Each takes away something that the protocol needs (docs/protocol.md, "Transitions"), by the name of the row. A
 * simulation that does not catch one of them lacks an actor, a fault or an invariant.
 */
export const plantedFaults: readonly PlantedFault[] = [
  ...seatFaults,
  ...seatChangeFaults,
  ...userFaults,
  ...moneyFaults,
  ...providerFaults,
  ...afterSaleFaults,
  ...disruptionFaults,
  ...partyFaults,
  ...gateFaults,
  ...exchangeFaults,
  ...personFaults,
  ...runFaults,
  ...unseenFaults,
  ...dataFaults,
];
