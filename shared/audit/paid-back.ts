import type { EntryKind } from '../ledger/model.ts';
import {
  isBack,
  isReturned,
  takenOf,
  wasPaidTwice,
  type CapturedPayment,
  type Refund,
} from '../payments/model.ts';

/** What must have been booked about a refund after its request, in the order of a history that leads to its state. */
export const entriesOfRefund = (refund: Refund): EntryKind[] => {
  const { state } = refund;
  const byHandFirst = state === 'settled' && wasPaidTwice(refund);
  // A person's payment alone never came back: the provider's did, before it or as one too many.
  const byProvider = state === 'succeeded' || (isReturned(refund) && !byHandFirst);
  return [
    ...(byProvider ? (['refunded'] as const) : []),
    ...(byProvider && isReturned(refund) && !wasPaidTwice(refund) ? (['refund-returned'] as const) : []),
    ...(state === 'settled' ? (['refund-settled'] as const) : []),
    ...(wasPaidTwice(refund)
      ? ([byHandFirst ? 'paid-twice-by-provider' : 'paid-twice-by-hand'] as const)
      : []),
    ...(wasPaidTwice(refund) && isReturned(refund) ? (['surplus-returned'] as const) : []),
  ];
};

/** What a captured payment must say of the money that is back; undefined if it is right. */
export const faultOfPaidBack = (payment: CapturedPayment, refunds: readonly Refund[]): string | undefined => {
  const { paymentId, state, paidBack } = payment;
  const back = refunds.filter(isBack).reduce((sum, { amount }) => sum + amount.amount, 0);
  // Older payments do not count it, and call themselves refunded as soon as the last refund is requested.
  const isOlder = paidBack === undefined && state !== 'captured';
  if (isOlder) return back > 0 ? undefined : `no money of the ${state} payment ${paymentId} is back`;
  if ((paidBack ?? 0) !== back)
    return `${paidBack ?? 0} minor units of the payment ${paymentId} are said to be back, not ${back}`;
  const all = takenOf(payment).amount;
  const expected = back === 0 ? 'captured' : back < all ? 'partlyRefunded' : 'refunded';
  return state === expected
    ? undefined
    : `${back} of ${all} minor units of the ${state} payment ${paymentId} are back`;
};
