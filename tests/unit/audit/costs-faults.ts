import type { Invariant } from '../../../shared/audit/model.ts';
import { entryOf } from '../../../shared/ledger/rules.ts';
import type { Spoilable } from '../../support/sample-snapshot.ts';

type Fault = { spoil: (world: Spoilable) => void; also?: Invariant[] };

const entryIn = ({ costs }: Spoilable) => costs[0]!.entry;

const move = (world: Spoilable, key: { pk?: string; sk?: string }): void =>
  void Object.assign(world.costs[0]!, { key: { ...world.costs[0]!.key, ...key } });

const book = (world: Spoilable, amount: number, currency = 'CNY'): void => {
  const { provider = 'alipay', source, at } = entryIn(world);
  Object.assign(world.costs[0]!, {
    entry: entryOf('provider-costs', { provider, source, amount: { amount, currency }, at }),
  });
};

/** Costs of providers that are booked wrongly, not booked, or booked where they could be booked twice. */
export const costsFaults: Record<'entry-balanced' | 'books-indexed' | 'journal-agrees', Fault[]> = {
  'entry-balanced': [{ spoil: (world) => Object.assign(entryIn(world).legs[1]!, { amount: -1 }) }],
  'books-indexed': [{ spoil: ({ costs }) => Object.assign(costs[0]!, { inBooks: false }) }],
  'journal-agrees': [
    { spoil: (world) => Object.assign(entryIn(world).legs[0]!, { account: 'fees' }) },
    { spoil: (world) => Object.assign(entryIn(world).legs[1]!, { account: 'fares' }) },
    { spoil: (world) => Object.assign(entryIn(world), { kind: 'captured' }) },
    // The same day a second time, under a name of its own.
    { spoil: (world) => move(world, { sk: 'JOURNAL#alipay-2026-11-19-provider-costs-2' }) },
    { spoil: (world) => move(world, { pk: 'BOOKS#stripe' }) },
    { spoil: (world) => Object.assign(entryIn(world), { provider: 'stripe' }) },
    { spoil: (world) => Object.assign(entryIn(world), { at: '2026-11-21T15:59:59.999Z' }) },
    { spoil: (world) => Object.assign(entryIn(world), { orderId: world.orders[0]!.orderId }) },
    // The bill says otherwise, and nobody was told.
    { spoil: (world) => book(world, 561) },
    { spoil: (world) => book(world, -560) },
    { spoil: (world) => book(world, 560, 'USD') },
    { spoil: ({ costs }) => costs.pop() },
    { spoil: ({ bills }) => Object.assign(bills[0]!, { costs: {} }) },
    { spoil: ({ bills }) => Object.assign(bills[0]!, { costs: { CNY: 560, JPY: 6 } }) },
  ],
};

/** What is right, however it looks. */
export const rightCosts: [string, (world: Spoilable) => void][] = [
  [
    'costs that the provider gave back',
    (world) => {
      book(world, -560);
      Object.assign(world.bills[0]!, { costs: { CNY: -560 } });
    },
  ],
  [
    'other costs than were booked, of which a person was told',
    ({ bills, toldCosts }) => {
      Object.assign(bills[0]!, { costs: { CNY: 600 } });
      toldCosts.push('alipay-2026-11-19');
    },
  ],
  [
    'foreign costs, of which a person was told',
    ({ bills, toldCosts }) => {
      Object.assign(bills[0]!, { costs: { CNY: 560, JPY: 6 } });
      toldCosts.push('alipay-2026-11-19-JPY');
    },
  ],
  ['a bill that was booked and not yet reported', ({ bills }) => void bills.pop()],
];
