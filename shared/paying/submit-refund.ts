import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import { readOrder } from '../orders/store.ts';
import { markRefunded } from '../orders/transitions-store.ts';
import { isCaptured, type CapturedPayment, type Refund, type RefundIn } from '../payments/model.ts';
import type { PaymentProvider, RefundTerms } from '../payments/provider.ts';
import { cautiousTerms, isTooLateToSend, sendableAt, sentBefore } from '../payments/refund-terms.ts';
import {
  askAboutAgain,
  markFailed,
  markSending,
  markSubmitted,
  markSucceeded,
  readRefund,
} from '../payments/refunds-store.ts';
import type { RefundAnswer } from '../payments/rules.ts';
import { readPayment } from '../payments/store.ts';
import type { Written } from '../payments/update-store.ts';
import { decideAnew } from '../platform/decide-anew.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { accepted, never, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import { later, plusSeconds, type Clock } from '../platform/time.ts';
import { askProvider, type FindProvider } from './ask-provider.ts';
import { bookReturned, bookSurplusReturned } from './book-returned.ts';
import { countPaidBack } from './count-paid-back.ts';
import { decideAfterAnswer, decideNext, orderEndedBy } from './decide-refund.ts';
import { bookPaidTwice } from './paid-twice.ts';
import type { RefundRefusal } from './rules.ts';

export type RefundDependencies = { bookings: Table; clock: Clock; findProvider: FindProvider };

export type Submitted = Outcome<{ now: 'back' | 'nothing-to-do' }, RefundRefusal>;

/** The number of decisions about one refund, if it changes at the same moment. */
const attemptsMax = 4;

/**
 * Sends a decided refund to its provider with its fixed number, and finds out whether the money is back (T21). Anyone
 * may repeat it at any time: the provider pays one number once, and its terms say when we ask and send again. About a
 * refund that the provider will not pay, or that a person pays, it only asks: the provider may have changed its mind.
 */
export const submitRefund =
  (dependencies: RefundDependencies) =>
  (orderId: OrderId, refundNumber: string): Promise<Submitted> =>
    decideAnew(attemptsMax, () => submitOnce(dependencies, orderId, refundNumber));

const submitOnce = async (
  dependencies: RefundDependencies,
  orderId: OrderId,
  refundNumber: string,
): Promise<Submitted> => {
  const { bookings, clock, findProvider } = dependencies;
  const refund = await readRefund(bookings, orderId, refundNumber);
  if (!refund) return accepted({ now: 'nothing-to-do' });
  const payment = await readPayment(bookings, refund.paymentId);
  if (!payment || !isCaptured(payment))
    throw new Error(`the refund ${refundNumber} belongs to no captured money`);
  const terms = findProvider(payment.provider)?.refundTerms ?? cautiousTerms;
  const next = decideNext(refund, terms, clock());
  switch (next.step) {
    case 'none':
      return accepted({ now: 'nothing-to-do' });
    case 'wait':
      await askAboutAgain(bookings, refund, next.until);
      return rejected('not-confirmed');
    case 'send':
      return sendRefund(dependencies, { payment, refund: next.refund, terms });
    case 'ask': {
      const answer = await ask(dependencies, payment, (provider) => provider.queryRefund(payment, refund));
      const isUnsent = answer.state === 'not-exist' || answer.state === 'declined';
      if (next.sendable && isUnsent)
        return sendRefund(dependencies, { payment, refund: next.sendable, terms });
      return follow(dependencies, { payment, refund, terms }, answer);
    }
    default:
      return never(next);
  }
};

type Asked<Of extends Refund = Refund> = { payment: CapturedPayment; refund: Of; terms: RefundTerms };

/** Of several functions that come here at once, one sends. */
const sendRefund = async (
  dependencies: RefundDependencies,
  { payment, refund, terms }: Asked<RefundIn<'requested' | 'submitted'>>,
): Promise<Submitted> => {
  const { clock } = dependencies;
  const now = clock();
  const again = later(plusSeconds(now, terms.queryAfterSeconds), sendableAt({ sentAt: now }, terms) ?? now);
  const before = sentBefore(now, terms);
  const sending = await markSending(dependencies.bookings, refund, { now, sentBefore: before, again });
  if (sending.outcome === 'rejected') return sending;
  // The answer to the write may come when another function may send it already.
  if (isTooLateToSend(now, clock())) return rejected('not-confirmed');
  const sent = { ...refund, state: 'submitted', sentAt: now } as const;
  const answer = await ask(dependencies, payment, (provider) => provider.refund(payment, sent));
  return follow(dependencies, { payment, refund: sent, terms }, answer);
};

const follow = async (
  dependencies: RefundDependencies,
  { payment, refund, terms }: Asked,
  answer: RefundAnswer,
): Promise<Submitted> => {
  const { bookings, clock } = dependencies;
  const decided = decideAfterAnswer(refund, { answer, terms }, clock());
  switch (decided.write) {
    case 'confirm':
      return confirmRefund(dependencies, payment, refund);
    case 'return':
      return bookReturned(dependencies, payment, decided);
    case 'return-surplus':
      return bookSurplusReturned(dependencies, payment, decided);
    case 'ask-again': {
      const written = await askAboutAgain(bookings, refund, decided.again);
      return written.outcome === 'accepted' ? accepted({ now: 'nothing-to-do' }) : written;
    }
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

const ask = async (
  dependencies: RefundDependencies,
  payment: CapturedPayment,
  call: (provider: PaymentProvider) => Promise<RefundAnswer>,
): Promise<RefundAnswer> => {
  const reply = await askProvider(dependencies, payment, call);
  return reply.outcome === 'accepted' ? reply.answer : { state: 'silent', why: reply.why };
};

/** The number of tries to book that a refund is back, while others of its payment come back. */
const bookingsMax = 10;

/** T21 if the provider confirms it; T36 if a person has paid it back before. */
export const confirmRefund = async (
  dependencies: Pick<RefundDependencies, 'bookings' | 'clock'>,
  payment: CapturedPayment,
  refund: Refund,
  tries = bookingsMax,
): Promise<Submitted> => {
  const { bookings, clock } = dependencies;
  const now = clock();
  if (refund.state === 'settled') {
    await bookPaidTwice(dependencies, payment, refund, { by: refund.settledBy });
    return accepted({ now: 'nothing-to-do' });
  }
  const order = await readOrder(bookings, refund.orderId, { consistent: true });
  const ended = orderEndedBy(order, refund);
  const entry = entryOf('refunded', {
    orderId: refund.orderId,
    source: refund.refundNumber,
    provider: payment.provider,
    amount: refund.amount,
    at: now,
  });
  const outcome = await writeTogether(bookings.client, [
    { label: 'refund', write: markSucceeded(bookings, refund, now) },
    { label: 'payment', write: await countPaidBack(bookings, payment, refund.amount.amount) },
    ...(ended ? [{ label: 'order', write: markRefunded(bookings, ended, now) }] : []),
    { label: 'journal', write: putEntry(bookings, entry) },
  ]);
  if (outcome.outcome === 'written') return accepted({ now: 'back' });
  // Another refund of the payment has come back: the answer about this one is as good as before.
  if (tries > 1 && outcome.refused.every(({ label }) => label === 'payment')) {
    const stands = await readPayment(bookings, payment.paymentId);
    if (stands && isCaptured(stands)) return confirmRefund(dependencies, stands, refund, tries - 1);
  }
  // A person may have settled it between the read and the write: then the provider has paid it as well.
  const current = await readRefund(bookings, refund.orderId, refund.refundNumber);
  if (current?.state === 'succeeded') return accepted({ now: 'back' });
  if (current?.state !== 'settled') return rejected('changed-meanwhile');
  await bookPaidTwice(dependencies, payment, current, { by: current.settledBy });
  return accepted({ now: 'nothing-to-do' });
};
