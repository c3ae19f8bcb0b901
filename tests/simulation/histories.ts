import type { Books } from './books.ts';
import type { Mirror } from './mirror.ts';
import type { Item } from './protocol.ts';
import type { Wrong } from './wrong.ts';

/*
 * The history of each purchase, as its judge counts it from the stored attributes and the books of the banks, without a
 * line of the product: captured money belongs to a ticket, is back, or is within a deadline, to the last minor unit.
 */

type Money = { amount: number; currency: string };

/** Minor units of one currency. */
export type Sums = Readonly<Record<'captured' | 'issued' | 'refunded' | 'withinDeadline', number>>;

/** By currency. */
export type SumsByCurrency = ReadonlyMap<string, Sums>;

/** An order that somebody began to pay. */
export type History = { orderId: string; state: string; items: readonly Item[] };

const ofKind = (items: readonly Item[], kind: string): Item[] =>
  items.filter(({ sk }) => String(sk).startsWith(`${kind}#`));

export const historiesIn = ({ bookings }: Pick<Mirror, 'bookings'>): History[] =>
  [...bookings].flatMap(([pk, partition]) => {
    const items = [...partition.values()];
    const isHistory = pk.startsWith('ORDER#') && ofKind(items, 'PAYMENT').length > 0;
    const state = String(partition.get('ORDER')?.['state']);
    return isHistory ? [{ orderId: pk.slice('ORDER#'.length), state, items }] : [];
  });

const amountOf = ({ amount }: Item): Money => amount as Money;
const takenOf = (payment: Item): Money => (payment['taken'] ?? payment['amount']) as Money;
const stateIn =
  (...states: readonly string[]) =>
  ({ state }: Item): boolean =>
    states.includes(String(state));

/** Somebody comes back to it: the clean-up at its time, or a person who is asked to. */
const hasDeadline = ({ dueShard, attentionShard }: Item): boolean =>
  dueShard !== undefined || attentionShard !== undefined;

/** What sends money of issued orders back. */
const ofTickets: ReadonlySet<string> = new Set(['granted', 'ticket-refunded', 'ticket-exchanged']);

type Parts = Record<keyof Sums | 'granted', Money[]>;

/** What our own items say about the money of an order, at any moment. */
const partsOf = (items: readonly Item[]): Parts => {
  const orders = items.filter(({ sk }) => sk === 'ORDER');
  const captured = ofKind(items, 'PAYMENT').filter(({ capturedAt }) => capturedAt !== undefined);
  const refunds = ofKind(items, 'REFUND');
  const unused = captured.filter(({ appliedAt }) => appliedAt === undefined).filter(hasDeadline);
  const toIssue = orders.filter(stateIn('paid')).filter(hasDeadline);
  const open = refunds.filter(stateIn('requested', 'submitted', 'failed', 'settling')).filter(hasDeadline);
  return {
    captured: captured.map(takenOf),
    issued: orders.filter(stateIn('issued')).map(amountOf),
    granted: refunds.filter(({ reason }) => ofTickets.has(String(reason))).map(amountOf),
    refunded: refunds.filter(stateIn('succeeded', 'settled')).map(amountOf),
    withinDeadline: [...unused.map(takenOf), ...[...toIssue, ...open].map(amountOf)],
  };
};

const sumOf = (amounts: readonly Money[], currency: string): number =>
  amounts.reduce((sum, money) => sum + (money.currency === currency ? money.amount : 0), 0);

const currenciesOf = (parts: Parts): Set<string> =>
  new Set(Object.values(parts).flatMap((some) => some.map(({ currency }) => currency)));

const sumsIn = (parts: Parts): SumsByCurrency =>
  new Map(
    [...currenciesOf(parts)].map((currency) => {
      const of = (name: keyof Parts): number => sumOf(parts[name], currency);
      const [captured, refunded, withinDeadline] = [of('captured'), of('refunded'), of('withinDeadline')];
      return [currency, { captured, issued: of('issued') - of('granted'), refunded, withinDeadline }];
    }),
  );

/** How the money of these histories stands by our own items. */
export const sumsOf = (histories: readonly History[]): SumsByCurrency => {
  const total = new Map<string, Sums>();
  for (const { items } of histories)
    for (const [currency, sums] of sumsIn(partsOf(items))) {
      const before = total.get(currency);
      total.set(currency, before ? added(before, sums) : sums);
    }
  return total;
};

export const added = (a: Sums, b: Sums): Sums => ({
  captured: a.captured + b.captured,
  issued: a.issued + b.issued,
  refunded: a.refunded + b.refunded,
  withinDeadline: a.withinDeadline + b.withinDeadline,
});

const told = ({ captured, issued, refunded, withinDeadline }: Sums): string =>
  `${captured} captured, ${issued} issued, ${refunded} refunded, ${withinDeadline} within a deadline`;

const isWhole = ({ captured, issued, refunded, withinDeadline }: Sums): boolean =>
  captured === issued + refunded + withinDeadline;

/** At every moment: nothing that was captured is out of our books, or lies in them without a deadline. */
export const addUp = (histories: readonly History[]): Wrong[] =>
  histories.flatMap(({ orderId, state, items }) =>
    [...sumsIn(partsOf(items))].flatMap(([currency, sums]) =>
      isWhole(sums)
        ? []
        : [{ rule: 'history-adds-up', what: `${orderId} is ${state}: ${told(sums)} ${currency}` }],
    ),
  );

/** The same money as the banks know it, and people who paid by hand; what went back twice counts once. */
const bankPartsOf = ({ orderId, items }: History, books: Books): Parts => {
  const isOf = ({ paymentId }: { paymentId: string }): boolean => paymentId.startsWith(`${orderId}_`);
  const { booked, byHand } = books.refunds;
  const back = [...booked].flatMap(([refundNumber, each]) => (isOf(each) ? [{ ...each, refundNumber }] : []));
  const hands = byHand.filter(isOf);
  const numbers = new Map([...back, ...hands].map(({ refundNumber, amount }) => [refundNumber, amount]));
  return {
    ...partsOf(items),
    captured: [...books.trades.values()]
      .filter(isOf)
      .flatMap(({ paymentId }) => books.takenOf(paymentId) ?? []),
    refunded: [...numbers.values()],
  };
};

const nothing: Sums = { captured: 0, issued: 0, refunded: 0, withinDeadline: 0 };

/** At rest: by the banks' books as by ours, currency by currency. */
export const agreeWithBanks = (histories: readonly History[], books: Books): Wrong[] =>
  histories.flatMap((history) => {
    const [ours, theirs] = [sumsIn(partsOf(history.items)), sumsIn(bankPartsOf(history, books))];
    return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((currency) => {
      const [us, them] = [ours.get(currency) ?? nothing, theirs.get(currency) ?? nothing];
      const agrees = us.captured === them.captured && us.refunded === them.refunded && isWhole(them);
      const what = `${history.orderId}, ${currency}: we say ${told(us)}; the banks ${told(them)}`;
      return agrees ? [] : [{ rule: 'history-as-banks', what }];
    });
  });

/** No bank gives back more of a payment than it took. */
export const noMoreThanTaken = (books: Books): Wrong[] =>
  [...books.trades.keys()].flatMap((paymentId) => {
    const [taken, back] = [books.takenOf(paymentId)?.amount ?? 0, books.refunds.backOf(paymentId)];
    return back <= taken
      ? []
      : [{ rule: 'no-more-than-taken', what: `${back} of ${taken} of ${paymentId} is back` }];
  });
