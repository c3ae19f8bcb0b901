import { randomUUID } from 'node:crypto';
import { checkIn } from '../../../shared/check-ins/check-in.ts';
import { readManifest } from '../../../shared/check-ins/read-manifest.ts';
import { gateIdSchema, useIdSchema, type OrderId } from '../../../shared/platform/ids.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { ticketKeyOf } from '../../../shared/tickets/code-keys.ts';
import { readCode } from '../../../shared/tickets/code.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { exchangeWorld, offered, type ExchangeWorld } from '../../support/exchange-world.ts';
import { saidBy } from '../../support/gate-world.ts';
import { issuePaidOrder, refundIfNoTravel } from '../../support/order-by-id.ts';
import { stoppingAt, type Sent } from '../../support/stopping-table.ts';
import { applyPayment } from '../../../shared/paying/apply-payment.ts';

/* A ticket that is used at a gate and exchanged: one of both. */

let world: ExchangeWorld;
beforeEach(async () => {
  world = await exchangeWorld();
});
afterEach(() => world.stop());

const checkInRules = { opensBefore: 'P1D', closesAfter: 'PT1H', laterStops: true };

/** A gate of this run at its first stop. */
const scan = async (run: Run, code: string, bookings = world.bookings) => {
  const { dependencies } = world;
  const { seed, carrierId } = await dependencies.signingKey();
  const trust = { keys: [ticketKeyOf(seed)], carrierId };
  return checkIn({
    ...dependencies,
    bookings,
    carrier: { ...dependencies.carrier, afterSale: { versions: [{ checkIn: checkInRules }] } },
    readCode: (text) => Promise.resolve(readCode(trust, text)),
  })({
    code,
    runId: run.runId,
    stopId: 'S0',
    gateId: gateIdSchema.parse('north-1'),
    useId: useIdSchema.parse(randomUUID()),
  });
};

const codeOf = async (orderId: OrderId): Promise<string> =>
  (await world.stored(orderId)).tickets[0]?.code ?? '';

/** An order on one run, half an hour before that leaves, and another run on the same day. */
const boarding = async () => {
  const run = await world.openRun('2026-12-20', 1);
  const other = await world.openRun('2026-12-21', 1);
  const orderId = await world.issued(run, [1], { to: 1 });
  const code = await codeOf(orderId);
  world.time.now = plusSeconds(run.stops[0]!.departs, -1800);
  return { run, other, orderId, code };
};

const isTransaction = ({ input }: Sent): boolean => 'TransactItems' in input;

test('the earlier ticket lets nobody in, and the new one does', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const other = await world.openRun('2026-12-21', 1);
  const orderId = await world.issued(run, [1]);
  const code = await codeOf(orderId);
  const { offerId, newOrderId } = await offered(world.change(orderId, 'user-1', other));
  expect(await world.take(offerId, 'user-1')).toMatchObject({ outcome: 'accepted' });
  world.time.now = plusSeconds(run.stops[0]!.departs, -1800);
  expect(saidBy(await scan(run, code))).toBe('ticket-exchanged');
  const page = await readManifest(world.dependencies)(run.runId, undefined);
  expect(page).toMatchObject({ ended: [{ ticketId: `${orderId}-1`, state: 'exchanged' }] });
  world.time.now = plusSeconds(other.stops[0]!.departs, -1800);
  expect(saidBy(await scan(other, await codeOf(newOrderId)))).toBe('in');
  expect(saidBy(await scan(other, code))).toBe('wrong-run');
});

test('a ticket that was used is not exchanged', async () => {
  const { run, other, orderId, code } = await boarding();
  expect(saidBy(await scan(run, code))).toBe('in');
  expect(saidBy(await world.change(orderId, 'user-1', other, { to: 1 }))).toBe('ticket-used');
});

test('a gate that comes between the decision of an exchange and its write wins', async () => {
  const { run, other, orderId, code } = await boarding();
  const { offerId, newOrderId } = await offered(world.change(orderId, 'user-1', other));
  const payment = await world.pay(newOrderId);
  world.buyerPays(payment);
  await world.notify(payment);
  await applyPayment(world.dependencies)(payment.paymentId);
  const bookings = stoppingAt(world.bookings, isTransaction);
  const issuing = issuePaidOrder({ ...world, bookings: bookings.table })(newOrderId);
  await bookings.reached;
  expect(saidBy(await scan(run, code))).toBe('in');
  bookings.goOn();
  expect(saidBy(await issuing)).not.toBe('in');
  expect(await world.ticketStates(orderId)).toEqual(['1 checkedIn']);
  // What was paid for the exchange goes back, and the passenger has one valid ticket.
  expect(await refundIfNoTravel(world)(newOrderId)).toMatchObject({ outcome: 'accepted' });
  await world.standing(newOrderId, 'refunding');
  expect(saidBy(await world.take(offerId, 'user-1'))).not.toBe('in');
  expect(await world.owned(run)).toHaveLength(1);
});

/** An order half an hour before its run leaves, and the offer of a shorter ride on that run, which costs nothing. */
const shorter = async () => {
  const run = await world.openRun('2026-12-20', 1);
  const orderId = await world.issued(run, [1], { to: 2 });
  const code = await codeOf(orderId);
  world.time.now = plusSeconds(run.stops[0]!.departs, -1800);
  const { offerId } = await offered(world.change(orderId, 'user-1', run, { to: 1 }));
  return { run, orderId, code, offerId };
};

const isUpdate = ({ constructor }: Sent): boolean => constructor.name === 'UpdateCommand';

test('an exchange that comes between the decision of a gate and its write wins', async () => {
  const { run, orderId, code, offerId } = await shorter();
  const bookings = stoppingAt(world.bookings, isUpdate);
  const scanned = scan(run, code, bookings.table);
  await bookings.reached;
  expect(await world.take(offerId, 'user-1')).toMatchObject({ outcome: 'accepted' });
  bookings.goOn();
  expect(saidBy(await scanned)).toBe('ticket-exchanged');
  expect(await world.ticketStates(orderId)).toEqual(['1 exchanged']);
});

test('a check-in and an exchange at the same moment end one way', async () => {
  const { run, orderId, code, offerId } = await shorter();
  const [scanned, taken] = await Promise.all([scan(run, code), world.take(offerId, 'user-1')]);
  const isIn = scanned.outcome === 'accepted';
  expect(await world.ticketStates(orderId)).toEqual([isIn ? '1 checkedIn' : '1 exchanged']);
  expect([saidBy(scanned), taken.outcome]).toEqual(
    isIn ? ['in', 'rejected'] : ['ticket-exchanged', 'accepted'],
  );
});
