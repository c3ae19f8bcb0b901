import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import { readOrder } from '../orders/store.ts';
import { markRefunded } from '../orders/transitions-store.ts';
import { isCaptured, type CapturedPayment, type Refund } from '../payments/model.ts';
import {
  askAboutAgain,
  markFailed,
  markSubmitted,
  markSucceeded,
  readRefund,
} from '../payments/refunds-store.ts';
import type { RefundAnswer } from '../payments/rules.ts';
import { markPaymentRefunded, readPayment } from '../payments/store.ts';
import type { Written } from '../payments/update-store.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { accepted, never, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { askProvider, type FindProvider } from './ask-provider.ts';
import { decideAfterAnswer, orderEndedBy } from './decide-refund.ts';
import { bookPaidTwice } from './paid-twice.ts';
import type { RefundRefusal } from './rules.ts';

export type RefundDependencies = { bookings: Table; clock: Clock; findProvider: FindProvider };

export type Submitted = Outcome<{ now: 'back' | 'nothing-to-do' }, RefundRefusal>;

/**
 * Sends a refund that was decided to its provider, by its fixed number, and finds out whether the money is back (T21).
 * Anyone may repeat it: the provider pays one number once. One that the provider will not pay, or that a person pays,
 * is only asked about: the provider may have changed its mind.
 */
export const submitRefund =
  (dependencies: RefundDependencies) =>
  async (orderId: OrderId, refundNumber: string): Promise<Submitted> => {
    const { bookings, clock } = dependencies;
    const refund = await readRefund(bookings, orderId, refundNumber);
    if (!refund || refund.state === 'succeeded') return accepted({ now: 'nothing-to-do' });
    const payment = await readPayment(bookings, refund.paymentId);
    if (!payment || !isCaptured(payment)) throw new Error(`the refund ${refundNumber} is of no money`);
    const answer = await ask(dependencies, payment, refund);
    const decided = decideAfterAnswer(refund, answer, clock());
    switch (decided.write) {
      case 'confirm':
        return confirmRefund(dependencies, payment, refund);
      case 'ask-again':
        await askAboutAgain(bookings, refund, decided.again);
        return accepted({ now: 'nothing-to-do' });
      case 'fail':
        return rejectedFor('declined', await markFailed(bookings, refund, decided));
      case 'submit':
        return rejectedFor('not-confirmed', await markSubmitted(bookings, refund, decided));
      default:
        return never(decided);
    }
  };

/** A refund that is not back: for what the provider says, if that could be written. */
const rejectedFor = (reason: RefundRefusal, written: Written): Rejected<RefundRefusal> =>
  written.outcome === 'accepted' ? rejected(reason) : written;

/**
 * What was submitted before is asked about first; only if the provider knows nothing of it, or has declined it, is it
 * sent again.
 */
const ask = async (
  dependencies: RefundDependencies,
  payment: CapturedPayment,
  refund: Refund,
): Promise<RefundAnswer> => {
  const asked = await askProvider(dependencies, payment, async (provider) => {
    if (refund.state === 'requested') return provider.refund(payment, refund);
    const known = await provider.queryRefund(payment, refund);
    const isSent =
      refund.state === 'submitted' && (known.state === 'not-exist' || known.state === 'declined');
    return isSent ? await provider.refund(payment, refund) : known;
  });
  return asked.outcome === 'accepted' ? asked.answer : { state: 'silent', why: asked.why };
};

/** T21 for what the provider confirms; T36 where a person has paid it back before. */
export const confirmRefund = async (
  dependencies: Pick<RefundDependencies, 'bookings' | 'clock'>,
  payment: CapturedPayment,
  refund: Refund,
): Promise<Submitted> => {
  const { bookings, clock } = dependencies;
  const now = clock();
  if (refund.state === 'settled') {
    await bookPaidTwice(dependencies, refund, { by: refund.settledBy });
    return accepted({ now: 'nothing-to-do' });
  }
  const order = await readOrder(bookings, refund.orderId, { consistent: true });
  const ended = orderEndedBy(order, payment);
  const entry = entryOf('refunded', {
    orderId: refund.orderId,
    source: refund.refundNumber,
    amount: refund.amount,
    at: now,
  });
  const outcome = await writeTogether(bookings.client, [
    { label: 'refund', write: markSucceeded(bookings, refund, now) },
    { label: 'payment', write: markPaymentRefunded(bookings, payment) },
    ...(ended ? [{ label: 'order', write: markRefunded(bookings, ended, now) }] : []),
    { label: 'journal', write: putEntry(bookings, entry) },
  ]);
  if (outcome.outcome === 'written') return accepted({ now: 'back' });
  // It may have been settled between reading and writing: then the provider has paid it as well.
  const stands = await readRefund(bookings, refund.orderId, refund.refundNumber);
  if (stands?.state === 'settled') await bookPaidTwice(dependencies, stands, { by: stands.settledBy });
  return accepted({ now: stands?.state === 'succeeded' ? 'back' : 'nothing-to-do' });
};
