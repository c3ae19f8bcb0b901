import { kindOf } from '../bookings/keys.ts';
import { kinds, type Kind } from '../bookings/kinds.ts';
import type { Entry } from '../entries/model.ts';
import { entryFromItem as entryOfWaitlist, forgetEntry } from '../entries/store.ts';
import { entryFromItem, keepEntry } from '../ledger/store.ts';
import { readClaims, removeClaims } from '../orders/claims-store.ts';
import { itemsOf, type Order } from '../orders/model.ts';
import { readWholeOrder, setEnd, removeEnd } from '../orders/partition-store.ts';
import type { Retention } from '../orders/retention.ts';
import {
  markOver,
  lookAgain,
  markKeptOn,
  markLeaving,
  markStripped,
  retentionFromItem,
  stripOrder,
} from '../orders/retention-store.ts';
import { orderFromItem } from '../orders/store.ts';
import type { Payment, Refund } from '../payments/model.ts';
import { checkRefundAtRest, stripPayment } from '../payments/retention-store.ts';
import { refundFromItem } from '../payments/refunds-store.ts';
import { paymentFromItem } from '../payments/store.ts';
import type { Carrier } from '../platform/carrier.ts';
import {
  transactionItemsMax,
  writeTogether,
  type Item,
  type Table,
  type TransactItem,
} from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { entryKeptUntil } from '../bookings/kept-until.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import type { Ticket } from '../tickets/model.ts';
import { stripTicket, ticketFromItem } from '../tickets/store.ts';
import { claimsOf } from '../paying/claims-of.ts';
import { decideRetention, type RetentionStep } from './decide-retention.ts';
import type { DataRefusal } from './rules.ts';

type Dependencies = { bookings: Table; clock: Clock; carrier: Carrier };

/** If rejected, part of the order changed during the check; the order gets its next turn. */
type Stepped = Outcome<{ step: RetentionStep['step'] }, DataRefusal>;

/** All items of one order, from one read. */
type WholeOrder = {
  items: Item[];
  order: Order | undefined;
  waitlisted: Entry | undefined;
  retention: Retention | undefined;
  payments: Payment[];
  refunds: Refund[];
  tickets: Ticket[];
};

const partsOf = (items: Item[]): WholeOrder => {
  const ofKind = (kind: Kind) => items.filter((item) => kindOf(item) === kind);
  return {
    items,
    order: ofKind('order').map(orderFromItem)[0],
    waitlisted: ofKind('waitlisted').map(entryOfWaitlist)[0],
    retention: ofKind('retention').map(retentionFromItem)[0],
    payments: ofKind('payment').map(paymentFromItem),
    refunds: ofKind('refund').map(refundFromItem),
    tickets: ofKind('ticket').map(ticketFromItem),
  };
};

const isEntry = (item: Item): boolean => kindOf(item) === 'entry';

/** Whether an item ends with its order: all do except the books and the record that ends the data. */
const endsWithOrder = (item: Item): boolean => {
  const kind = kindOf(item);
  return !kind || (kinds[kind].ends !== 'with-the-books' && kinds[kind].ends !== 'after-its-order');
};

/**
 * Takes the next step to the end of an order's data, if it is due and the order is at rest: first it removes the
 * passengers' names; years later it sets the end of all items; and once more it checks that nothing has moved since.
 * Each step is one transaction that succeeds only if everything is as it was read, so anybody may repeat it.
 */
export const endOrderData =
  (dependencies: Dependencies) =>
  async (orderId: OrderId): Promise<Stepped> => {
    const { bookings, clock, carrier } = dependencies;
    const whole = partsOf(await readWholeOrder(bookings, orderId));
    const { retention } = whole;
    if (!retention) return accepted({ step: 'none' });
    const isWholeLeaving = whole.items.filter(endsWithOrder).every(({ ttl }) => ttl !== undefined);
    const decided = decideRetention(retention, { ...whole, isWholeLeaving }, { now: clock(), carrier });
    switch (decided.step) {
      case 'none':
        return accepted({ step: 'none' });
      case 'wait':
        await lookAgain(bookings, retention, decided.until);
        return accepted({ step: 'wait' });
      case 'let-go':
        await markOver(bookings, retention, decided.ttl);
        return accepted({ step: 'let-go' });
      case 'strip':
        return strip(bookings, whole, markStripped(bookings, retention, decided.next));
      case 'leave':
        await keepBooks(dependencies, whole);
        return together(bookings, decided.step, [
          ...ending(whole).map((item) => setEnd(bookings, item, decided.endsAt)),
          markLeaving(bookings, retention, decided.endsAt, decided.next),
        ]);
      case 'keep-on':
        return together(bookings, decided.step, [
          ...whole.items
            .filter((item) => endsWithOrder(item) && item['ttl'] === retention.endsAt)
            .map((item) => removeEnd(bookings, item)),
          markKeptOn(bookings, retention, decided.next),
        ]);
    }
  };

/** Records of mails and the like have an earlier end of their own. */
const ending = ({ items }: WholeOrder): Item[] =>
  items.filter((item) => endsWithOrder(item) && item['ttl'] === undefined);

const together = async (
  bookings: Table,
  step: RetentionStep['step'],
  writes: readonly TransactItem[],
): Promise<Stepped> => {
  const outcome = await writeTogether(
    bookings.client,
    writes.map((write) => ({ label: step, write })),
  );
  return outcome.outcome === 'written' ? accepted({ step }) : rejected('changed-meanwhile');
};

/**
 * A party on a journey of many days has more claims than one write allows: they go first, and nothing depends on them.
 */
const strip = async (bookings: Table, whole: WholeOrder, mark: TransactItem): Promise<Stepped> => {
  const rest = [...stripWrites(bookings, whole), mark];
  const claims = await claimWrites(bookings, whole);
  if (claims.length + rest.length <= transactionItemsMax)
    return together(bookings, 'strip', [...rest, ...claims]);
  const freed = await together(bookings, 'strip', claims);
  return freed.outcome === 'accepted' ? together(bookings, 'strip', rest) : freed;
};

const stripWrites = (bookings: Table, whole: WholeOrder): TransactItem[] => {
  const { waitlisted, payments, refunds, tickets } = whole;
  const order = whole.order?.state === 'void' ? undefined : whole.order;
  const items = order ? itemsOf(order) : [];
  const masked = new Map(items.map(({ itemId, passenger }) => [itemId, passenger.nameMasked]));
  return [
    ...(order ? [stripOrder(bookings, order)] : []),
    ...(waitlisted ? [forgetEntry(bookings, waitlisted)] : []),
    ...tickets.map((ticket) => stripTicket(bookings, ticket, masked.get(ticket.itemId) ?? '')),
    ...payments.map((payment) => stripPayment(bookings, payment)),
    ...refunds.map((refund) => checkRefundAtRest(bookings, refund)),
  ];
};

/** The order's remaining claims; those of days long past have ended by themselves. */
const claimWrites = async (bookings: Table, { order }: WholeOrder): Promise<TransactItem[]> => {
  const wishes = order && order.state !== 'void' ? claimsOf(order) : [];
  return wishes.length > 0 ? removeClaims(bookings, wishes, await readClaims(bookings, wishes)) : [];
};

const keepBooks = async ({ bookings, carrier }: Dependencies, { items }: WholeOrder): Promise<void> => {
  const entries = items.filter((item) => isEntry(item) && item['ttl'] === undefined).map(entryFromItem);
  await Promise.all(entries.map((entry) => keepEntry(bookings, entry, entryKeptUntil(entry.at, carrier))));
};
