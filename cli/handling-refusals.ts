import type { HandleRefusal } from '../shared/upkeep/attention.ts';

/** What a command says if a person may not do what they want with an item. */
export const handlingRefusals: Readonly<Record<HandleRefusal, string>> = {
  'not-as-seen': 'the item may have changed: run attention show again, and pass its mark with --seen',
  'not-found': 'no order, payment, refund, mail, run or bill with this id has ever needed a person',
  'nothing-to-try': 'there is nothing to retry',
  unreadable: 'this release cannot read it, so it cannot settle it: see attention show',
  'ends-by-itself':
    'it ends by itself when it succeeds: you cannot settle it. You can settle a payment with --unconfirmed',
  'changed-meanwhile': 'the item has changed in the meantime: run attention show again',
  'only-by-hand':
    'the provider has paid this refund and taken it back, so it does not pay it again: pay it another way, with settle',
  'in-other-hands': 'somebody else is paying it by hand: see attention show',
  'already-back': 'the refund is already paid: do not pay it again',
  'still-tried':
    'the provider may still finish it, so you cannot settle it yet. If it was sent a moment ago, try again in a minute. ' +
    'Three days after the request of the refund, or after the payment ran out, you can: use --unconfirmed',
  'other-amount':
    'the refund is in your hands, and the provider has paid another amount under its number: do not pay, compare it there. ' +
    'Three days after the request of the refund you can go on with --unconfirmed',
  'provider-silent':
    'the refund is in your hands, but the provider has not yet confirmed that it did not pay: do not pay, run this again',
  'not-in-your-hands': 'the refund is not in your hands: first run settle without --paid',
};
