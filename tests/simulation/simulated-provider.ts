import { providerNames } from '../../shared/payments/known-providers.ts';
import type { Payment, ProviderName, Refund } from '../../shared/payments/model.ts';
import type { PaymentProvider, ProviderPayment, ProviderRefund } from '../../shared/payments/provider.ts';
import { rejected } from '../../shared/platform/outcome.ts';
import { simulatedBills } from './bills.ts';
import type { Books } from './books.ts';
import { characters, termsOf } from './characters.ts';
import type { Gate } from './gate.ts';
import type { Actor } from './scheduler.ts';

type Ask = <Answer>(what: string, writes: boolean, effect: () => Answer) => Promise<Answer>;

/** Closing, which is refused when money is there or on its way: only a second question tells which. */
const closeTrade = async (ask: Ask, books: Books, payment: Payment): Promise<ProviderPayment> => {
  const state = await ask(`close ${payment.paymentId}`, true, () => books.close(payment));
  return state === 'refused'
    ? ask(`query ${payment.paymentId}`, false, () => books.query(payment))
    : { state };
};

/** Asks for a refund; first whether it is there, where the same request is not known as the same for ever. */
const requestRefund = async (
  ask: Ask,
  books: Books,
  payment: Payment,
  refund: Refund,
): Promise<ProviderRefund> => {
  const { refundNumber } = refund;
  const { sendAgainAfterSeconds } = termsOf(characters[payment.provider]);
  books.refunds.seeSent(refund, sendAgainAfterSeconds);
  const query = (): Promise<ProviderRefund> =>
    ask(`query refund ${refundNumber}`, false, () => books.queryRefund(payment, refund));
  if (characters[payment.provider].knowsRepeatsSeconds < Infinity) {
    const before = await query();
    if (before.state !== 'not-exist') return before;
  }
  const answer = await ask(`refund ${refundNumber}`, true, () => books.refund(payment, refund));
  if (answer.state !== 'nothing-moved') return answer;
  const found = await query();
  return found.state === 'not-exist' ? { state: 'processing' } : found;
};

/** One of the providers, as its adapter shows it: each request that it takes goes through the gate by itself. */
export const simulatedProvider = (
  gate: Gate,
  actor: Actor,
  books: Books,
  name: ProviderName,
): PaymentProvider => {
  const ask: Ask = (what, writes, effect) =>
    gate.call(actor, { what, effect, target: { service: 'provider', writes, transactItems: 0 } });
  /** Another provider would know nothing of it. */
  const askAbout = (payment: Payment): Ask => {
    if (payment.provider !== name)
      books.wrong.push(`${name} was asked about ${payment.paymentId} of ${payment.provider}`);
    return ask;
  };
  const { method, actionFor, tradeFrom } = characters[name];
  return {
    name,
    currencies: ['CNY'],
    methods: [method],
    methodFor: () => method.name,
    begin: async (payment) => {
      const { paymentId } = payment;
      // Where the buyer's coming makes the trade, a link is signed here, and the provider hears of nothing yet.
      if (tradeFrom === 'request') await ask(`begin ${paymentId}`, true, () => books.begin(payment));
      return actionFor(paymentId);
    },
    query: (payment) => askAbout(payment)(`query ${payment.paymentId}`, false, () => books.query(payment)),
    close: (payment) => closeTrade(askAbout(payment), books, payment),
    refund: (payment, refund) => requestRefund(askAbout(payment), books, payment, refund),
    refundTerms: termsOf(characters[name]),
    queryRefund: (payment, refund) =>
      askAbout(payment)(`query refund ${refund.refundNumber}`, false, () =>
        books.queryRefund(payment, refund),
      ),
    bills: simulatedBills(books, name),
    readNotification: () => Promise.resolve(rejected('comes-verified')),
    answers: {
      received: { statusCode: 200, contentType: 'text/plain', body: 'success' },
      refused: { statusCode: 400, contentType: 'text/plain', body: 'fail' },
    },
  };
};

/** All of them for one actor, by their names. */
export const simulatedProviders = (
  gate: Gate,
  actor: Actor,
  books: Books,
): Readonly<Record<ProviderName, PaymentProvider>> =>
  Object.fromEntries(
    providerNames.map((name) => [name, simulatedProvider(gate, actor, books, name)]),
  ) as Record<ProviderName, PaymentProvider>;
