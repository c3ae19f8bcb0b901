import { BatchGetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { listPayments } from '../../shared/payments/store.ts';
import { userIdSchema } from '../../shared/platform/ids.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import { startPayment } from '../../shared/paying/start-payment.ts';
import { by } from '../support/faulty-table.ts';
import { orderFor } from '../support/order-for.ts';
import { storedRecords } from '../support/stored-records.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

const inProgress = { outcome: 'rejected', reason: 'request-in-progress' };

test('the last seats asked for twelve times at once by one request: its answer, or that it is in progress', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const again = { user: 'repeater', key: 'once' };
  const outcomes = await Promise.all(
    Array.from({ length: 12 }, () => world.order(run, [1, 2, 3, 4, 5], again)),
  );
  const answers = outcomes.flatMap((each) => (each.outcome === 'accepted' ? [each.answer] : []));
  expect(new Set(answers).size).toBe(1);
  for (const each of outcomes) if (each.outcome === 'rejected') expect(each).toEqual(inProgress);
  expect(await world.order(run, [1, 2, 3, 4, 5], again)).toEqual({ outcome: 'accepted', answer: answers[0] });
  expect(await world.owned(run)).toHaveLength(5);
  await world.expectClean(run);
});

/** The world's bookings, whose first commit waits until it is let go. */
const slowCommit = (
  isSlow: (command: unknown) => boolean = (command) => command instanceof TransactWriteCommand,
) => {
  const [released, reached] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const bookings = by(world.bookings, async (command, send) => {
    if (isSlow(command)) {
      reached.resolve();
      await released.promise;
    }
    return send(command);
  });
  return { bookings, reached: reached.promise, release: () => released.resolve() };
};

test('while one is at work the same request is told so without a hold, and another body is refused', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const { bookings, reached, release } = slowCommit();
  const again = { user: 'repeater', key: 'once' };
  const first = orderFor({ ...world.dependencies, bookings }, run, [1, 2], again);
  await reached;
  expect(await world.order(run, [1, 2], again)).toEqual(inProgress);
  expect(await world.order(run, [3], again)).toEqual({ outcome: 'rejected', reason: 'key-reused' });
  expect(await world.owned(run)).toHaveLength(2);
  release();
  const answer = await first;
  expect(answer).toMatchObject({ outcome: 'accepted' });
  expect(await world.order(run, [1, 2], again)).toEqual(answer);
  await world.expectClean(run);
});

test('a request whose worker froze is taken on by the next, and the first one wakes to the same answer', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const { bookings, reached, release } = slowCommit();
  const again = { user: 'repeater', key: 'once' };
  const frozen = orderFor({ ...world.dependencies, bookings }, run, [1, 2], again);
  await reached;
  world.pass(16);
  const next = await world.order(run, [1, 2], again);
  expect(next).toMatchObject({ outcome: 'accepted' });
  release();
  // Its passengers travel already, by the very order that the next one placed; its key has the answer.
  expect(await frozen).toEqual(next);
  expect(await world.owned(run)).toHaveLength(2);
  await world.expectClean(run);
});

test('one that froze before it looked at its passengers has the answer of the next, too', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const { bookings, reached, release } = slowCommit((command) => command instanceof BatchGetCommand);
  const again = { user: 'repeater', key: 'once' };
  const frozen = orderFor({ ...world.dependencies, bookings }, run, [1, 2], again);
  await reached;
  world.pass(16);
  const next = await world.order(run, [1, 2], again);
  release();
  expect(await frozen).toEqual(next);
  expect(await world.owned(run)).toHaveLength(2);
  await world.expectClean(run);
});

test('a refusal is not stored: the same request may be sent again at once, and then succeed', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const others = await world.held(run, [1, 2, 3, 4, 5], { user: 'other' });
  const again = { user: 'repeater', key: 'once' };
  expect(await world.order(run, [6], again)).toEqual({ outcome: 'rejected', reason: 'sold-out' });
  await cancelOrder(world.dependencies)(others, userIdSchema.parse('other'));
  // As the event of the seats that came back does it.
  await world.count(run);
  expect(await world.order(run, [6], again)).toMatchObject({ outcome: 'accepted' });
});

test('what a view shows as sold out is refused without a write', async () => {
  const run = await world.openRun('2026-12-20', 1);
  await world.held(run, [1, 2, 3, 4, 5]);
  await world.count(run);
  const sent: string[] = [];
  const spy = (table: PurchaseWorld['bookings']) =>
    by(table, (command, send) => {
      sent.push((command as object).constructor.name);
      return send(command);
    });
  const watched = {
    ...world.dependencies,
    bookings: spy(world.bookings),
    inventory: spy(world.inventory),
    timetable: spy(world.timetable),
    availability: spy(world.availability),
  };
  expect(await orderFor(watched, run, [6])).toEqual({ outcome: 'rejected', reason: 'sold-out' });
  expect(sent.filter((name) => /Put|Update|Write/.test(name))).toEqual([]);
});

test('keys are told apart whatever is in them, by user and by route', async () => {
  const run = await world.openRun('2026-12-20', 2);
  const scopes = [
    { user: 'a', key: 'orders#k' },
    { user: 'a#orders', key: 'k' },
    { user: 'a', key: '键'.repeat(4000) },
    { user: '键'.repeat(40), key: 'k' },
  ];
  for (const [n, scope] of scopes.entries()) await world.held(run, [n + 1], scope);
  for (const [n, scope] of scopes.entries())
    expect(await world.order(run, [n + 1], scope)).toMatchObject({ outcome: 'accepted' });
  expect(await world.owned(run)).toHaveLength(4);
  const keys = (await storedRecords(world.bookings)).map(({ pk }) => pk);
  expect(keys).toHaveLength(4);
  for (const key of keys) expect(key).toMatch(/^IDEMPOTENCY#[\w-]{43}$/);
});

test('one payment request sent many times at once begins one payment, and all of them have it', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const orderId = await world.held(run, [1], { user: 'payer' });
  const userId = userIdSchema.parse('payer');
  const begin = (key: string) =>
    startPayment(world.dependencies)({
      orderId,
      userId,
      provider: world.bank.provider,
      method: 'page',
      device: { userAgent: '' },
      returnUrl: undefined,
      scope: { userId, route: 'payments', key, bodyHash: 'same' },
    });
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => begin('once')));
  for (const each of outcomes)
    expect(each).toMatchObject({ outcome: 'accepted', payment: { state: 'pending' } });
  expect(await listPayments(world.bookings, orderId)).toHaveLength(1);
  const others = await Promise.all([begin('second'), begin('third')]);
  for (const each of others) expect(each).toMatchObject({ outcome: 'accepted' });
  expect(await listPayments(world.bookings, orderId)).toHaveLength(3);
});
