import { giveUpItems } from '../../../shared/orders/give-up-store.ts';
import { issueUnpaid } from '../../../shared/orders/transitions-store.ts';
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
import { exchangeTicket, unbindFrom } from '../../../shared/tickets/exchange-store.ts';
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
  const exchange = state === 'exchanged' && { exchange: exchangeBy(offers.mine) };
  const checkIn = state === 'checkedIn' && {
    checkIn: { at: past, stopId: 'S0', gateId: 'south-2', useId: 'use-no-0' },
  };
  const refund = state === 'refunded' && { refund: refundBy(offers.other) };
  await put(tables.bookings, {
    ...key,
    ...ticket,
    state,
    ...checkIn,
    ...exchange,
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

const exchangeBy = (offerId: OfferId) => ({
  offerId,
  at: now,
  newOrderId: other,
  newTicketId: ticketIdOf(other, itemIdSchema.parse('1')),
  fare: { amount: 44_250, currency: 'CNY' },
  fee: { amount: 0, currency: 'CNY' },
});

describe('a ticket', () => {
  const bind = async ({ ticket, offerId }: Awaited<ReturnType<typeof stored>>) =>
    isWritten(
      tables.bookings,
      bindToOffer(tables.bookings, ticket, { offer: { offerId, validUntil: future }, now }),
    );
  const giveBack = async ({ ticket, offerId }: Awaited<ReturnType<typeof stored>>) =>
    isWritten(tables.bookings, refundTicket(tables.bookings, ticket, refundBy(offerId)));

  const exchange = async ({ ticket, offerId }: Awaited<ReturnType<typeof stored>>, bound = true) =>
    isWritten(tables.bookings, exchangeTicket(tables.bookings, ticket, exchangeBy(offerId), { bound }));
  const ends: Partial<Record<TicketState, (of: Awaited<ReturnType<typeof stored>>) => Promise<boolean>>> = {
    refunded: giveBack,
    exchanged: exchange,
    checkedIn: (of) => letIn(of),
  };

  test('T18: is exchanged only by the offer that it is bound to, before that ends', async () => {
    expect(await exchange(await stored('issued'))).toBe(false);
    expect(await exchange(await stored('issued', { bound: 'other' }))).toBe(false);
    expect(await exchange(await stored('issued', { bound: 'mine', until: now }))).toBe(false);
    const bound = await stored('issued', { bound: 'mine' });
    expect(await exchange(bound)).toBe(true);
    const after = await found(tables.bookings, bound.key);
    expect(after).toMatchObject({ state: 'exchanged', exchange: exchangeBy(bound.offerId) });
    expect(after).not.toHaveProperty('openOffer');
    expect(after).not.toHaveProperty('code');
    expect(await exchange(bound)).toBe(false);
  });

  test('T15: is exchanged for a paid order whatever binds it, but only while it is valid', async () => {
    expect(await exchange(await stored('issued'), false)).toBe(true);
    expect(await exchange(await stored('issued', { bound: 'other' }), false)).toBe(true);
    for (const bound of [true, false]) {
      const exchanged = await statesWritten(ticketStates, async (state) =>
        exchange(await stored(state, { bound: 'mine' }), bound),
      );
      expect(exchanged).toEqual(['issued']);
    }
  });

  test('is freed from the offer of a cancelled order, and from no other', async () => {
    for (const [bound, left] of [
      ['mine', undefined],
      ['other', expect.anything()],
    ] as const) {
      const { ticket, key, offerId } = await stored('issued', { bound });
      await unbindFrom(tables.bookings, ticket, offerId);
      expect((await found(tables.bookings, key))?.['openOffer']).toEqual(left);
    }
  });

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
      const attempt = async () => ends[to]!(await stored(from, { bound: 'mine' }));
      expect(await attempt()).toBe(true);
      takeOut(ticketTransitions, from, to);
      expect(await attempt()).toBe(false);
    },
  );
});

test('T19: the seats of an order are given up for its tickets only while it is issued', async () => {
  const given = await statesWritten(standingStates, async (state) => {
    const { orderId } = await storedOrder(tables.bookings, state);
    const what = { itemIds: [itemIdSchema.parse('1')], offerId: offerIdOf(orderId, orderId), now };
    return isWritten(
      tables.bookings,
      giveUpItems(tables.bookings, orderId, { event: 'tickets-refunded', ...what }),
    );
  });
  expect(given).toEqual(['issued']);
});

test('T18: an order is issued without a payment only while it is held, has not run out and is not paid', async () => {
  const issue = async (state: (typeof standingStates)[number], more: object = {}) => {
    const order = await storedOrder(tables.bookings, state, {
      departsAt: future,
      expiresAt: future,
      ...more,
    });
    const ticketIds = { 1: ticketIdOf(order.orderId, itemIdSchema.parse('1')) };
    return isWritten(tables.bookings, issueUnpaid(tables.bookings, order, ticketIds, now));
  };
  expect(await statesWritten(standingStates, issue)).toEqual(['held']);
  expect(await issue('held', { expiresAt: now })).toBe(false);
  expect(await issue('held', { departsAt: now })).toBe(false);
  expect(await issue('held', { paidBy: 'somebody' })).toBe(false);
});
