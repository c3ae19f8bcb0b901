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
 * Sends a decided refund to its provider with its fixed number, and finds out whether the money is back (T21). Anyone
 * may repeat it: the provider pays one number once. About a refund that the provider will not pay, or that a person
 * pays, it only asks: the provider may have changed its mind.
 */
export const submitRefund =
  (dependencies: RefundDependencies) =>
  async (orderId: OrderId, refundNumber: string): Promise<Submitted> => {
    const { bookings, clock } = dependencies;
    const refund = await readRefund(bookings, orderId, refundNumber);
    if (!refund || refund.state === 'succeeded') return accepted({ now: 'nothing-to-do' });
    const payment = await readPayment(bookings, refund.paymentId);
    if (!payment || !isCaptured(payment))
      throw new Error(`the refund ${refundNumber} belongs to no captured money`);
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

/** The rejection for a refund that is not back: the provider's answer, if it could be written. */
const rejectedFor = (reason: RefundRefusal, written: Written): Rejected<RefundRefusal> =>
  written.outcome === 'accepted' ? rejected(reason) : written;

/** Asks about a submitted refund first, and sends it again only if the provider does not know it or has declined it. */
const ask = async (
  dependencies: RefundDependencies,
  payment: CapturedPayment,
  refund: Refund,
): Promise<RefundAnswer> => {
  const reply = await askProvider(dependencies, payment, async (provider) => {
    if (refund.state === 'requested') return provider.refund(payment, refund);
    const answer = await provider.queryRefund(payment, refund);
    const isSent =
      refund.state === 'submitted' && (answer.state === 'not-exist' || answer.state === 'declined');
    return isSent ? await provider.refund(payment, refund) : answer;
  });
  return reply.outcome === 'accepted' ? reply.answer : { state: 'silent', why: reply.why };
};

/** T21 if the provider confirms it; T36 if a person has paid it back before. */
export const confirmRefund = async (
  dependencies: Pick<RefundDependencies, 'bookings' | 'clock'>,
  payment: CapturedPayment,
  refund: Refund,
): Promise<Submitted> => {
  const { bookings, clock } = dependencies;
  const now = clock();
  if (refund.state === 'settled') {
    await bookPaidTwice(dependencies, payment, refund, { by: refund.settledBy });
    return accepted({ now: 'nothing-to-do' });
  }
  const order = await readOrder(bookings, refund.orderId, { consistent: true });
  const ended = orderEndedBy(order, payment);
  const entry = entryOf('refunded', {
    orderId: refund.orderId,
    source: refund.refundNumber,
    provider: payment.provider,
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
  // A person may have settled it between the read and the write: then the provider has paid it as well.
  const current = await readRefund(bookings, refund.orderId, refund.refundNumber);
  if (current?.state === 'settled')
    await bookPaidTwice(dependencies, payment, current, { by: current.settledBy });
  return accepted({ now: current?.state === 'succeeded' ? 'back' : 'nothing-to-do' });
};
