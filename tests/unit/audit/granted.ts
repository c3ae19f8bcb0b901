import { entryOf } from '../../../shared/ledger/rules.ts';
import { isCaptured } from '../../../shared/payments/model.ts';
import { sampleRefund } from '../../support/sample-refund.ts';
import { sampleNow, type Spoilable } from '../../support/sample-snapshot.ts';

/** Gives money of the issued order back in two parts, of which the provider has paid the first. Returns its payment. */
export const grant = (
  { orders }: Spoilable,
  kind: 'refund-granted' | 'refund-requested' = 'refund-granted',
): object => {
  const part = orders[0]!;
  const payment = part.payments[0]!;
  if (!isCaptured(payment)) throw new Error('the sample has no money');
  const { orderId, paymentId, provider, amount } = payment;
  const at = sampleNow;
  const amounts = { a: { amount: 1000, currency: 'CNY' }, b: { amount: 250, currency: 'CNY' } };
  for (const [name, each] of Object.entries(amounts)) {
    const refundNumber = `${paymentId}_${name}`;
    const common = { orderId, refundNumber, amount: each, requestedAt: at };
    const isBack = name === 'a';
    const refund = isBack
      ? sampleRefund('succeeded', common)
      : sampleRefund('submitted', { ...common, dueAt: at });
    part.refunds.push({ ...refund, paymentId, inDueIndex: !isBack, inAttentionIndex: false });
    part.entries.push(entryOf(kind, { orderId, source: refundNumber, amount: each, at }));
    if (isBack)
      part.entries.push(entryOf('refunded', { orderId, source: refundNumber, provider, amount: each, at }));
  }
  return Object.assign(payment, {
    state: 'partlyRefunded',
    refundable: amount.amount - 1250,
    paidBack: 1000,
  });
};
