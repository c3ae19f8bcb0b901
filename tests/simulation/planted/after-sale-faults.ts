import type { PlantedFault } from './model.ts';

const world = ['--back'] as const;

/** What keeps the money and the seat of a ticket that goes back. */
export const afterSaleFaults: readonly PlantedFault[] = [
  {
    name: 'an offer does not look for another one',
    file: 'shared/tickets/refund-store.ts',
    code: "'attribute_not_exists(openOffer) OR openOffer.validUntil <= :now',",
    becomes:
      "'attribute_not_exists(openOffer) OR openOffer.validUntil <= :now OR attribute_exists(openOffer)',",
    test: 'tests/integration/guards/tickets.test.ts',
  },
  {
    name: 'T19: a ticket goes back after the end of its offer',
    file: 'shared/tickets/refund-store.ts',
    code: "'openOffer.validUntil > :at'),",
    becomes: "'openOffer.validUntil > :at OR openOffer.validUntil <= :at'),",
    test: 'tests/integration/guards/tickets.test.ts',
  },
  {
    name: 'T19: the claims of passengers stay',
    file: 'shared/after-sale/accept-offer.ts',
    code: 'claimsOfItems(order, items),',
    becomes: 'claimsOfItems(order, items.slice(1)),',
    world,
  },
  {
    name: 'T19: the money stays refundable',
    file: 'shared/after-sale/refund-writes.ts',
    code: "    { label: 'payment', write: takeRefundable(bookings, paymentId, amount.amount) },\n",
    becomes: '',
    also: [
      {
        file: 'shared/after-sale/refund-writes.ts',
        code: "import { takeRefundable } from '../payments/store.ts';\n",
        becomes: '',
      },
    ],
    world,
  },
  {
    name: 'T20: another ticket may have gone back since',
    file: 'shared/orders/marks-store.ts',
    code: "clause('size(history) = :events', { ':events': order.history.length }),",
    becomes: "clause('size(history) >= :events', { ':events': order.history.length }),",
    test: 'tests/integration/guards/order-marks.test.ts',
  },
];
