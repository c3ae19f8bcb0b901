import type { PlantedFault } from './model.ts';

/** The end of orders' data, without something that it needs. */
export const dataFaults: readonly PlantedFault[] = [
  {
    name: 'ends: the passengers of an order are never forgotten',
    file: 'shared/upkeep/end-order-data.ts',
    code: '    ...(order ? [stripOrder(bookings, order)] : []),\n',
    becomes: '',
  },
  {
    name: 'ends: passengers are forgotten while a refund is on its way',
    file: 'shared/upkeep/end-order-data.ts',
    code: "refunds: ofKind('refund').map(refundFromItem),",
    becomes: 'refunds: [],',
    test: 'tests/integration/order-data-ends.test.ts',
  },
  {
    name: 'ends: passengers are forgotten while money waits for its use',
    file: 'shared/upkeep/end-order-data.ts',
    code: "payments: ofKind('payment').map(paymentFromItem),",
    becomes: 'payments: [],',
  },
  {
    name: 'ends: what moves while it is leaving is not kept on',
    file: 'shared/upkeep/decide-retention.ts',
    code: 'return rests && whole.isWholeLeaving ?',
    becomes: 'return rests || !rests ?',
  },
  {
    name: 'ends: the end of the data is not due',
    file: 'shared/orders/retention-store.ts',
    code: '      ...dueOf(orderId, dueAt),\n',
    becomes: '',
  },
];
