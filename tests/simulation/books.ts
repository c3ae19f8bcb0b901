import type { Payment, Refund } from '../../shared/payments/model.ts';
import type { ProviderPayment, ProviderRefund } from '../../shared/payments/provider.ts';
import type { Money } from '../../shared/platform/money.ts';
import { millisecondsOf, plusSeconds, type Instant } from '../../shared/platform/time.ts';
import { noAnswer } from './faults.ts';
import { openRefundBooks } from './refund-books.ts';
import type { Scheduler } from './scheduler.ts';

type Trade = {
  paymentId: string;
  amount: Money;
  expiresAt: Instant;
  state: 'pending' | 'captured' | 'closed';
  /** What was captured: mostly what was asked for. */
  taken: Money;
  takenAt?: Instant;
};

/** The bank behind the cashier answers a payment that was begun in time up to this long after the deadline. */
const bankSeconds = 30;

export type Books = ReturnType<typeof openBooks>;

/**
 * What the payment provider knows, with the traps of Alipay: no trade exists before the buyer has entered the cashier,
 * so that asking and closing say so while the link still works; and for some minutes nobody answers, or for hours and
 * days where it is odd, whether or not the request was heard.
 */
export const openBooks = (scheduler: Scheduler, isOdd: () => boolean) => {
  const { clock, seed } = scheduler;
  const trades = new Map<string, Trade>();
  const wrong: string[] = [];
  const lies = new Set<string>();
  let silentUntil: Instant = clock();

  const standing = (paymentId: string): Trade | undefined => {
    const trade = trades.get(paymentId);
    const over = trade?.state === 'pending' && clock() >= plusSeconds(trade.expiresAt, bankSeconds);
    if (trade && over) trade.state = 'closed';
    return trade;
  };
  const takenOf = (paymentId: string): Money | undefined => {
    const trade = standing(paymentId);
    return trade?.state === 'captured' ? trade.taken : undefined;
  };
  const refunds = openRefundBooks({ scheduler, isOdd, takenOf, wrong });
  const told = (paymentId: string): ProviderPayment => {
    const trade = standing(paymentId);
    if (!trade) return { state: 'not-exist' };
    if (trade.state !== 'captured') return { state: trade.state };
    return { state: 'captured', providerTrade: `trade-${paymentId}`, paid: trade.taken };
  };
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
    /** The payments of which the provider has told another amount than it has in its books. */
    lies,
    takenOf,
    fallSilent: (seconds: number): void => {
      silentUntil = plusSeconds(clock(), seconds);
      scheduler.note(`provider is silent until ${silentUntil}`);
    },
    isSilent: (): boolean => clock() < silentUntil,
    /** In simulated milliseconds. */
    silentUntil: (): number => millisecondsOf(silentUntil),
    query: ({ paymentId }: Payment): ProviderPayment => answer(() => told(paymentId)),
    close: ({ paymentId }: Payment): ProviderPayment =>
      answer(() => {
        const trade = standing(paymentId);
        if (trade?.state === 'pending') trade.state = 'closed';
        return told(paymentId);
      }),
    refund: (_payment: Payment, refund: Refund): ProviderRefund => answer(() => refunds.refund(refund)),
    queryRefund: (_payment: Payment, refund: Refund): ProviderRefund => answer(() => refunds.query(refund)),
    /** The buyer opens the cashier: only now is there a trade, unless it is too late. */
    enter: ({ paymentId, amount, expiresAt }: Payment): void => {
      if (!trades.has(paymentId) && clock() < expiresAt)
        trades.set(paymentId, { paymentId, amount, expiresAt, state: 'pending', taken: amount });
    },
    /** The buyer's money arrives; false when the trade takes none any more. */
    pay: (paymentId: string, taken: Money, { afterAll = false } = {}): boolean => {
      const trade = standing(paymentId);
      if (!trade || trade.state === 'captured') return false;
      if (trade.state === 'closed' && !afterAll) return false;
      Object.assign(trade, { state: 'captured', taken, takenAt: clock() });
      return true;
    },
  };
};
