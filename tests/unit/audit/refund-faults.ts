import type { Invariant } from '../../../shared/audit/model.ts';
import type { Spoilable } from '../../support/sample-snapshot.ts';

const issued = 0;
const refunding = 2;

type Faults = Record<'ticket-refund', { spoil: (world: Spoilable) => void; also?: Invariant[] }[]>;

/** Money that goes back for tickets which nobody gave back. */
export const refundFaults: Faults = {
  'ticket-refund': [
    {
      spoil: ({ orders }) => {
        const { orderId, payments, refunds } = orders[issued]!;
        const [{ paymentId }] = payments as [(typeof payments)[number]];
        const refund = {
          orderId,
          paymentId,
          refundNumber: `${paymentId}_item1`,
          reason: 'ticket-refunded' as const,
        };
        refunds.push({ ...orders[refunding]!.refunds[0]!, ...refund });
      },
      also: ['refunds-within', 'journal-agrees'],
    },
  ],
};
