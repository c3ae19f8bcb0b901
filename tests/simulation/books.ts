import type { Payment, Refund } from '../../shared/payments/model.ts';
import type { ProviderPayment, ProviderRefund } from '../../shared/payments/provider.ts';
import { sameMoney, type Money } from '../../shared/platform/money.ts';
import { plusSeconds, type Clock, type Instant } from '../../shared/platform/time.ts';
import { noAnswer } from './faults.ts';
import type { Seeded } from './seeded.ts';

type Trade = {
  paymentId: string;
  amount: Money;
  expiresAt: Instant;
  state: 'pending' | 'captured' | 'closed';
};

type BookedRefund = { paymentId: string; amount: Money; confirmedAt: Instant };

/** The bank behind the cashier answers a payment that was begun in time up to this long after the deadline. */
const bankSeconds = 30;

/** Alipay knows a refund by its number only some time after it was asked for. */
const refundKnownAfterSeconds = 10;

export type Books = ReturnType<typeof openBooks>;

/**
 * What the payment provider knows, with the traps of Alipay: no trade exists before the buyer has entered the cashier,
 * so that asking and closing say so while the link still works; a refund is done once for its number, and confirmed
 * later; and for some minutes nobody answers, whether or not the request was heard.
 */
export const openBooks = (clock: Clock, seed: Seeded) => {
  const trades = new Map<string, Trade>();
  const refunds = new Map<string, BookedRefund>();
  const wrong: string[] = [];
  let silentUntil: Instant = clock();

  const standing = (paymentId: string): Trade | undefined => {
    const trade = trades.get(paymentId);
    const over = trade?.state === 'pending' && clock() >= plusSeconds(trade.expiresAt, bankSeconds);
    if (trade && over) trade.state = 'closed';
    return trade;
  };
  const told = (paymentId: string): ProviderPayment => {
    const trade = standing(paymentId);
    if (!trade) return { state: 'not-exist' };
    if (trade.state !== 'captured') return { state: trade.state };
    return { state: 'captured', providerTrade: `trade-${paymentId}`, paid: trade.amount };
  };
  const refundTold = (refundNumber: string): ProviderRefund => {
    const refund = refunds.get(refundNumber);
    if (!refund) return { state: 'not-exist' };
    return { state: clock() >= refund.confirmedAt ? 'succeeded' : 'processing' };
  };
  const refundedOf = (paymentId: string): number =>
    [...refunds.values()].reduce(
      (sum, refund) => sum + (refund.paymentId === paymentId ? refund.amount.amount : 0),
      0,
    );
  /** Runs what was asked for, and then perhaps answers. */
  const answer = <Answer>(ask: () => Answer): Answer => {
    const silent = clock() < silentUntil;
    if (silent && seed.happens(0.5)) throw noAnswer();
    const said = ask();
    if (silent) throw noAnswer();
    return said;
  };

  return {
    trades,
    refunds,
    /** What the product did that no provider would have let pass unremarked. */
    wrong,
    refundedOf,
    fallSilent: (seconds: number): void => {
      silentUntil = plusSeconds(clock(), seconds);
    },
    isSilent: (): boolean => clock() < silentUntil,
    query: ({ paymentId }: Payment): ProviderPayment => answer(() => told(paymentId)),
    close: ({ paymentId }: Payment): ProviderPayment =>
      answer(() => {
        const trade = standing(paymentId);
        if (trade?.state === 'pending') trade.state = 'closed';
        return told(paymentId);
      }),
    refund: ({ paymentId }: Payment, { refundNumber, amount }: Refund): ProviderRefund =>
      answer(() => {
        const known = refunds.get(refundNumber);
        if (known) {
          if (!sameMoney(known.amount, amount))
            wrong.push(`${refundNumber} was asked for with another amount`);
          return refundTold(refundNumber);
        }
        const trade = standing(paymentId);
        if (trade?.state !== 'captured') {
          wrong.push(`${refundNumber} of a payment that was never made`);
          return { state: 'failed', why: 'no such payment' };
        }
        if (refundedOf(paymentId) + amount.amount > trade.amount.amount) {
          wrong.push(`${refundNumber} is more than is left of ${paymentId}`);
          return { state: 'failed', why: 'more than was paid' };
        }
        const confirmedAt = plusSeconds(clock(), seed.happens(0.5) ? 0 : seed.whole(1, 1800));
        refunds.set(refundNumber, { paymentId, amount, confirmedAt });
        return refundTold(refundNumber);
      }),
    queryRefund: (_payment: Payment, { refundNumber, requestedAt }: Refund): ProviderRefund =>
      answer(() =>
        clock() < plusSeconds(requestedAt, refundKnownAfterSeconds)
          ? { state: 'not-exist' }
          : refundTold(refundNumber),
      ),
    /** The buyer opens the cashier: only now is there a trade, unless it is too late. */
    enter: ({ paymentId, amount, expiresAt }: Payment): void => {
      if (!trades.has(paymentId) && clock() < expiresAt)
        trades.set(paymentId, { paymentId, amount, expiresAt, state: 'pending' });
    },
    /** The buyer's money arrives; false when the trade takes none any more. */
    pay: (paymentId: string, { afterAll = false } = {}): boolean => {
      const trade = standing(paymentId);
      if (!trade || trade.state === 'captured') return false;
      if (trade.state === 'closed' && !afterAll) return false;
      trade.state = 'captured';
      return true;
    },
  };
};
