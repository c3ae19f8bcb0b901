import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import { readOrder } from '../orders/store.ts';
import { markRefunded } from '../orders/transitions-store.ts';
import { isCaptured, type CapturedPayment, type Refund, type RefundIn } from '../payments/model.ts';
import { markFailed, readRefund } from '../payments/refunds-store.ts';
import { askSeldomAt } from '../payments/rules.ts';
import { beginSettling, giveBack, markSettled } from '../payments/settling-store.ts';
import { readPayment } from '../payments/store.ts';
import type { Handled } from '../bookings/attention.ts';
import { writeTogether } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { askProvider } from './ask-provider.ts';
import { countPaidBack } from './count-paid-back.ts';
import {
  decideBegin,
  decideFinish,
  decideGiveBack,
  decidePay,
  answerInHandOf,
  type Finish,
  type Person,
  type AnswerInHand,
} from './decide-by-hand.ts';
import { orderEndedBy } from './decide-refund.ts';
import { bookPaidTwice } from './paid-twice.ts';
import type { ByHandRefusal } from './rules.ts';
import { confirmRefund, type RefundDependencies } from './submit-refund.ts';

/**
 * `pay-by-hand`: only this person has it in hand, and the provider has not paid it. `pay-unconfirmed`: the same, but
 * the provider has been silent for days.
 */
export type Settled = 'pay-by-hand' | 'pay-unconfirmed' | 'settled' | 'paid-twice' | 'given-back';

type Settling = Outcome<{ now: Settled }, ByHandRefusal>;

const attemptsMax = 5;

/**
 * The first step of paying a refund back by another way: one person takes it in hand (T34), and only then do we ask the
 * provider once more, so that nobody can send it again between the provider's answer and the payment. `unconfirmed`: on
 * that person's word alone, if the provider has been silent for days and may never answer.
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
      const decided = decideBegin(refund, { person, unconfirmed }, clock());
      if (decided.outcome === 'rejected') return decided;
      if (!refund) return rejected('already-back');
      if (decided.next === 'ask') return askOnceMore(dependencies, refund, decided);
      if (decided.next === 'decline') await markFailed(bookings, refund, decided);
      else await beginSettling(bookings, decided.refund, decided);
    }
    return rejected('changed-meanwhile');
  };

const paymentOf = async (
  { bookings }: RefundDependencies,
  { paymentId }: Refund,
): Promise<CapturedPayment> => {
  const payment = await readPayment(bookings, paymentId);
  if (!payment || !isCaptured(payment)) throw new Error(`the refunded payment ${paymentId} has no money`);
  return payment;
};

const askInHand = async (
  dependencies: RefundDependencies,
  payment: CapturedPayment,
  refund: Refund,
): Promise<AnswerInHand> => {
  const reply = await askProvider(dependencies, payment, (provider) => provider.queryRefund(payment, refund));
  return answerInHandOf(reply.outcome === 'accepted' ? reply.answer : undefined);
};

const askOnceMore = async (
  dependencies: RefundDependencies,
  refund: Refund,
  onWhoseWord: { onOwnWord: boolean },
): Promise<Settling> => {
  const payment = await paymentOf(dependencies, refund);
  const inHand = await askInHand(dependencies, payment, refund);
  if (inHand === 'paid') await confirmRefund(dependencies, payment, refund);
  return decidePay(inHand, onWhoseWord);
};

/** The way back from the first step: the person who took it in hand has paid nothing, and wants it sent again (T37). */
export const giveRefundBack =
  ({ bookings, clock }: Pick<RefundDependencies, 'bookings' | 'clock'>) =>
  async (refund: Refund, person: Person): Promise<Settling> => {
    const decided = decideGiveBack(refund, person, clock());
    if (decided.outcome === 'rejected') return decided;
    const returned = await giveBack(bookings, decided.refund, decided);
    return returned.outcome === 'accepted' ? accepted({ now: 'given-back' }) : returned;
  };

/**
 * The second step: the person who took it in hand has paid it (T35). Whatever the provider has done meanwhile, this
 * books the person's payment: as the one that counts, or as one too many (T36).
 */
export const finishSettling =
  (dependencies: RefundDependencies) =>
  async (orderId: OrderId, refundNumber: string, person: Person): Promise<Settling> => {
    const { bookings, clock } = dependencies;
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const refund = await readRefund(bookings, orderId, refundNumber);
      const decided = decideFinish(refund, person, clock());
      if (decided.outcome === 'rejected') return decided;
      if (decided.next === 'done') return accepted({ now: decided.now });
      await bookByHand(dependencies, decided);
    }
    return rejected('changed-meanwhile');
  };

const bookByHand = async (
  dependencies: RefundDependencies,
  decided: Exclude<Finish, { next: 'done' }>,
): Promise<void> => {
  const { next, refund, handled } = decided;
  const payment = await paymentOf(dependencies, refund);
  if (next === 'book-paid-twice') {
    await bookPaidTwice(dependencies, payment, refund, { by: handled.by, handled });
    return;
  }
  const inHand = await askInHand(dependencies, payment, refund);
  if (inHand === 'paid') await confirmRefund(dependencies, payment, refund);
  else await bookSettled(dependencies, payment, refund, handled);
};

const bookSettled = async (
  { bookings }: RefundDependencies,
  payment: CapturedPayment,
  refund: RefundIn<'settling'>,
  handled: Handled,
): Promise<void> => {
  const { at: now } = handled;
  const order = await readOrder(bookings, refund.orderId, { consistent: true });
  const ended = orderEndedBy(order, refund);
  const { orderId, refundNumber: source, amount } = refund;
  const again = askSeldomAt(now);
  await writeTogether(bookings.client, [
    { label: 'refund', write: markSettled(bookings, refund, { handled, again }) },
    { label: 'payment', write: await countPaidBack(bookings, payment, amount.amount) },
    ...(ended ? [{ label: 'order', write: markRefunded(bookings, ended, now) }] : []),
    {
      label: 'journal',
      write: putEntry(bookings, entryOf('refund-settled', { orderId, source, amount, at: now })),
    },
  ]);
};
