import type { Invariant } from '../../../shared/audit/model.ts';
import { jobSchema } from '../../../shared/disruption/model.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { sampleNow, type Spoilable } from '../../support/sample-snapshot.ts';
import { sampleJobId } from '../../support/waived-tickets.ts';

const issued = 0;

type Faults = Record<
  'ticket-waived' | 'waiver-ended',
  { spoil: (world: Spoilable) => void; also?: Invariant[] }[]
>;

/** A cancelled run whose job has looked at every ticket. */
const cancel = ({ cancellations, runs }: Spoilable): void => {
  cancellations.push(
    jobSchema.parse({
      jobId: sampleJobId,
      runId: runs[0]!.runId,
      disruption: { reason: 'run-cancelled' },
      state: 'waiting',
      by: 'operator-1',
      createdAt: plusSeconds(sampleNow, -7200),
      until: plusSeconds(sampleNow, 7200),
      look: 1,
      shardsDone: 0,
      shards: 1,
      unsettled: 0,
      progress: { waived: 0, refunded: 0, ended: 0 },
      mark: '01KBZ5Q7W8XN3V4M5T6R7S8P9A',
    }),
  );
};

/** Tickets of a run that does not run, of which nobody thinks. */
export const waiverFaults: Faults = {
  'ticket-waived': [{ spoil: cancel }],
  'waiver-ended': [
    {
      spoil: ({ orders }) => {
        const until = plusSeconds(sampleNow, -3600);
        const waiver = { jobId: sampleJobId, reason: 'run-cancelled' as const, until };
        Object.assign(orders[issued]!.tickets[0]!, { waiver });
      },
    },
  ],
};
