import { refundItems } from '../../../shared/orders/refund-items-store.ts';
import {
  gateIdSchema,
  itemIdSchema,
  offerIdOf,
  orderIdSchema,
  ticketIdOf,
  useIdSchema,
  type OfferId,
} from '../../../shared/platform/ids.ts';
import { checkInTicket } from '../../../shared/tickets/check-in-store.ts';
import { ticketTransitions, type TicketState } from '../../../shared/tickets/model.ts';
import { bindToOffer, refundTicket } from '../../../shared/tickets/refund-store.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { sampleOrder, sampleTickets } from '../../support/sample-order.ts';
import {
  found,
  future,
  isWritten,
  newOrderId,
  now,
  past,
  put,
  standingStates,
  statesWritten,
  storedOrder,
} from './stored.ts';
import { takeOut, waysOf } from './ways.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());
afterEach(() => jest.restoreAllMocks());

const ticketStates = Object.keys(ticketTransitions) as TicketState[];
const other = orderIdSchema.parse('01KBZ5Q7W8XN3V4M5T6R7S8P9Z');

/** A ticket in a state, which may be bound to an offer until then. */
const stored = async (
  state: TicketState,
  { bound, until = future }: { bound?: 'mine' | 'other'; until?: string } = {},
) => {
  const orderId = newOrderId();
  const [sample] = sampleTickets(sampleOrder('issued', { orderId }));
  const ticket = { ...sample!, orderId, itemId: itemIdSchema.parse('1') };
  const key = { pk: `ORDER#${orderId}`, sk: 'TICKET#1' };
  const offers = { mine: offerIdOf(orderId, orderId), other: offerIdOf(orderId, other) };
  const openOffer = bound && { offerId: offers[bound], validUntil: until };
  const checkIn = state === 'checkedIn' && {
    checkIn: { at: past, stopId: 'S0', gateId: 'south-2', useId: 'use-no-0' },
  };
  const refund = state === 'refunded' && { refund: refundBy(offers.other) };
  await put(tables.bookings, {
    ...key,
    ...ticket,
    state,
    ...checkIn,
    ...refund,
    ...(openOffer && { openOffer }),
  });
  return { ticket, key, offerId: offers.mine };
};

const refundBy = (offerId: OfferId) => ({
  offerId,
  at: now,
  fee: { amount: 11_050, currency: 'CNY' },
  amount: { amount: 44_250, currency: 'CNY' },
  rule: { atLeast: 'PT0H', percent: 20 },
});

describe('a ticket', () => {
  const bind = async ({ ticket, offerId }: Awaited<ReturnType<typeof stored>>) =>
    isWritten(
      tables.bookings,
      bindToOffer(tables.bookings, ticket, { offer: { offerId, validUntil: future }, now }),
    );
  const giveBack = async ({ ticket, offerId }: Awaited<ReturnType<typeof stored>>) =>
    isWritten(tables.bookings, refundTicket(tables.bookings, ticket, refundBy(offerId)));

  test('is bound to an offer only while it is valid', async () => {
    expect(await statesWritten(ticketStates, async (state) => bind(await stored(state)))).toEqual(['issued']);
  });

  test('is bound to one offer at a time, until that has run out', async () => {
    expect(await bind(await stored('issued', { bound: 'other' }))).toBe(false);
    expect(await bind(await stored('issued', { bound: 'mine' }))).toBe(false);
    expect(await bind(await stored('issued', { bound: 'other', until: now }))).toBe(true);
    expect(await bind(await stored('issued', { bound: 'other', until: past }))).toBe(true);
  });

  test('T19: is given back only by the offer that it is bound to, before that ends', async () => {
    expect(await giveBack(await stored('issued'))).toBe(false);
    expect(await giveBack(await stored('issued', { bound: 'other' }))).toBe(false);
    expect(await giveBack(await stored('issued', { bound: 'mine', until: now }))).toBe(false);
    const bound = await stored('issued', { bound: 'mine' });
    expect(await giveBack(bound)).toBe(true);
    const after = await found(tables.bookings, bound.key);
    expect(after).toMatchObject({ state: 'refunded', refund: refundBy(bound.offerId) });
    expect(after).not.toHaveProperty('openOffer');
    expect(after).not.toHaveProperty('code');
    expect(await giveBack(bound)).toBe(false);
  });

  test('T19: is given back only while it is valid', async () => {
    const given = await statesWritten(ticketStates, async (state) =>
      giveBack(await stored(state, { bound: 'mine' })),
    );
    expect(given).toEqual(['issued']);
  });

  const use = {
    at: now,
    stopId: 'S0',
    gateId: gateIdSchema.parse('north-1'),
    useId: useIdSchema.parse('use-no-1'),
  };
  const letIn = async ({ ticket }: Awaited<ReturnType<typeof stored>>) =>
    (await checkInTicket(tables.bookings, ticketIdOf(ticket.orderId, ticket.itemId), use)).outcome ===
    'written';

  test('T41: is used only while it is valid, and no offer for it is open then', async () => {
    expect(await statesWritten(ticketStates, async (state) => letIn(await stored(state)))).toEqual([
      'issued',
    ]);
    const bound = await stored('issued', { bound: 'mine' });
    expect(await letIn(bound)).toBe(true);
    const after = await found(tables.bookings, bound.key);
    expect(after).toMatchObject({ state: 'checkedIn', checkIn: use });
    expect(after).not.toHaveProperty('openOffer');
    expect(await giveBack(bound)).toBe(false);
    expect(await letIn(bound)).toBe(false);
  });

  test.each(waysOf<TicketState>(ticketTransitions))(
    'goes from %s to %s only by its table',
    async (from, to) => {
      takeOut(ticketTransitions, from, to);
      const ways = { refunded: giveBack, checkedIn: letIn } as Partial<Record<TicketState, typeof letIn>>;
      expect(await ways[to]?.(await stored(from, { bound: 'mine' }))).toBe(false);
    },
  );
});

test('T19: the seats of an order are given up for its tickets only while it is issued', async () => {
  const given = await statesWritten(standingStates, async (state) => {
    const { orderId } = await storedOrder(tables.bookings, state);
    const what = { itemIds: [itemIdSchema.parse('1')], offerId: offerIdOf(orderId, orderId), now };
    return isWritten(tables.bookings, refundItems(tables.bookings, orderId, what));
  });
  expect(given).toEqual(['issued']);
});
