/** The states of an order as its owner sees it: after the issue, its tickets decide. */
export const orderStates = [
  'held',
  'closing',
  'releasing',
  'expired',
  'cancelled',
  'paid',
  'issued',
  'refunding',
  'refunded',
  'exchanged',
] as const;
