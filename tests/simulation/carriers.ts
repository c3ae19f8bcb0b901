import type { Carrier } from '../../shared/platform/carrier.ts';
import { sampleCarrier } from '../support/sample-carrier.ts';

/** In this zone midnight comes an hour after a simulation begins, so that its days are two. */
const timeZone = 'Atlantic/Azores';

/** Budgets that a handful of fickle users exhaust within an hour; or none, so that everything else has its turn. */
export const simulatedCarrier = ({ tightBudgets }: { tightBudgets: boolean }): Carrier => ({
  ...sampleCarrier,
  timeZone,
  alternatives: { seatChange: true },
  afterSale: {
    versions: [
      {
        refund: {
          offerSeconds: 600,
          beforeDeparture: [
            { atLeast: 'PT3H', percent: 0 },
            { atLeast: 'PT1H', percent: 30 },
            { atLeast: 'PT0H', percent: 100 },
          ],
          roundTo: 50,
        },
        disruption: { window: 'PT30M', delayAtLeast: 'PT1H' },
        checkIn: { opensBefore: 'P1D', closesAfter: 'P1D', laterStops: true },
        exchange: {
          beforeDeparture: [
            { atLeast: 'PT2H', percent: 0 },
            { atLeast: 'PT0H', percent: 10, toLaterDays: { percent: 20 } },
          ],
          percentOf: 'lower-fare',
          roundTo: 50,
          keepsRefundTier: true,
        },
      },
    ],
  },
  ...(tightBudgets
    ? { endedOrdersPerDayMax: 2, seatsPerRunMax: 4, timeConflictsPerDayMax: 8 }
    : {
        endedOrdersPerDayMax: 'unlimited',
        seatsPerRunMax: 'unlimited',
        timeConflictsPerDayMax: 'unlimited',
      }),
});
