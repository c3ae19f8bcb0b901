import type { Invariant } from '../../../shared/audit/model.ts';
import type { Spoilable } from '../../support/sample-snapshot.ts';

const issued = 0;
const held = 1;

type Faults = Record<
  'retention-kept' | 'personal-data-ended' | 'kept-long-enough',
  { spoil: (world: Spoilable) => void; also?: Invariant[] }[]
>;

const secondsOf = (instant: string): number => Date.parse(instant) / 1000;

/** Data that nobody ends, that has not ended, or that ends too soon. */
export const retentionFaults: Faults = {
  'retention-kept': [
    {
      spoil: ({ orders }) => {
        orders[held]!.retention = undefined;
      },
    },
  ],
  'personal-data-ended': [
    { spoil: ({ orders }) => Object.assign(orders[issued]!.retention!, { state: 'stripped' }) },
  ],
  'kept-long-enough': [
    {
      spoil: ({ orders }) =>
        Object.assign(orders[issued]!.order!, { ttl: secondsOf('2029-11-29T00:00:00.000Z') }),
    },
    {
      spoil: ({ orders }) =>
        Object.assign(orders[issued]!.payments[0]!, { ttl: secondsOf('2027-01-01T00:00:00.000Z') }),
    },
  ],
};
