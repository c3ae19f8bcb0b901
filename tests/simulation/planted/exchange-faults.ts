import type { PlantedFault } from './model.ts';

/** What keeps one valid ticket, its seat and its money while tickets are exchanged. */
export const exchangeFaults: readonly PlantedFault[] = [
  {
    name: 'T18: an exchange is accepted after the end of the hold',
    file: 'shared/orders/transitions-store.ts',
    code: "['expiresAt > :now', 'attribute_not_exists(paidBy)']",
    becomes: "['attribute_not_exists(paidBy)']",
    test: 'tests/integration/guards/tickets.test.ts',
  },
  {
    name: 'T18: a ticket is exchanged after the end of its offer',
    file: 'shared/tickets/exchange-store.ts',
    code: "'openOffer.validUntil > :at'];",
    becomes: "'openOffer.validUntil > :at OR openOffer.validUntil <= :at'];",
    test: 'tests/integration/guards/tickets.test.ts',
  },
  {
    name: 'T15, T18: the claims of the earlier tickets stay',
    file: 'shared/selling/former-tickets.ts',
    code: 'claimsOfItems(former.order, replacedItems(order, former));',
    becomes: 'claimsOfItems(former.order, replacedItems(order, former).slice(1));',
    test: 'tests/integration/exchange-offers/accepted.test.ts',
  },
  {
    name: 'T2: who exchanges a ticket may travel anywhere at that time',
    file: 'shared/orders/rules.ts',
    code: 'other !== holder && other !== instead && overlaps',
    becomes: 'other !== holder && instead === undefined && overlaps',
    test: 'tests/integration/exchange-offers/refused.test.ts',
  },
  {
    name: 'T15, T18: the fee of an exchange is not booked',
    file: 'shared/selling/former-tickets.ts',
    code: '...(fee.amount > 0',
    becomes: '...(fee.amount > 999_999_999',
    test: 'tests/integration/exchange-offers/accepted.test.ts',
  },
];
