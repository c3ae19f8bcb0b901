import { readOrder } from '../../../shared/orders/store.ts';
import type { Entry } from '../../../shared/entries/model.ts';
import { waitlistWorld, type WaitlistWorld } from '../../support/waitlist-world.ts';
import { dyingAt, stoppingAt, type Sent } from '../../support/stopping-table.ts';

/* Whoever serves the waitlist meets passengers who withdraw, other calls, buyers, the clean-up, or the end of its function. */

let world: WaitlistWorld;
beforeEach(async () => {
  world = await waitlistWorld();
});
afterEach(() => world.stop());

/** T2 of an entry, or its end: the write that decides what becomes of the entry. */
const isDecision = ({ input }: Sent): boolean =>
  'TransactItems' in input && JSON.stringify(input).includes('entry-');

/** The clean-up has its turns, until nothing that is due by the minute is left. */
const comeToRest = async (turns = 5): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) {
    world.pass(65);
    await world.sweep();
  }
};

/** What the passenger of an entry has in the end: a ticket and the rest of the money, or all of the money. */
const cameOut = async ({ entryId }: Entry) => {
  const entry = await world.entry(entryId);
  const order = await readOrder(world.bookings, entryId, { consistent: true });
  await world.refundsReach(entryId);
  const { payments, tickets } = await world.stored(entryId);
  return {
    state: entry.state,
    order: order?.state,
    tickets: tickets.map(({ state }) => state),
    back: payments.reduce((sum, { paymentId }) => sum + world.bank.backOf(paymentId), 0),
  };
};

const served = { state: 'fulfilled', order: 'issued', tickets: ['issued'], back: 0 };
const gone = { state: 'withdrawn', order: undefined, tickets: [], back: 30_000 };

describe('an entry that is withdrawn while it is served', () => {
  test('the seat comes first: the passenger has a ticket, and cannot withdraw', async () => {
    const { run, orders } = await world.soldOut('2026-12-05');
    const entry = await world.waits([{ run }], [1]);
    await world.givesBack(orders[0]!, 'user-100');
    const bookings = stoppingAt(world.bookings, isDecision);
    const withdrawing = world.withdraw(entry, { bookings: bookings.table });
    await bookings.reached;
    await world.allocate(run);
    bookings.goOn();
    expect(await withdrawing).toMatchObject({ outcome: 'rejected', reason: 'entry-over' });
    expect(await cameOut(entry)).toEqual(served);
    await world.expectClean(run);
  });

  test('the passenger comes first: everything goes back, and the seat goes to the next', async () => {
    const { run, orders } = await world.soldOut('2026-12-05');
    const entry = await world.waits([{ run }], [1]);
    world.pass(1);
    const next = await world.waits([{ run }], [2]);
    await world.givesBack(orders[0]!, 'user-100');
    const bookings = stoppingAt(world.bookings, isDecision);
    const allocating = world.allocate(run, { bookings: bookings.table });
    await bookings.reached;
    expect(await world.withdraw(entry)).toMatchObject({ outcome: 'accepted' });
    bookings.goOn();
    expect(await allocating).toEqual({ served: [next.entryId] });
    expect(await cameOut(entry)).toEqual(gone);
    expect(await cameOut(next)).toEqual(served);
    await world.expectClean(run);
  });

  test('many at once: one of the two counts', async () => {
    const { run, orders } = await world.soldOut('2026-12-05');
    const entry = await world.waits([{ run }], [1]);
    await world.givesBack(orders[0]!, 'user-100');
    await Promise.all([
      world.allocate(run),
      world.withdraw(entry),
      world.allocate(run),
      world.withdraw(entry),
    ]);
    await comeToRest();
    const out = await cameOut(entry);
    expect([served, gone]).toContainEqual(out);
    await world.expectClean(run);
  });
});

test('several calls at once serve each entry once, in the order of their payment', async () => {
  const { run, orders } = await world.soldOut('2026-12-05');
  const entries: Entry[] = [];
  for (const n of [1, 2, 3, 4]) {
    entries.push(await world.waits([{ run }], [n]));
    world.pass(1);
  }
  await world.givesBack(orders[0]!, 'user-100');
  await world.givesBack(orders[1]!, 'user-101');
  await Promise.all([world.allocate(run), world.allocate(run), world.allocate(run)]);
  await comeToRest();
  const states = await Promise.all(entries.map(async ({ entryId }) => (await world.entry(entryId)).state));
  expect(states).toEqual(['fulfilled', 'fulfilled', 'waiting', 'waiting']);
  expect(await world.owned(run)).toHaveLength(5);
  await world.expectClean(run);
});

test('buyers get nothing of a kept seat for two minutes, and everything after that', async () => {
  const { run, orders } = await world.soldOut('2026-12-05');
  // Nobody fits: the entry is for two.
  await world.waits([{ run }], [1, 2]);
  await world.givesBack(orders[0]!, 'user-100');
  await world.allocate(run);
  const buy = (n: number) => world.order(run, [n]);
  expect(await Promise.all([buy(11), buy(12), buy(13)])).toMatchObject([
    { reason: 'sold-out' },
    { reason: 'sold-out' },
    { reason: 'sold-out' },
  ]);
  world.pass(119);
  expect(await buy(14)).toMatchObject({ reason: 'sold-out' });
  world.pass(2);
  const answers = await Promise.all([buy(11), buy(12), buy(13)]);
  expect(answers.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
});

describe('a function that dies while it serves', () => {
  test.each([1, 2, 3, 4, 5, 6].flatMap((write) => [[write, 'before'] as const, [write, 'after'] as const]))(
    'at write %i, %s it takes effect, leaves nothing half done',
    async (write, when) => {
      const { run, orders } = await world.soldOut('2026-12-05');
      const entry = await world.waits([{ run }], [1]);
      await world.givesBack(orders[0]!, 'user-100');
      const { tables, death, state } = dyingAt([world.bookings, world.inventory], write, when);
      const [bookings, inventory] = tables as [typeof world.bookings, typeof world.inventory];
      await Promise.race([death, world.allocate(run, { bookings, inventory })]);
      // The seats of a dead call are found by the daily sweep or as suspects; here both are late, and the clean-up is enough
      // for the rest.
      await comeToRest(3);
      await world.orphans();
      await comeToRest(3);
      expect(await cameOut(entry)).toEqual(served);
      expect(await world.owned(run)).toHaveLength(5);
      expect(state.isDead || write > 5).toBe(true);
      await world.expectClean(run);
    },
  );
});

test('a call that freezes between its hold and its commit finds its owner fenced, and sells nothing twice', async () => {
  const { run, orders } = await world.soldOut('2026-12-05');
  const entry = await world.waits([{ run }], [1]);
  await world.givesBack(orders[0]!, 'user-100');
  const bookings = stoppingAt(world.bookings, isDecision);
  const frozen = world.allocate(run, { bookings: bookings.table });
  await bookings.reached;
  // Long after, its piece is judged: no item names it.
  world.pass(200);
  await world.orphans();
  expect(await world.owned(run)).toHaveLength(4);
  await world.allocate(run);
  expect(await world.entry(entry.entryId)).toMatchObject({ state: 'fulfilled' });
  bookings.goOn();
  await frozen;
  expect(await cameOut(entry)).toEqual(served);
  expect(await world.owned(run)).toHaveLength(5);
  await world.expectClean(run);
});

test('a release that dies between its note and T4 is found again, and its seat still goes to who waits', async () => {
  const { run, orders } = await world.soldOut('2026-12-05');
  const entry = await world.waits([{ run }], [1]);
  await comeToRest(1);
  const isFree = ({ input }: Sent): boolean => input.UpdateExpression === 'SET #piece = :free';
  const inventory = stoppingAt(world.inventory, isFree);
  const offer = await world.offer(orders[0]!, 'user-100');
  if (offer.outcome === 'rejected') throw new Error(offer.reason);
  void world.accept(offer.offer, 'user-100', { inventory: inventory.table });
  await inventory.reached;
  await world.allocate(run);
  expect(await world.entry(entry.entryId)).toMatchObject({ state: 'waiting' });
  await comeToRest(2);
  expect(await cameOut(entry)).toEqual(served);
  inventory.goOn();
  await world.expectClean(run);
});

test('money that comes twice pays once, and money after the withdrawal goes back', async () => {
  const { run } = await world.soldOut('2026-12-05');
  const entry = await world.joined([{ run }], [1]);
  const [first, second] = [await world.startsToPay(entry), await world.startsToPay(entry)];
  for (const payment of [first, second]) {
    world.buyerPays(payment);
    await world.notify(payment);
  }
  await comeToRest(2);
  expect(await world.entry(entry.entryId)).toMatchObject({ state: 'waiting' });
  await world.withdraw(entry);
  expect(await cameOut(entry)).toMatchObject({ state: 'withdrawn', back: 60_000 });
  await world.expectClean(run);
});

test('the pieces of an entry are never freed by making its id void', async () => {
  const { run, orders } = await world.soldOut('2026-12-05');
  const entry = await world.waits([{ run }], [1]);
  await world.givesBack(orders[0]!, 'user-100');
  const { tables, death } = dyingAt([world.bookings, world.inventory], 2, 'after');
  const [bookings, inventory] = tables as [typeof world.bookings, typeof world.inventory];
  void world.allocate(run, { bookings, inventory });
  await death;
  world.pass(200);
  await world.orphans();
  expect(await readOrder(world.bookings, entry.entryId, { consistent: true })).toBeUndefined();
  expect(await world.entry(entry.entryId)).toMatchObject({ state: 'waiting', fenced: expect.any(Set) });
});
