import type { CommittedOrder } from '../../../shared/orders/model.ts';
import { putHeldOrder, readOrder, voidOrder } from '../../../shared/orders/store.ts';
import {
  checkHeld,
  closeOrder,
  endOrder,
  giveUpSeats,
  issueOrder,
  markRefunded,
  payLate,
  payOrder,
  refundLate,
  refundOrder,
} from '../../../shared/orders/transitions-store.ts';
import { ownerSchema } from '../../../shared/inventory/model.ts';
import type { TransactItem } from '../../../shared/platform/dynamo.ts';
import { paymentIdOf, serviceDateSchema, ticketIdOf } from '../../../shared/platform/ids.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import {
  found,
  future,
  isWritten,
  keyOfOrder,
  newOrderId,
  now,
  past,
  put,
  standingStates,
  statesWritten,
  storedOrder,
  type StandingState,
} from './stored.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());

const owner = (letter: string) => ownerSchema.parse(letter.repeat(32));
const placesOf = (order: CommittedOrder) =>
  Object.fromEntries(
    Object.entries(order.items).map(([itemId, { place }]) => [
      itemId,
      { place: { ...place, owner: owner('B') } },
    ]),
  );

const ticketIdsOf = ({ orderId, items }: CommittedOrder) =>
  Object.fromEntries(Object.entries(items).map(([key, { itemId }]) => [key, ticketIdOf(orderId, itemId)]));

/** Each transition of an order as it is written, its other conditions being met. */
const transitions: Record<string, { from: StandingState[]; write: (order: CommittedOrder) => TransactItem }> =
  {
    'T6, a payment is begun': {
      from: ['held'],
      write: ({ orderId }) => checkHeld(tables.bookings, orderId, now),
    },
    'T7, seats are given up': {
      from: ['closing'],
      write: (order) =>
        giveUpSeats(tables.bookings, { ...order, endReason: 'expired' }, { now, expiredBy: undefined }).write,
    },
    'T8, ended': {
      from: ['releasing'],
      write: (order) => endOrder(tables.bookings, { ...order, endReason: 'expired' }, now).write,
    },
    'T9, paid': {
      from: ['held', 'closing'],
      write: ({ orderId }) => payOrder(tables.bookings, orderId, paymentIdOf(orderId, 2), now),
    },
    'T10, paid late': {
      from: ['expired', 'cancelled'],
      write: (order) => payLate(tables.bookings, order, paymentIdOf(order.orderId, 2), placesOf(order), now),
    },
    'T13, late money goes back': {
      from: ['expired', 'cancelled'],
      write: ({ orderId }) => refundLate(tables.bookings, orderId, paymentIdOf(orderId, 2), now),
    },
    'T15, issued': {
      from: ['paid'],
      write: (order) => issueOrder(tables.bookings, order, ticketIdsOf(order), now),
    },
    'T16, cannot be issued': {
      from: ['paid'],
      write: (order) => refundOrder(tables.bookings, order, { departed: false, now }),
    },
    'T16, the train has left': {
      from: ['paid'],
      write: (order) => refundOrder(tables.bookings, order, { departed: true, now }),
    },
    'T21, refunded': { from: ['refunding'], write: (order) => markRefunded(tables.bookings, order, now) },
  };

describe.each(Object.entries(transitions))('%s', (name, { from, write }) => {
  const departsAt = name.endsWith('has left') ? past : future;
  const attempt = (more: object) => async (state: StandingState) => {
    const order = await storedOrder(tables.bookings, state, { expiresAt: future, departsAt, ...more });
    return isWritten(tables.bookings, write(order));
  };

  test('is written from its states and from no other', async () => {
    expect(await statesWritten(standingStates, attempt({}))).toEqual(from);
  });

  test('is refused for an order that is void, and for one that is not there', async () => {
    const order = sampleOrder('held', { orderId: newOrderId() });
    expect(await isWritten(tables.bookings, write(order))).toBe(false);
    const { orderId } = order;
    await put(tables.bookings, { ...keyOfOrder(orderId), state: 'void', orderId, voidedAt: now });
    expect(await isWritten(tables.bookings, write(order))).toBe(false);
    expect(await found(tables.bookings, keyOfOrder(orderId))).toMatchObject({ state: 'void' });
  });
});

describe('an order that a payment has paid', () => {
  test.each(['T7, seats are given up', 'T9, paid', 'T10, paid late', 'T13, late money goes back'])(
    'is never paid again: %s is refused',
    async (name) => {
      const { from, write } = transitions[name]!;
      for (const state of from) {
        const order = await storedOrder(tables.bookings, state, { expiresAt: future, paidBy: 'another' });
        expect({ state, written: await isWritten(tables.bookings, write(order)) }).toEqual({
          state,
          written: false,
        });
      }
    },
  );
});

describe('T5, an order is closed', () => {
  const closedFrom = (reason: 'expired' | 'cancelled', expiresAt: string) =>
    statesWritten(standingStates, async (state) => {
      const { orderId } = await storedOrder(tables.bookings, state, { expiresAt });
      const close = { endReason: reason, endsOn: serviceDateSchema.parse('2026-12-01'), now };
      return (await closeOrder(tables.bookings, orderId, close)).outcome === 'accepted';
    });

  test('by its user while it is held, whatever the time', async () => {
    expect(await closedFrom('cancelled', future)).toEqual(['held']);
  });

  test('at its deadline and not a millisecond before', async () => {
    expect(await closedFrom('expired', future)).toEqual([]);
    expect(await closedFrom('expired', now)).toEqual(['held']);
    expect(await closedFrom('expired', past)).toEqual(['held']);
  });
});

describe('the order that a write tells is the one that is stored once it is written', () => {
  const attention = { kind: 'workflow-died', why: 'why', since: past };
  const stored = (state: StandingState) =>
    storedOrder(tables.bookings, state, {
      expiresAt: past,
      attention,
      taskToken: 'token',
      endsOn: '2026-12-01',
    });
  const expectTold = async ({ write, order }: { write: TransactItem; order: CommittedOrder }) => {
    expect(await isWritten(tables.bookings, write)).toBe(true);
    expect(await readOrder(tables.bookings, order.orderId)).toEqual(order);
  };

  test('T7', async () => {
    const order = { ...(await stored('closing')), endReason: 'expired' as const };
    await expectTold(giveUpSeats(tables.bookings, order, { now, expiredBy: now }));
  });

  test('T8', async () => {
    const order = { ...(await stored('releasing')), endReason: 'expired' as const };
    await expectTold(endOrder(tables.bookings, order, now));
    const { endsOn: _endsOn, ...forgiven } = {
      ...(await stored('releasing')),
      endReason: 'expired' as const,
    };
    await expectTold(endOrder(tables.bookings, forgiven, now));
  });
});

test('T6, a payment is begun only while time is left', async () => {
  for (const [expiresAt, written] of [
    [future, true],
    [now, false],
    [past, false],
  ] as const) {
    const { orderId } = await storedOrder(tables.bookings, 'held', { expiresAt });
    expect(await isWritten(tables.bookings, checkHeld(tables.bookings, orderId, now))).toBe(written);
  }
});

test.each(['T10, paid late', 'T15, issued'])('%s, only before the train leaves', async (name) => {
  const { from, write } = transitions[name]!;
  for (const [departsAt, written] of [
    [future, true],
    [now, false],
    [past, false],
  ] as const) {
    const order = await storedOrder(tables.bookings, from[0]!, { departsAt });
    expect(await isWritten(tables.bookings, write(order))).toBe(written);
  }
});

test('T16, money goes back because the train has left when it has', async () => {
  for (const [departsAt, written] of [
    [future, false],
    [now, true],
    [past, true],
  ] as const) {
    const order = await storedOrder(tables.bookings, 'paid', { departsAt });
    const write = refundOrder(tables.bookings, order, { departed: true, now });
    expect(await isWritten(tables.bookings, write)).toBe(written);
  }
});

describe('T2 and T3, committed and void', () => {
  test('exclude each other, whichever comes first', async () => {
    for (const state of [...standingStates, 'void'] as const) {
      const order = sampleOrder('held', { orderId: newOrderId() });
      const { orderId } = order;
      const stands =
        state === 'void' ? { state, orderId, voidedAt: now } : { ...sampleOrder(state), orderId };
      await put(tables.bookings, { ...keyOfOrder(orderId), ...stands });
      expect(await isWritten(tables.bookings, putHeldOrder(tables.bookings, order))).toBe(false);
      expect(await voidOrder(tables.bookings, orderId, now)).toMatchObject({
        reason: 'order-exists',
        order: { state },
      });
      expect(await found(tables.bookings, keyOfOrder(orderId))).toMatchObject({ state });
    }
  });

  test('are written where nothing stands', async () => {
    const order = sampleOrder('held', { orderId: newOrderId() });
    expect(await isWritten(tables.bookings, putHeldOrder(tables.bookings, order))).toBe(true);
    expect(await voidOrder(tables.bookings, newOrderId(), now)).toEqual({ outcome: 'accepted' });
  });
});

describe('T10, an owner that was fenced', () => {
  test('never becomes the owner of an item, and another does', async () => {
    for (const state of ['expired', 'cancelled'] as const) {
      for (const [fenced, written] of [
        [owner('B'), false],
        [owner('C'), true],
      ] as const) {
        const order = await storedOrder(tables.bookings, state, { fenced: new Set([fenced]) });
        const write = payLate(tables.bookings, order, paymentIdOf(order.orderId, 1), placesOf(order), now);
        expect({ state, fenced, written: await isWritten(tables.bookings, write) }).toEqual({
          state,
          fenced,
          written,
        });
      }
    }
  });

  test('counts for the seat to which a passenger changes', async () => {
    for (const [fenced, written] of [
      [owner('C'), false],
      [owner('D'), true],
    ] as const) {
      const order = await storedOrder(tables.bookings, 'expired', { fenced: new Set([fenced]) });
      const { place } = placesOf(order)['1']!;
      const places = { 1: { place, thenPlace: { ...place, owner: owner('C') } } };
      const write = payLate(tables.bookings, order, paymentIdOf(order.orderId, 1), places, now);
      expect(await isWritten(tables.bookings, write)).toBe(written);
    }
  });

  test('counts for each owner of a party that sits in two shards', async () => {
    for (const fenced of [owner('B'), owner('C')]) {
      const order = await storedOrder(tables.bookings, 'expired', { fenced: new Set([fenced]) });
      const places = placesOf(order);
      const { place } = places['2']!;
      places['2'] = { place: { ...place, owner: owner('C') } };
      const write = payLate(tables.bookings, order, paymentIdOf(order.orderId, 1), places, now);
      expect(await isWritten(tables.bookings, write)).toBe(false);
    }
  });
});
