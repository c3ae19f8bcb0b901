import { providerNames } from '../../../shared/payments/known-providers.ts';
import type { Payment, ProviderName } from '../../../shared/payments/model.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { listTickets } from '../../../shared/tickets/store.ts';
import { moneyWorld, type MoneyWorld } from './money-world.ts';

/** A buyer pays one order with two providers. */

let world: MoneyWorld;
let run: Run;
let people = 0;
beforeAll(async () => {
  world = await moneyWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  run = await world.nextRun(1);
});

const pairs: [ProviderName, ProviderName][] = providerNames.flatMap((first, n) =>
  providerNames.slice(n).map((second): [ProviderName, ProviderName] => [first, second]),
);

/** An order with a payment at each, whose buyer stands at both cashiers. */
const begun = async (names: readonly ProviderName[]) => {
  const orderId = await world.held(run, [(people += 1)]);
  const payments: Payment[] = [];
  const pages: string[] = [];
  for (const name of names) {
    const payment = await world.begin(orderId, name);
    payments.push(payment);
    pages.push(await world.enter(payment));
  }
  return { orderId, payments, pages };
};

/** One of them has paid for a ticket, all of the others are back at their provider. */
const expectOneKept = async (payments: readonly Payment[]): Promise<void> => {
  await world.settle();
  const [{ orderId }] = payments as [Payment];
  const order = await world.standing(orderId, 'issued');
  expect(await listTickets(world.bookings, orderId)).toHaveLength(1);
  for (const payment of payments)
    expect(await world.stored(payment)).toMatchObject(
      payment.paymentId === order.paidBy ? { state: 'captured', refundable: 30_000 } : { state: 'refunded' },
    );
  await world.expectAgreed(...payments);
};

describe.each(pairs)('%s and %s', (...names) => {
  test('at the same moment: one pays, and the money of the other goes back', async () => {
    const { payments, pages } = await begun(names);
    await Promise.all(pages.map((page) => world.press(page, 'pay')));
    await world.told();
    await Promise.all(payments.map(world.apply));
    await expectOneKept(payments);
  });

  test('one silently, and found by asking when the other has paid: its money goes back', async () => {
    const { payments, pages } = await begun(names);
    await world.press(pages[0]!, 'pay-silently');
    await world.press(pages[1]!, 'pay');
    await world.told();
    await world.apply(payments[1]!);
    await expectOneKept(payments);
  });

  test('both after the order has ended: one takes the seat again, and the money of the other goes back', async () => {
    const { payments, pages } = await begun(names);
    await world.settle();
    await Promise.all(pages.map((page) => world.press(page, 'pay-late')));
    await world.told();
    await Promise.all(payments.map(world.apply));
    await expectOneKept(payments);
  });
});

test('all three, each told twice and out of order: one pays, and two go back', async () => {
  const { payments, pages } = await begun(providerNames);
  await Promise.all(pages.map((page) => world.press(page, 'pay-notify-twice')));
  await world.told();
  for (const payment of payments.toReversed()) await world.tell(payment);
  await Promise.all([...payments, ...payments].map(world.apply));
  await expectOneKept(payments);
});
