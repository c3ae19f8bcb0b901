import type { Payment, ProviderName, Refund } from '../../shared/payments/model.ts';
import type { ProviderPayment, ProviderRefund } from '../../shared/payments/provider.ts';
import type { Money } from '../../shared/platform/money.ts';
import { millisecondsOf, plusSeconds, type Instant } from '../../shared/platform/time.ts';
import { characters } from './characters.ts';
import { noAnswer } from './faults.ts';
import { openRefundBooks, type RefundReply } from './refund-books.ts';
import type { Scheduler } from './scheduler.ts';

type Trade = {
  paymentId: string;
  provider: ProviderName;
  amount: Money;
  begunAt: Instant;
  expiresAt: Instant;
  /** `processing`: a bank is at work, and neither closing nor a second attempt is possible. */
  state: 'pending' | 'processing' | 'captured' | 'closed';
  /** What was captured: mostly what was asked for. */
  taken: Money;
  takenAt?: Instant;
};

export type Books = ReturnType<typeof openBooks>;

/** For some minutes nobody answers at a provider, or for hours and days where it is odd, whether or not the request was heard. */
const makeSilences = ({ clock, seed, note }: Scheduler) => {
  const silentUntil = new Map<ProviderName, Instant>();
  const isSilent = (provider: ProviderName): boolean => clock() < (silentUntil.get(provider) ?? '');
  return {
    fallSilent: (provider: ProviderName, seconds: number): void => {
      const until = plusSeconds(clock(), seconds);
      silentUntil.set(provider, until);
      note(`${provider} is silent until ${until}`);
    },
    isSilent: (): boolean => [...silentUntil.keys()].some(isSilent),
    /** In simulated milliseconds. */
    silentUntil: (): number => Math.max(0, ...[...silentUntil.values()].map(millisecondsOf)),
    /** Runs what was asked for, and then perhaps answers. */
    answer: <Answer>(provider: ProviderName, ask: () => Answer): Answer => {
      const silent = isSilent(provider);
      if (silent && seed.happens(0.5)) throw noAnswer();
      const said = ask();
      if (silent) throw noAnswer();
      return said;
    },
  };
};

/** The trades of all providers, each with the traps of its own: see `characters`. */
const makeTrades = ({ clock }: Scheduler) => {
  const trades = new Map<string, Trade>();
  const standing = (paymentId: string): Trade | undefined => {
    const trade = trades.get(paymentId);
    if (!trade) return undefined;
    const { takesAfterSeconds } = characters[trade.provider];
    const isOver =
      takesAfterSeconds !== undefined && clock() >= plusSeconds(trade.expiresAt, takesAfterSeconds);
    if (trade.state === 'pending' && isOver) trade.state = 'closed';
    return trade;
  };
  const open = ({ paymentId, provider, amount, expiresAt }: Payment): void => {
    if (trades.has(paymentId)) return;
    const begun = { begunAt: clock(), state: 'pending' as const, taken: amount };
    trades.set(paymentId, { paymentId, provider, amount, expiresAt, ...begun });
  };
  return {
    trades,
    standing,
    takenOf: (paymentId: string): Money | undefined => {
      const trade = standing(paymentId);
      return trade?.state === 'captured' ? trade.taken : undefined;
    },
    /** We ask for a trade, where one exists before its buyer comes. */
    begin: (payment: Payment): void => {
      if (characters[payment.provider].tradeFrom === 'request') open(payment);
    },
    /** The buyer comes: only now is there a trade at Alipay, unless it is too late. */
    enter: (payment: Payment): void => {
      if (characters[payment.provider].tradeFrom === 'buyer' && clock() < payment.expiresAt) open(payment);
    },
    /** How a trade may still be paid, if it may. */
    payableAs: (payment: { paymentId: string; provider: string; expiresAt: string }): string | undefined => {
      const state = standing(payment.paymentId)?.state;
      if (state === 'pending' || state === 'processing') return state;
      const comes = Object.entries(characters).find(([name]) => name === payment.provider)?.[1].tradeFrom;
      return !state && comes === 'buyer' && clock() < payment.expiresAt ? 'yet to come' : undefined;
    },
    close: (paymentId: string): void => {
      const trade = standing(paymentId);
      if (trade?.state === 'pending') trade.state = 'closed';
    },
    /** A bank begins to work on it, and ends without money; false when it takes none any more. */
    process: (paymentId: string): boolean => {
      const trade = standing(paymentId);
      if (trade?.state !== 'pending') return false;
      trade.state = 'processing';
      return true;
    },
    decline: (paymentId: string): void => {
      const trade = standing(paymentId);
      if (trade?.state === 'processing') trade.state = 'pending';
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

/**
 * What the payment providers know, with the traps of each (`characters`), and what they do not say: for some minutes or
 * hours nobody answers, whether or not the request was heard.
 */
export const openBooks = (scheduler: Scheduler, isOdd: () => boolean) => {
  const { clock } = scheduler;
  const wrong: string[] = [];
  const lies = new Set<string>();
  const { answer, ...silences } = makeSilences(scheduler);
  const { standing, close, begin, ...trades } = makeTrades(scheduler);
  const { takenOf } = trades;
  const providerOf = (paymentId: string): ProviderName => standing(paymentId)?.provider ?? 'alipay';
  const refunds = openRefundBooks({ scheduler, isOdd, takenOf, providerOf, wrong });

  const told = (payment: Payment): ProviderPayment => {
    const { paymentId } = payment;
    const trade = standing(paymentId);
    if (!trade) return { state: 'not-exist' };
    const { foundAfterSeconds, saysWhenBack } = characters[trade.provider];
    // A payment that has not been handed out is looked for by our number, and found a little later.
    if (payment.state === 'created' && clock() < plusSeconds(trade.begunAt, foundAfterSeconds))
      return { state: 'not-exist' };
    if (trade.state === 'processing') return { state: 'pending' };
    if (trade.state !== 'captured') return { state: trade.state };
    const isBack = refunds.backOf(paymentId) === trade.taken.amount;
    if (isBack && saysWhenBack === 'closed') return { state: 'closed' };
    return { state: 'captured', providerTrade: `trade-${paymentId}`, paid: trade.taken };
  };

  return {
    ...silences,
    ...trades,
    clock,
    refunds,
    providerOf,
    /** What the product did that no provider would have let pass unremarked. */
    wrong,
    /** The payments of which the provider has told another amount than it has in its books. */
    lies,
    /** Whether a bank is still at work. */
    isProcessing: (): boolean => [...trades.trades.values()].some(({ state }) => state === 'processing'),
    begin: (payment: Payment): void => answer(payment.provider, () => begin(payment)),
    query: (payment: Payment): ProviderPayment => answer(payment.provider, () => told(payment)),
    /** What closing answers: a trade that is paid, or at work, is refused, and only a query tells which. */
    close: (payment: Payment): 'closed' | 'not-exist' | 'refused' =>
      answer(payment.provider, () => {
        const known = told(payment);
        if (known.state === 'not-exist') return 'not-exist';
        close(payment.paymentId);
        return standing(payment.paymentId)?.state === 'closed' ? 'closed' : 'refused';
      }),
    refund: ({ provider }: Payment, refund: Refund): RefundReply =>
      answer(provider, () => refunds.refund(refund)),
    queryRefund: ({ provider }: Payment, refund: Refund): ProviderRefund =>
      answer(provider, () => refunds.query(refund)),
  };
};
