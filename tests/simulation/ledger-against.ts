import type { Snapshot } from '../../shared/audit/model.ts';
import { providerNames } from '../../shared/payments/known-providers.ts';
import type { Money } from '../../shared/platform/money.ts';
import type { Books } from './books.ts';
import type { Wrong } from './wrong.ts';

const rule = 'ledger-at-rest';

const currencies = ['CNY', 'USD'];

/** Sums of money, each currency by itself. */
const sumOf = (amounts: readonly Money[], currency: string): number =>
  amounts.reduce((total, money) => total + (money.currency === currency ? money.amount : 0), 0);

type Entry = Snapshot['orders'][number]['entries'][number];

/** What stands on an account after these entries. */
const standsOn = (entries: readonly Entry[], account: string, currency: string): number =>
  entries
    .filter((entry) => entry.currency === currency)
    .flatMap(({ legs }) => legs)
    .reduce((total, leg) => total + (leg.account === account ? leg.amount : 0), 0);

/**
 * What is left on the accounts: at each provider what it holds for us, earned what was issued, owed what no provider
 * would pay and nobody has yet, and nothing in between.
 */
export const ledgerAgainst = ({ orders }: Snapshot, books: Books): Wrong[] => {
  const entries = orders.flatMap((part) => part.entries);
  const { booked, byHand } = books.refunds;
  const money = {
    byHand: byHand.map(({ amount }) => amount),
    twice: byHand.flatMap(({ refundNumber, amount }) => (booked.has(refundNumber) ? [amount] : [])),
    issued: orders.flatMap(({ order }) => (order?.state === 'issued' ? [order.amount] : [])),
    granted: orders
      .flatMap((part) => part.refunds)
      .flatMap(({ reason, amount }) => (reason === 'granted' ? [amount] : [])),
    back: orders
      .flatMap((part) => part.refunds)
      .flatMap(({ reason, amount }) =>
        reason === 'ticket-refunded' || reason === 'ticket-exchanged' ? [amount] : [],
      ),
    fees: orders
      .flatMap((part) => part.tickets)
      .flatMap((ticket) => {
        if (ticket.state === 'refunded') return [ticket.refund.fee];
        return ticket.state === 'exchanged' ? [ticket.exchange.fee] : [];
      }),
    owed: orders
      .flatMap((part) => part.refunds)
      .flatMap(({ state, amount }) => (state === 'failed' || state === 'settling' ? [amount] : [])),
  };
  const differing = currencies.flatMap((currency) => {
    const of = (name: keyof typeof money): number => sumOf(money[name], currency);
    const expected = {
      fares: of('granted') + of('back') + of('fees') - of('issued'),
      fees: -of('fees'),
      passengers: 0,
      'refunds-payable': -of('owed'),
      'by-hand': -of('byHand'),
      overpaid: of('twice'),
    };
    return Object.entries(expected).flatMap(([account, amount]) => {
      const stands = standsOn(entries, account, currency);
      // Nothing is nothing, of whatever sign.
      return stands - amount === 0
        ? []
        : [{ rule, what: `${account} stands at ${stands} ${currency}, not ${amount}` }];
    });
  });
  return [...differing, ...clearingAgainst(entries, books), ...namedInVain(entries)];
};

/** Provider by provider, what it has taken and not given back. */
const clearingAgainst = (entries: readonly Entry[], books: Books): Wrong[] =>
  providerNames.flatMap((provider) => {
    const isHere = ({ paymentId }: { paymentId: string }): boolean =>
      books.providerOf(paymentId) === provider;
    const taken = [...books.trades.values()]
      .filter(isHere)
      .flatMap(({ paymentId }) => books.takenOf(paymentId) ?? []);
    const back = [...books.refunds.booked.values()].filter(isHere).map(({ amount }) => amount);
    const here = entries.filter((entry) => entry.provider === provider);
    return currencies.flatMap((currency) => {
      const [stands, holds] = [
        standsOn(here, 'clearing', currency),
        sumOf(taken, currency) - sumOf(back, currency),
      ];
      return stands === holds
        ? []
        : [{ rule, what: `clearing of ${provider} stands at ${stands} ${currency}, and it holds ${holds}` }];
    });
  });

/** Money at a provider names it, and it is the one whose payment moves it. */
const namedInVain = (entries: readonly Entry[]): Wrong[] =>
  entries.flatMap(({ entryId, provider, legs }) =>
    !provider && legs.some(({ account }) => account === 'clearing')
      ? [{ rule, what: `${entryId} moves money at no provider` }]
      : [],
  );
