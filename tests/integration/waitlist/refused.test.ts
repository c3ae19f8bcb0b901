import { closeRun } from '../../../shared/runs/close-run.ts';
import { waitlistWorld, type WaitlistWorld } from '../../support/waitlist-world.ts';

/* Entries that are not taken, each with its reason, and cut-offs to the second. */

let world: WaitlistWorld;
beforeEach(async () => {
  world = await waitlistWorld();
});
afterEach(() => world.stop());

const reasonOf = (outcome: { outcome: string; reason?: string }) => outcome.reason ?? outcome.outcome;

test('what is not sold out cannot be waited for, whatever a view says', async () => {
  const run = await world.openRun('2026-12-05', 1);
  expect(await world.join([{ run }], [1])).toMatchObject({ reason: 'not-sold-out', wish: 0 });
  const orderId = await world.held(run, [1, 2, 3, 4]);
  await world.count(run);
  // One seat is left: enough for one, not for two.
  expect(await world.join([{ run }], [6])).toMatchObject({ reason: 'not-sold-out' });
  expect(await world.join([{ run }], [6, 7])).toMatchObject({ outcome: 'accepted' });
  // The view still shows the seats as taken; the shards know better.
  await world.cancels(orderId, 'user-1');
  expect(await world.join([{ run }], [8, 9])).toMatchObject({ reason: 'not-sold-out' });
});

test('a part of the journey that is free is not sold out, and a stretch that shares a sold part is', async () => {
  const run = await world.openRun('2026-12-05', 1);
  for (const n of [1, 2, 3, 4, 5]) await world.held(run, [n], { from: 0, to: 1 });
  expect(await world.join([{ run, from: 1, to: 3 }], [6])).toMatchObject({ reason: 'not-sold-out' });
  expect(await world.join([{ run, from: 0, to: 2 }], [6])).toMatchObject({ outcome: 'accepted' });
});

test('the wish that is to blame is named', async () => {
  const { run } = await world.soldOut('2026-12-05');
  const free = await world.openRun('2026-12-06', 1);
  expect(await world.join([{ run }, { run: free }], [1])).toMatchObject({ reason: 'not-sold-out', wish: 1 });
  expect(await world.join([{ run }, { run }], [1])).toMatchObject({ reason: 'wish-twice', wish: 1 });
});

test('a party that no seats can ever serve, and a run that is closed', async () => {
  const { run } = await world.soldOut('2026-12-05');
  expect(await world.join([{ run }], [1, 2, 3, 4, 5, 6])).toMatchObject({ reason: 'party-too-large' });
  await closeRun(world, run.runId);
  expect(await world.join([{ run }], [1])).toMatchObject({ reason: 'not-on-sale' });
});

test('a passenger who travels at that time, or waits already, is refused; afterwards not', async () => {
  const { run } = await world.soldOut('2026-12-05');
  expect(reasonOf(await world.join([{ run }], [100]))).toBe('passenger-time-conflict');
  const entry = await world.joined([{ run }], [1]);
  expect(reasonOf(await world.join([{ run }], [1]))).toBe('passenger-on-waitlist');
  // Another user learns only that the passenger is busy.
  expect(reasonOf(await world.join([{ run }], [1], { user: 'user-9' }))).toBe('passenger-time-conflict');
  expect(reasonOf(await world.join([{ run }], [1, 1]))).toBe('passenger-time-conflict');
  const other = await world.soldOut('2026-12-06', 200);
  expect(await world.join([{ run: other.run }], [1])).toMatchObject({ outcome: 'accepted' });
  await world.withdraw(entry);
  expect(await world.join([{ run }], [1], { user: 'user-9' })).toMatchObject({ outcome: 'accepted' });
});

test('two requests of one passenger at the same moment: one entry', async () => {
  const { run } = await world.soldOut('2026-12-05');
  const answers = await Promise.all([
    world.join([{ run }], [1]),
    world.join([{ run }], [1], { user: 'user-8' }),
    world.join([{ run }], [1], { user: 'user-9' }),
  ]);
  expect(answers.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
});

test('one request sent twice makes one entry, and a key is for one request', async () => {
  const { run } = await world.soldOut('2026-12-05');
  const [one, two] = await Promise.all([
    world.join([{ run }], [1], { key: 'k' }),
    world.join([{ run }], [1], { key: 'k' }),
  ]);
  const idOf = (answer: typeof one) => (answer.outcome === 'accepted' ? answer.entry.entryId : answer.reason);
  expect(idOf(one)).toBe(idOf(two));
  expect(one).toMatchObject({ outcome: 'accepted' });
  expect(await world.join([{ run }], [2], { user: 'user-1', key: 'k' })).toMatchObject({
    reason: 'key-reused',
  });
});

test('a user has so many open entries, and one more when one is over', async () => {
  const { run } = await world.soldOut('2026-12-05');
  const entries = [];
  for (const n of [1, 2, 3, 4, 5]) entries.push(await world.joined([{ run }], [n], { user: 'user-1' }));
  expect(reasonOf(await world.join([{ run }], [6], { user: 'user-1' }))).toBe('too-many-entries');
  await world.withdraw(entries[0]!);
  expect(reasonOf(await world.join([{ run }], [6], { user: 'user-1' }))).toBe('accepted');
  await world.expectClean(run);
});

describe('the cut-off, before the departure at 09:05 where the passengers board', () => {
  const at = (time: string) => Object.assign(world.time, { now: `2026-12-05T${time}Z` });

  test.each([
    ['PT19M', 'cut-off-not-allowed'],
    ['PT20M', 'accepted'],
    ['P7D', 'waitlist-closed'],
    ['P8D', 'cut-off-not-allowed'],
  ])('%s: %s', async (cutOff, expected) => {
    const { run } = await world.soldOut('2026-12-05');
    expect(reasonOf(await world.join([{ run }], [1], { cutOff }))).toBe(expected);
  });

  test('there must be time to pay before it', async () => {
    const { run } = await world.soldOut('2026-12-05');
    // PT2H before 01:05Z is 23:05Z on the day before.
    Object.assign(world.time, { now: '2026-12-04T23:03:30.000Z' });
    expect(reasonOf(await world.join([{ run }], [1]))).toBe('waitlist-closed');
    Object.assign(world.time, { now: '2026-12-04T23:03:29.999Z' });
    expect(reasonOf(await world.join([{ run }], [1]))).toBe('accepted');
  });

  test('a second before it an entry is served, from it on everything goes back', async () => {
    const { run, orders } = await world.soldOut('2026-12-05');
    const [first, second] = [
      await world.waits([{ run }], [1], { cutOff: 'PT30M' }),
      await world.waits([{ run }], [2], { cutOff: 'PT30M' }),
    ];
    at('00:34:58.000');
    await world.givesBack(orders[0]!, 'user-100');
    at('00:34:59.999');
    expect(await world.allocate(run)).toEqual({ served: [first.entryId] });
    at('00:35:00.000');
    await world.givesBack(orders[1]!, 'user-101');
    expect(await world.allocate(run)).toEqual({ served: [] });
    await world.sweep();
    expect(await world.entry(second.entryId)).toMatchObject({ state: 'ended', endReason: 'cut-off' });
    await world.refundsReach(second.entryId);
    const { payments } = await world.stored(second.entryId);
    expect(world.bank.backOf(payments[0]!.paymentId)).toBe(30_000);
    expect(await world.withdraw(second)).toMatchObject({ reason: 'entry-over' });
    await world.expectClean(run);
  });

  test('each wish has its own, and a seat for a later one still comes', async () => {
    const early = await world.soldOut('2026-12-05');
    const late = await world.soldOut('2026-12-06', 200);
    const entry = await world.waits([{ run: early.run }, { run: late.run }], [1]);
    at('00:00:00.000');
    await world.sweep();
    // Nobody waits for the early run any more: its seats go on sale at once.
    await world.givesBack(early.orders[0]!, 'user-100');
    expect(await world.order(early.run, [9])).toMatchObject({ outcome: 'accepted' });
    await world.givesBack(late.orders[0]!, 'user-200');
    await world.allocate(late.run);
    expect(await world.entry(entry.entryId)).toMatchObject({ state: 'fulfilled', fulfilledWish: 1 });
    await world.expectClean(early.run, late.run);
  });
});

test('what is not paid in time ends, and money that comes after that goes back', async () => {
  const { run } = await world.soldOut('2026-12-05');
  const entry = await world.joined([{ run }], [1]);
  const payment = await world.startsToPay(entry);
  world.pass(900 + 301);
  await world.sweep();
  expect(await world.entry(entry.entryId)).toMatchObject({ state: 'ended', endReason: 'unpaid' });
  world.buyerPays(payment);
  await world.notify(payment);
  world.pass(40);
  await world.sweep();
  await world.refundsReach(entry.entryId);
  expect(world.bank.backOf(payment.paymentId)).toBe(30_000);
  expect(await world.entry(entry.entryId)).toMatchObject({ state: 'ended' });
  await world.expectClean(run);
});

test('money that the provider has at the end makes the entry wait after all', async () => {
  const { run } = await world.soldOut('2026-12-05');
  const entry = await world.joined([{ run }], [1]);
  world.buyerPays(await world.startsToPay(entry));
  world.pass(901);
  await world.sweep();
  expect(await world.entry(entry.entryId)).toMatchObject({ state: 'waiting' });
  await world.expectClean(run);
});

test('entries of a run that closes end, and everything goes back', async () => {
  const { run } = await world.soldOut('2026-12-05');
  const other = await world.soldOut('2026-12-06', 200);
  const alone = await world.waits([{ run }], [1]);
  const both = await world.waits([{ run }, { run: other.run }], [2]);
  await closeRun(world, run.runId);
  world.pass(3601);
  await world.sweep();
  expect(await world.entry(alone.entryId)).toMatchObject({ state: 'ended', endReason: 'run-closed' });
  expect(await world.entry(both.entryId)).toMatchObject({ state: 'waiting' });
});
