import type { Invariant } from '../../../shared/audit/model.ts';
import { entryOf } from '../../../shared/ledger/rules.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { sampleNow, type Spoilable } from '../../support/sample-snapshot.ts';

const issued = 0;
const held = 1;
const refunding = 2;

const suspect = 0;
const note = 1;
const gone = 2;

const orderIn = ({ orders }: Spoilable, which: number) => orders[which]!.order!;
const paymentIn = ({ orders }: Spoilable, which: number) => orders[which]!.payments[0]!;

const asked = { kind: 'keeps-failing', why: 'a test', since: sampleNow } as const;

type Faults = Record<
  'attention-flagged' | 'attention-over',
  { spoil: (world: Spoilable) => void; also?: Invariant[] }[]
>;

/** What should have reached a person and has not, and what asks for one in vain. */
export const attentionFaults: Faults = {
  'attention-flagged': [
    {
      spoil: ({ orders }) =>
        Object.assign(orders[refunding]!.refunds[0]!, { requestedAt: plusSeconds(sampleNow, -3901) }),
    },
    {
      spoil: ({ orders }) => Object.assign(orders[refunding]!.refunds[0]!, { state: 'failed' }),
      also: ['money-used'],
    },
    {
      spoil: ({ orders }) =>
        Object.assign(orders[refunding]!.refunds[0]!, {
          state: 'settling',
          settledBy: 'zhang',
          attention: asked,
        }),
      also: ['money-used'],
    },
    {
      spoil: ({ orders }) => {
        const part = orders[refunding]!;
        const [refund] = part.refunds;
        const { orderId, refundNumber: source, amount } = refund!;
        Object.assign(part.payments[0]!, { state: 'refunded' });
        Object.assign(refund!, {
          state: 'settled',
          settledBy: 'zhang',
          settledAt: sampleNow,
          overpaidAt: sampleNow,
          inDueIndex: false,
        });
        const entry = { orderId, source, provider: 'alipay', amount, at: sampleNow } as const;
        part.entries.push(entryOf('refund-settled', entry), entryOf('paid-twice-by-provider', entry));
      },
    },
    {
      spoil: ({ orders }) => {
        const part = orders[refunding]!;
        const [refund] = part.refunds;
        const { orderId, refundNumber: source, amount } = refund!;
        Object.assign(part.payments[0]!, { state: 'refunded', paidBack: amount.amount });
        // A person has seen to its being paid twice, and nobody knows that the provider has taken its payment back.
        Object.assign(refund!, {
          state: 'settled',
          settledBy: 'zhang',
          settledAt: plusSeconds(sampleNow, -30),
          overpaidAt: plusSeconds(sampleNow, -20),
          handled: [
            { at: plusSeconds(sampleNow, -10), by: 'li', did: 'settled', reason: 'claimed', about: 'w' },
          ],
          returnedAt: sampleNow,
          inDueIndex: false,
        });
        const entry = { orderId, source, provider: 'alipay', amount, at: sampleNow } as const;
        for (const kind of ['refund-settled', 'paid-twice-by-provider', 'surplus-returned'] as const)
          part.entries.push(entryOf(kind, entry));
      },
    },
    {
      spoil: (world) => Object.assign(paymentIn(world, held), { expiresAt: plusSeconds(sampleNow, -3901) }),
    },
    {
      spoil: (world) =>
        Object.assign(paymentIn(world, held), {
          doubt: { since: plusSeconds(sampleNow, -3901), told: { amount: 1, currency: 'CNY' } },
        }),
    },
    { spoil: (world) => Object.assign(orderIn(world, held), { attention: asked }) },
    { spoil: ({ orders }) => Object.assign(orders[held]!.retention!, { attention: asked }) },
    { spoil: ({ indexedItems }) => Object.assign(indexedItems[gone]!, { inAttentionIndex: false }) },
    { spoil: ({ indexedItems }) => Object.assign(indexedItems[gone]!, { attention: undefined }) },
    {
      spoil: ({ indexedItems }) =>
        Object.assign(indexedItems[note]!, {
          dueAt: plusSeconds(sampleNow, 60),
          postponedSince: plusSeconds(sampleNow, -3901),
          postponedAt: plusSeconds(sampleNow, -60),
        }),
    },
  ],
  'attention-over': [
    {
      spoil: ({ indexedItems }) =>
        Object.assign(indexedItems[suspect]!, {
          dueAt: undefined,
          inDueIndex: false,
          attention: asked,
          inAttentionIndex: true,
        }),
    },
    {
      spoil: (world) => Object.assign(orderIn(world, issued), { attention: asked, inAttentionIndex: true }),
    },
    {
      spoil: (world) => Object.assign(paymentIn(world, issued), { attention: asked, inAttentionIndex: true }),
    },
    {
      spoil: ({ orders }) => {
        const part = orders[refunding]!;
        const [refund] = part.refunds;
        const { orderId, refundNumber: source, amount } = refund!;
        Object.assign(part.payments[0]!, { state: 'refunded' });
        Object.assign(refund!, {
          state: 'succeeded',
          succeededAt: sampleNow,
          attention: asked,
          inAttentionIndex: true,
          inDueIndex: false,
        });
        part.entries.push(
          entryOf('refunded', { orderId, source, provider: 'alipay', amount, at: sampleNow }),
        );
      },
    },
  ],
};
