import type { Invariant } from '../../../shared/audit/model.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { sampleNow, type Spoilable } from '../../support/sample-snapshot.ts';
import { grant } from './granted.ts';

const issued = 0;
const held = 1;
const refunding = 2;

const orderIn = ({ orders }: Spoilable, which: number) => orders[which]!.order!;
const paymentIn = ({ orders }: Spoilable, which: number) => orders[which]!.payments[0]!;

type Faults = Record<
  'money-used' | 'refunds-within' | 'order-paid' | 'entry-balanced' | 'books-indexed' | 'journal-agrees',
  { spoil: (world: Spoilable) => void; also?: Invariant[] }[]
>;

/** Money that is not where it should be, and books that do not say where it is. */
export const moneyFaults: Faults = {
  'money-used': [
    {
      spoil: (world) => {
        const amount = 110_600;
        Object.assign(paymentIn(world, refunding), { refundable: amount });
        world.orders[refunding]!.refunds = [];
        world.orders[refunding]!.entries.pop();
      },
    },
    {
      spoil: (world) => {
        const capturedAt = plusSeconds(sampleNow, -600);
        const dueAt = plusSeconds(sampleNow, 60);
        Object.assign(paymentIn(world, held), { state: 'captured', capturedAt, dueAt, refundable: 110_600 });
      },
      also: ['journal-agrees'],
    },
  ],
  'refunds-within': [
    { spoil: (world) => Object.assign(grant(world), { state: 'captured' }) },
    {
      spoil: (world) => Object.assign(paymentIn(world, issued), { state: 'refunded', appliedAt: sampleNow }),
    },
    { spoil: (world) => Object.assign(paymentIn(world, issued), { refundable: 1 }) },
    // A part is still under way.
    { spoil: (world) => Object.assign(grant(world), { state: 'refunded' }) },
    { spoil: (world) => Object.assign(grant(world), { paidBack: 1250 }) },
    { spoil: (world) => Object.assign(paymentIn(world, issued), { paidBack: 1 }) },
    {
      spoil: ({ orders }) => {
        const { refunds } = orders[refunding]!;
        refunds.push({ ...refunds[0]!, refundNumber: `${refunds[0]!.paymentId}_item1` });
      },
      also: ['money-used', 'journal-agrees'],
    },
  ],
  'order-paid': [
    {
      spoil: (world) =>
        Object.assign(orderIn(world, issued), { paidBy: `${orderIn(world, issued).orderId}_2` }),
      also: ['money-used'],
    },
    {
      spoil: (world) =>
        Object.assign(paymentIn(world, issued), { amount: { amount: 1, currency: 'CNY' }, refundable: 1 }),
      also: ['journal-agrees'],
    },
  ],
  'entry-balanced': [
    { spoil: ({ orders }) => Object.assign(orders[issued]!.entries[0]!.legs[1]!, { amount: -1 }) },
  ],
  'books-indexed': [
    { spoil: ({ orders }) => Object.assign(orders[issued]!.entries[0]!, { inBooks: false }) },
  ],
  'journal-agrees': [
    { spoil: ({ orders }) => Object.assign(orders[issued]!.entries[0]!, { provider: 'stripe' }) },
    { spoil: ({ orders }) => delete orders[issued]!.entries[0]!.provider },
    { spoil: ({ orders }) => Object.assign(orders[issued]!.entries[1]!.legs[1]!, { account: 'fees' }) },
    { spoil: ({ orders }) => orders[issued]!.entries[1]!.legs.reverse() },
    { spoil: (world) => grant(world, 'refund-requested') },
    { spoil: ({ orders }) => orders[issued]!.entries.pop() },
    { spoil: ({ orders }) => Object.assign(orders[held]!, { entries: orders[issued]!.entries }) },
  ],
};
