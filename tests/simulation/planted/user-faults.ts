import type { PlantedFault } from './model.ts';

/** What counts what users have, in the transactions that change it. */
export const userFaults: readonly PlantedFault[] = [
  {
    name: 'T2: orders that ended are not checked in the commit',
    file: 'shared/orders/counts-store.ts',
    code: 'limit: endedOrdersPerDayMax, more: 1 }',
    becomes: 'limit: endedOrdersPerDayMax, more: -99 }',
    world: ['--tight', '--slow'],
  },
  {
    name: 'T2: seats on the run are not checked in the commit',
    file: 'shared/orders/counts-store.ts',
    code: 'limit: seatsPerRunMax, more: seats - instead }',
    becomes: 'limit: seatsPerRunMax, more: seats - instead - 99 }',
    world: ['--tight', '--slow'],
  },
  {
    name: 'T8: the count of open orders stays',
    file: 'shared/selling/end-order.ts',
    code: "{ label: 'count', write: countEnded(bookings, order) },",
    becomes: '',
  },
  {
    name: 'T8: an ended order is counted after it has ended',
    file: 'shared/selling/end-order.ts',
    code: "{ label: 'count', write: countEnded(bookings, order) },\n    ]);",
    becomes:
      "]);\n    await writeTogether(bookings.client, [{ label: 'count', write: countEnded(bookings, order) }]);",
  },
  {
    name: 'T8: an ended order counts on the day of T8',
    file: 'shared/selling/end-order.ts',
    code: 'countEnded(bookings, order)',
    becomes:
      "countEnded(bookings, { ...order, endsOn: (await import('../platform/time.ts')).localDateOf(clock(), 'Atlantic/Azores') })",
    world: ['--slow'],
  },
  {
    name: 'T8: the seats of the user stay',
    file: 'shared/orders/counts-store.ts',
    code: 'openOrders: -1, ...seatsOf(order, -1), ...endedOf(order, 1)',
    becomes: 'openOrders: -1, ...endedOf(order, 1)',
  },
  {
    name: 'T9: the count of open orders stays',
    file: 'shared/paying/apply-payment.ts',
    code: "{ label: 'count', write: countPaid(bookings, order) },",
    becomes: '',
  },
  {
    name: 'T10: what was counted as ended is not given back',
    file: 'shared/orders/counts-store.ts',
    code: '...seatsOf(order, 1), ...endedOf(order, -1)',
    becomes: '...seatsOf(order, 1)',
    world: ['--late'],
  },
  {
    name: 'T10: the seats of the user are not counted again',
    file: 'shared/orders/counts-store.ts',
    code: '...seatsOf(order, 1), ...endedOf(order, -1)',
    becomes: 'openOrders: 0, ...endedOf(order, -1)',
    world: ['--late'],
  },
  {
    name: 'T10: the order keeps the day it counted on',
    file: 'shared/orders/transitions-store.ts',
    code: "dueAt: plusSeconds(now, issueWithinSeconds),\n      remove: ['endsOn'],",
    becomes: 'dueAt: plusSeconds(now, issueWithinSeconds),',
    test: 'tests/integration/budgets.test.ts',
  },
  {
    name: 'T16: the seats of the user stay',
    file: 'shared/selling/issue-order.ts',
    code: "{ label: 'count', write: countRefunded(bookings, order) },",
    becomes: '',
  },
  {
    name: 'T5: an order that ends has no day that it counts on',
    file: 'shared/orders/transitions-store.ts',
    code: 'set: { endReason, endsOn },',
    becomes: 'set: { endReason },',
  },
  {
    name: 'T8: an ended order is not counted',
    file: 'shared/orders/counts-store.ts',
    code: 'openOrders: -1, ...seatsOf(order, -1), ...endedOf(order, 1)',
    becomes: 'openOrders: -1, ...seatsOf(order, -1)',
    world: ['--tight'],
  },
];
