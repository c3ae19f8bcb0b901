import { providerNames } from '../../shared/payments/known-providers.ts';
import type { ProviderName } from '../../shared/payments/model.ts';
import type { PaymentProvider, ProviderPayment, ProviderRefund } from '../../shared/payments/provider.ts';
import { rejected } from '../../shared/platform/outcome.ts';
import { plusSeconds, secondsBetween, type Clock, type Instant } from '../../shared/platform/time.ts';
import { billsFrom } from '../support/bills-from.ts';
import { characters, termsOf, type Character } from './characters.ts';

const confirmsAfterSeconds = 30 * 3600;

type Taken = Extract<ProviderPayment, { state: 'captured' }>;
type Back = { paymentId: string; amount: number; since: Instant };

/** What goes back of what was taken: each number once, never more than is left, confirmed after more than a day. */
const openRefunds = (clock: Clock, taken: ReadonlyMap<string, Taken>) => {
  const refunds = new Map<string, Back>();
  const lastAcceptedAt = new Map<string, Instant>();
  const stateOf = ({ since }: Back): ProviderRefund => ({
    state: secondsBetween(since, clock()) >= confirmsAfterSeconds ? 'succeeded' : 'processing',
  });
  const backOf = (paymentId: string): number =>
    [...refunds.values()].reduce((sum, back) => sum + (back.paymentId === paymentId ? back.amount : 0), 0);
  const comesTooSoon = (paymentId: string, { refundsApartSeconds }: Character): boolean => {
    const last = lastAcceptedAt.get(paymentId);
    if (last !== undefined && clock() < plusSeconds(last, refundsApartSeconds)) return true;
    lastAcceptedAt.set(paymentId, clock());
    return false;
  };
  return {
    backOf,
    query: (refundNumber: string): ProviderRefund => {
      const back = refunds.get(refundNumber);
      return back ? stateOf(back) : { state: 'not-exist' };
    },
    refund: (
      character: Character,
      { paymentId, refundNumber, amount }: { paymentId: string; refundNumber: string; amount: number },
    ): ProviderRefund => {
      const trade = taken.get(paymentId);
      if (!trade) return { state: 'not-exist' };
      if (comesTooSoon(paymentId, character)) return { state: 'declined', why: 'FREQUENCY_LIMITED' };
      const before = refunds.get(refundNumber);
      if (before) return stateOf(before);
      if (backOf(paymentId) + amount > trade.paid.amount)
        return { state: 'failed', why: 'more than is left' };
      refunds.set(refundNumber, { paymentId, amount, since: clock() });
      return { state: 'processing' };
    },
  };
};

/** Providers of which only late money and its way back are left. They confirm a refund after more than a day. */
export const laterProviders = (clock: Clock) => {
  const taken = new Map<string, Taken>();
  const refunds = openRefunds(clock, taken);
  const isBack = (paymentId: string): boolean =>
    refunds.backOf(paymentId) === taken.get(paymentId)?.paid.amount;
  const providerOf = (name: ProviderName): PaymentProvider => {
    const character = characters[name];
    const told = (paymentId: string): ProviderPayment => {
      const isClosed = isBack(paymentId) && character.saysWhenBack === 'closed';
      return (!isClosed && taken.get(paymentId)) || { state: 'closed' };
    };
    return {
      name,
      currencies: ['CNY'],
      methods: [character.method],
      methodFor: () => character.method.name,
      begin: () => Promise.reject(new Error('nothing is sold any more')),
      query: ({ paymentId }) => Promise.resolve(told(paymentId)),
      close: ({ paymentId }) => Promise.resolve(told(paymentId)),
      refund: ({ paymentId }, { refundNumber, amount }) =>
        Promise.resolve(refunds.refund(character, { paymentId, refundNumber, amount: amount.amount })),
      refundTerms: termsOf(character),
      queryRefund: (_payment, { refundNumber }) => Promise.resolve(refunds.query(refundNumber)),
      bills: billsFrom(() => [], clock),
      readNotification: () => Promise.resolve(rejected('comes-verified')),
      answers: {
        received: { statusCode: 200, contentType: 'text/plain', body: 'success' },
        refused: { statusCode: 400, contentType: 'text/plain', body: 'fail' },
      },
    };
  };
  const providers = Object.fromEntries(providerNames.map((name) => [name, providerOf(name)])) as Record<
    ProviderName,
    PaymentProvider
  >;
  return {
    findProvider: (name: ProviderName) => providers[name],
    take: (paymentId: string, trade: Taken) => void taken.set(paymentId, trade),
    backOf: refunds.backOf,
    /** Payments that were taken and are not back, to the last unit. */
    notBack: (): string[] => [...taken.keys()].filter((paymentId) => !isBack(paymentId)),
  };
};
