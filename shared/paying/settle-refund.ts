import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import { readOrder } from '../orders/store.ts';
import { markRefunded } from '../orders/transitions-store.ts';
import type { Payment, Refund } from '../payments/model.ts';
import { markFailed, readRefund } from '../payments/refunds-store.ts';
import { askAboutEndedAt, mayBeSettled, unansweredSince } from '../payments/rules.ts';
import { beginSettling, giveBack, markSettled } from '../payments/settling-store.ts';
import { markPaymentRefunded, readPayment } from '../payments/store.ts';
import { attentionFor, type Handled } from '../bookings/attention.ts';
import { writeTogether } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { askProvider } from './ask-provider.ts';
import { bookPaidTwice } from './paid-twice.ts';
import { confirmRefund, type RefundDependencies } from './submit-refund.ts';

type Person = Pick<Handled, 'by' | 'reason'>;

/**
 * `pay-by-hand`: it is in this person's hands alone, and the provider has not paid it. `pay-unconfirmed`: the same, but
 * the provider has not said so for days.
 */
export type Settled = 'pay-by-hand' | 'pay-unconfirmed' | 'settled' | 'paid-twice' | 'given-back';

export type SettleRefusal =
  | 'in-other-hands'
  | 'already-back'
  | 'still-tried'
  | 'provider-silent'
  | 'not-in-your-hands'
  | 'changed-meanwhile';

type Settling = Outcome<{ now: Settled }, SettleRefusal>;

const attemptsMax = 5;

/**
 * The first step of paying a refund back by another way: it is taken in hand by one person (T34), and only then is the
 * provider asked once more, so that nobody can send it again between its answer and the payment. `unconfirmed`: on that
 * person's own word where the provider has said nothing for days, as it may never do again.
 */
export const beginToSettle =
  (dependencies: RefundDependencies) =>
  async (
    orderId: OrderId,
    refundNumber: string,
    person: Person,
    { unconfirmed = false } = {},
  ): Promise<Settling> => {
    const { bookings, clock } = dependencies;
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const refund = await readRefund(bookings, orderId, refundNumber);
      if (!refund || refund.state === 'succeeded' || refund.state === 'settled')
        return rejected('already-back');
      const onOwnWord = unconfirmed && refund.requestedAt <= unansweredSince(clock());
      if (refund.state === 'settling')
        return refund.settledBy === person.by
          ? askOnceMore(dependencies, refund, { onOwnWord })
          : rejected('in-other-hands');
      if (!mayBeSettled(refund) && !onOwnWord) return rejected('still-tried');
      await takeInHand(dependencies, refund, person, { onOwnWord });
    }
    return rejected('changed-meanwhile');
  };

/** What is declined on and on is first declined for good, so that the clean-up sends it no more. */
const takeInHand = async (
  { bookings, clock }: RefundDependencies,
  refund: Refund,
  person: Person,
  { onOwnWord }: { onOwnWord: boolean },
): Promise<void> => {
  const now = clock();
  const before = { now, before: refund.attention };
  if (refund.state === 'submitted' && refund.declined !== undefined) {
    const why = refund.declined;
    const again = askAboutEndedAt(refund, now) ?? now;
    await markFailed(bookings, refund, {
      why,
      attention: attentionFor('refund-declined', why, before),
      again,
    });
    return;
  }
  const attention = attentionFor('refund-settling', `in the hands of ${person.by}`, before);
  const handled: Handled = { ...person, at: now, did: 'began-to-settle' };
  await beginSettling(bookings, refund, {
    handled,
    attention,
    unconfirmedSince: onOwnWord ? unansweredSince(now) : undefined,
  });
};

const paymentOf = async ({ bookings }: RefundDependencies, { paymentId }: Refund): Promise<Payment> => {
  const payment = await readPayment(bookings, paymentId);
  if (!payment) throw new Error(`the payment ${paymentId} of a refund is gone`);
  return payment;
};

const isPaidByProvider = async (
  dependencies: RefundDependencies,
  payment: Payment,
  refund: Refund,
): Promise<boolean | 'silent'> => {
  const asked = await askProvider(dependencies, payment, (provider) => provider.queryRefund(payment, refund));
  if (asked.outcome === 'rejected' || asked.answer.state === 'processing') return 'silent';
  return asked.answer.state === 'succeeded';
};

const askOnceMore = async (
  dependencies: RefundDependencies,
  refund: Refund,
  { onOwnWord }: { onOwnWord: boolean },
): Promise<Settling> => {
  const payment = await paymentOf(dependencies, refund);
  const paid = await isPaidByProvider(dependencies, payment, refund);
  if (paid === 'silent')
    return onOwnWord ? accepted({ now: 'pay-unconfirmed' }) : rejected('provider-silent');
  if (!paid) return accepted({ now: 'pay-by-hand' });
  await confirmRefund(dependencies, payment, refund);
  return rejected('already-back');
};

/** The way back from the first step: the person who took it in hand has paid nothing, and wants it sent again (T37). */
export const giveRefundBack =
  ({ bookings, clock }: Pick<RefundDependencies, 'bookings' | 'clock'>) =>
  async (refund: Refund, person: Person): Promise<Settling> => {
    if (refund.state === 'succeeded' || refund.state === 'settled') return rejected('already-back');
    if (refund.settledBy !== person.by) return rejected('not-in-your-hands');
    const now = clock();
    const why = refund.declined ?? `not paid by ${person.by}`;
    const attention = attentionFor('refund-declined', why, { now, before: refund.attention });
    const handled: Handled = { ...person, at: now, did: 'gave-back' };
    return (await giveBack(bookings, refund, { handled, attention }))
      ? accepted({ now: 'given-back' })
      : rejected('changed-meanwhile');
  };

/**
 * The second step: the person who took it in hand has paid it (T35). Whatever the provider has done meanwhile, the
 * person's payment is booked: as the one that counts, or as one too many (T36).
 */
export const finishSettling =
  (dependencies: RefundDependencies) =>
  async (orderId: OrderId, refundNumber: string, person: Person): Promise<Settling> => {
    const { bookings, clock } = dependencies;
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const refund = await readRefund(bookings, orderId, refundNumber);
      if (!refund || refund.settledBy !== person.by) return rejected('not-in-your-hands');
      if (refund.overpaidAt) return accepted({ now: 'paid-twice' });
      if (refund.state === 'settled') return accepted({ now: 'settled' });
      const handled: Handled = { ...person, at: clock(), did: 'settled' };
      if (refund.state === 'succeeded') {
        await bookPaidTwice(dependencies, refund, { from: 'succeeded', handled });
      } else {
        const payment = await paymentOf(dependencies, refund);
        if ((await isPaidByProvider(dependencies, payment, refund)) === true)
          await confirmRefund(dependencies, payment, refund);
        else await bookSettled(dependencies, payment, refund, handled);
      }
    }
    return rejected('changed-meanwhile');
  };

const bookSettled = async (
  { bookings }: RefundDependencies,
  payment: Payment,
  refund: Refund,
  handled: Handled,
): Promise<void> => {
  const { at: now } = handled;
  const order = await readOrder(bookings, refund.orderId, { consistent: true });
  const endsOrder = order?.state === 'refunding' && order.paidBy === payment.paymentId;
  const { orderId, refundNumber: source, amount } = refund;
  const again = askAboutEndedAt(refund, now) ?? now;
  await writeTogether(bookings.client, [
    { label: 'refund', write: markSettled(bookings, refund, { handled, again }) },
    { label: 'payment', write: markPaymentRefunded(bookings, payment) },
    ...(endsOrder ? [{ label: 'order', write: markRefunded(bookings, order, now) }] : []),
    {
      label: 'journal',
      write: putEntry(bookings, entryOf('refund-settled', { orderId, source, amount, at: now })),
    },
  ]);
};
