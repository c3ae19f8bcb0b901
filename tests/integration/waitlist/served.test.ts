import { readOrder } from '../../../shared/orders/store.ts';
import { waitlistWorld, type WaitlistWorld } from '../../support/waitlist-world.ts';

/* From a paid wish to a ticket: who waits is served before seats go on sale. */

let world: WaitlistWorld;
beforeEach(async () => {
  world = await waitlistWorld();
});
afterEach(() => world.stop());

const fen = (amount: number) => ({ amount, currency: 'CNY' });

test('a seat that is given back goes to the first who waits, with a ticket, and not to the public', async () => {
  const { run, orders } = await world.soldOut('2026-12-05');
  const first = await world.waits([{ run }], [1]);
  world.pass(1);
  const second = await world.waits([{ run }], [2]);
  await world.givesBack(orders[0]!, 'user-100');
  // The seat is kept: a buyer hears that the run is sold out.
  expect(await world.order(run, [3])).toMatchObject({ outcome: 'rejected', reason: 'sold-out' });

  expect(await world.allocate(run)).toEqual({ served: [first.entryId] });

  expect(await world.entry(first.entryId)).toMatchObject({ state: 'fulfilled', fulfilledWish: 0 });
  expect(await world.entry(second.entryId)).toMatchObject({ state: 'waiting' });
  const order = await world.standing(first.entryId, 'issued');
  expect(order).toMatchObject({ entryId: first.entryId, amount: fen(30_000), userId: 'user-1' });
  const { tickets, payments, refunds } = await world.stored(first.entryId);
  expect(tickets).toMatchObject([{ state: 'issued' }]);
  expect(payments).toMatchObject([{ state: 'captured', refundable: 30_000 }]);
  expect(refunds).toEqual([]);
  await world.expectClean(run);
});

test('of several wishes the dearest is paid, and what the seats cost less goes back', async () => {
  const { run, orders } = await world.soldOut('2026-12-05');
  const entry = await world.waits([{ run }, { run, from: 0, to: 1 }], [1, 2].slice(0, 1));
  expect(entry.amount).toEqual(fen(30_000));
  await world.givesBack(orders[0]!, 'user-100');
  // Somebody else has the seat from the second stop on by the time of the allocation.
  const other = await world.waits([{ run, from: 1, to: 3 }], [2]);
  await world.withdraw(other);
  await world.allocate(run);
  const order = await readOrder(world.bookings, entry.entryId, { consistent: true });
  expect(order).toMatchObject({ state: 'issued', amount: fen(30_000) });
  await world.expectClean(run);
});
