import { readReplay, type IdempotencyScope } from '../bookings/idempotency-store.ts';
import type { OrderIn, Person } from '../orders/model.ts';
import { readDocumentKey } from '../orders/retention-store.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { placeOrder } from '../selling/place-order.ts';
import type { ExchangeTerms } from '../selling/exchange-terms.ts';
import { noteOffered } from '../tickets/offered-store.ts';
import { bindToOffer } from '../tickets/refund-store.ts';
import { openDocument, orderKeyOf } from '../users/seal-document.ts';
import {
  decideExchange,
  decideExchangeable,
  passengersOf,
  type Exchangeable,
  type ExchangeWish,
} from './decide-exchange.ts';
import type { ExchangeOfferRefusal, ExchangePriceRefusal } from './refusals.ts';
import { loadOrder } from './make-offer.ts';

type Dependencies = Parameters<typeof placeOrder>[0];

/** `answer` turns the new order into the text that answers the request, also when it is repeated. */
type Terms = { scope: IdempotencyScope; answer: (order: OrderIn<'held'>) => string };

type Offered = Outcome<{ answer: string }, ExchangeOfferRefusal>;

/**
 * Offers to exchange tickets of an order: holds the new seats in an order of their own, which is the offer, and binds the
 * tickets to it, in one transaction. The tickets stay valid until the exchange is accepted or paid.
 */
export const makeExchangeOffer =
  (dependencies: Dependencies) =>
  async (orderId: OrderId, wish: ExchangeWish, terms: Terms): Promise<Offered> => {
    const { bookings, clock } = dependencies;
    const replay = await readReplay(bookings, terms.scope, clock());
    if (replay.outcome === 'same') return accepted({ answer: replay.answer });
    if (replay.outcome === 'reused') return rejected('key-reused');

    const decide = async () => decideExchangeable(await loadOrder(dependencies, orderId), wish, clock());
    const exchangeable = await decide();
    if (exchangeable.outcome === 'rejected') return exchangeable;
    const { outcome, refusal } = await placeNew(dependencies, exchangeable, wish, terms);
    if (outcome.outcome === 'accepted' || outcome.reason !== 'busy') return outcome;
    if (refusal) return rejected(refusal);
    // Perhaps another offer binds a ticket since the read: then that is the reason.
    const again = await decide();
    return again.outcome === 'rejected' ? again : outcome;
  };

const placeNew = async (
  dependencies: Dependencies,
  exchangeable: Exchangeable,
  { userId, runId, from, to, class: cls, wishes }: ExchangeWish,
  terms: Terms,
) => {
  const { carrier } = dependencies;
  const { order } = exchangeable;
  const { contact } = order;
  if (!contact) throw new Error(`the order ${order.orderId} has lost its contact`);
  let refusal: ExchangePriceRefusal | undefined;
  const exchange: ExchangeTerms = {
    price: (offer, now) => {
      const priced = decideExchange(exchangeable, { ...offer, class: cls }, carrier, now);
      refusal = priced.outcome === 'rejected' ? priced.reason : undefined;
      return priced.outcome === 'accepted' ? priced.price : undefined;
    },
    binding: (held) => bindAll(dependencies.bookings, exchangeable, held),
  };
  const outcome = await placeOrder(dependencies)(
    {
      userId,
      runId,
      from,
      to,
      class: cls,
      wishes,
      contact,
      confirmedEmail: order.contactConfirmed ? contact.email : undefined,
      ...(await openPassengers(dependencies, exchangeable)),
    },
    { ...terms, exchange },
  );
  return { outcome, refusal };
};

const bindAll = (
  bookings: Table,
  { order: { orderId, runId }, tickets }: Exchangeable,
  { exchangeOf, expiresAt, createdAt }: OrderIn<'held'>,
) => {
  if (!exchangeOf) throw new Error('an exchange without the tickets that it replaces');
  const offer = { offerId: exchangeOf.offerId, validUntil: expiresAt };
  return [
    ...tickets.map(({ itemId }) => bindToOffer(bookings, { orderId, itemId }, { offer, now: createdAt })),
    noteOffered(bookings, runId, { offerId: offer.offerId, itemIds: tickets.map(({ itemId }) => itemId) }),
  ];
};

/** The passengers with their documents, for the new order seals these under a key of its own. */
const openPassengers = async ({ bookings, keys }: Dependencies, exchangeable: Exchangeable) => {
  const { orderId, runId } = exchangeable.order;
  const people = passengersOf(exchangeable);
  const [{ seal }, documentKey] = await Promise.all([keys(), readDocumentKey(bookings, orderId)]);
  const requested = ({ name, type, documentSealed }: Person) => ({
    name,
    type,
    ...(documentSealed &&
      documentKey && { document: openDocument(orderKeyOf(seal, documentKey), documentSealed, orderId) }),
  });
  return {
    passengers: people.map(({ passenger }) => ({
      ...requested(passenger),
      ...(passenger.onLap && { onLap: passenger.onLap.map(requested) }),
    })),
    instead: { orderId, runId, itemIds: people.map(({ itemId }) => itemId) },
  };
};
