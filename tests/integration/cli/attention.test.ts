import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { readRefund } from '../../../shared/payments/refunds-store.ts';
import { keyOfPayment } from '../../../shared/payments/store.ts';
import { recordNotification } from '../../../shared/paying/record-notification.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { keyunOn, type Ended } from '../../support/keyun-command.ts';
import { declinedRefund } from '../../support/declined-refund.ts';
import { purchaseWorld, type PurchaseWorld } from '../../support/purchase-world.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

let world: PurchaseWorld;
let run: Run;
beforeEach(async () => {
  world = await purchaseWorld();
  run = await world.openRun('2026-12-20', 2);
});
afterEach(() => world.stop());

const attention = keyunOn(() => world, 'attention');
const json = ({ out }: Ended): unknown => JSON.parse(out);
const zhang = ['--by', 'zhang', '--reason', 'topped up'];

test('lists nothing while nobody is needed', async () => {
  expect(await attention('list')).toEqual({ code: 0, out: 'Nothing needs a person\n', err: '' });
});

test('lists a refund that was declined, shows what can be done, and settles it in two steps', async () => {
  const { orderId, number } = await declinedRefund(world, run);
  const { out: list } = await attention('list');
  expect(list).toContain(
    `${world.time.now}  refund-declined     ${number}  order ${orderId}  ACQ.TRADE_HAS_FINISHED`,
  );
  expect(list).toContain('1 in all');
  expect(json(await attention('list', '--json'))).toMatchObject({
    items: [{ id: number, orderId, attention: { kind: 'refund-declined', since: world.time.now } }],
    more: false,
  });

  const { out: shown } = await attention('show', number);
  expect(shown).toContain('the provider declines to pay this refund');
  expect(json(await attention('show', number, '--json'))).toMatchObject({
    refund: number,
    order: orderId,
    state: 'failed',
    amount: '300.00 CNY',
    attention: { kind: 'refund-declined', why: 'ACQ.TRADE_HAS_FINISHED' },
    handled: [],
  });

  // It is in these hands from now on, but nobody has said that the provider did not pay.
  const begun = await attention('settle', number, ...zhang);
  expect(begun).toMatchObject({ code: 1, out: '' });
  expect(begun.err).toContain('do not pay, run this again');
  expect((await attention('settle', number, '--by', 'wang', '--reason', 'as well')).err).toContain(
    'somebody else is paying it by hand',
  );
  expect((await attention('retry', number, '--by', 'wang', '--reason', 'as well')).code).toBe(1);
  expect(json(await attention('settle', number, '--paid', ...zhang, '--json'))).toEqual({
    id: number,
    now: 'settled',
  });
  expect(await readRefund(world.bookings, orderId, number)).toMatchObject({
    state: 'settled',
    settledBy: 'zhang',
    handled: [
      { by: 'zhang', did: 'began-to-settle', reason: 'topped up' },
      { by: 'zhang', did: 'settled', reason: 'topped up' },
    ],
  });
  await world.standing(orderId, 'refunded');
  expect((await attention('list')).out).toBe('Nothing needs a person\n');
});

test('retries a refund that was declined, which stays in the list until it is back', async () => {
  const { orderId, number } = await declinedRefund(world, run);
  expect(json(await attention('retry', number, ...zhang, '--json'))).toEqual({
    id: number,
    now: 'tried-again',
  });
  expect(await readRefund(world.bookings, orderId, number)).toMatchObject({
    state: 'requested',
    attempts: 1,
  });
  expect((await attention('list')).out).toContain(`refund-unconfirmed  ${number}`);
});

test('settles in one step what ends by a person’s word', async () => {
  const orderId = await world.held(run, [1]);
  const payment = await world.pay(orderId);
  const tell = (notificationId: string, amount: number) =>
    recordNotification(world)('alipay', {
      notificationId,
      paymentNumber: payment.paymentId,
      says: { kind: 'captured', providerTrade: 't', paid: { amount, currency: 'CNY' } },
    });
  world.buyerPays(payment);
  await tell('right', payment.amount.amount);
  await tell('wrong', 1);
  expect((await attention('list')).out).toContain(`amount-disputed     ${payment.paymentId}`);
  const { seen } = json(await attention('show', payment.paymentId, '--json')) as { seen: string };
  expect((await attention('show', payment.paymentId)).out).toContain(`settle it with --seen ${seen}`);
  // Another one takes the place of what was shown.
  await tell('another', 2);
  for (const flags of [[], ['--seen', seen]])
    expect((await attention('settle', payment.paymentId, ...flags, ...zhang)).err).toContain(
      'run attention show again',
    );
  const { seen: now } = json(await attention('show', payment.paymentId, '--json')) as { seen: string };
  expect((await attention('settle', payment.paymentId, '--seen', now, ...zhang)).out).toBe(
    `${payment.paymentId} no longer needs a person\n`,
  );
  expect((await attention('list')).out).toBe('Nothing needs a person\n');
});

test('says in its first line why it cannot', async () => {
  const orderId = await world.held(run, [1]);
  for (const [words, why] of [
    [['show', 'nothing-of-the-kind'], 'no order, payment, refund, mail, run or bill with this id'],
    [['settle', orderId, ...zhang], 'it ends by itself when it succeeds'],
    [['retry', `${orderId}_9`, ...zhang], 'no order, payment, refund, mail, run or bill with this id'],
    [['settle', orderId, '--by', 'zhang'], '--reason'],
    [['settle', orderId, '--by', 'z'.repeat(65), '--reason', 'x'], '--by may have up to 64 characters'],
  ] as const) {
    const { code, out, err } = await attention(...words);
    expect({ code, out, why: err.split('\n')[0] }).toEqual({
      code: 1,
      out: '',
      why: expect.stringContaining(why) as string,
    });
  }
});

test('shows of an unreadable payment what is readable, and says what is not', async () => {
  const payment = await world.pay(await world.held(run, [1]));
  await world.bookings.client.send(
    new UpdateCommand({
      TableName: world.bookings.name,
      Key: keyOfPayment(payment.paymentId),
      UpdateExpression: 'SET amount = :much, handled = :handled',
      ExpressionAttributeValues: {
        ':much': 'much',
        ':handled': [{ at: world.time.now, by: 'li', did: 'retried', reason: 'a try' }],
      },
    }),
  );
  const { code, out } = await attention('show', payment.paymentId);
  expect(code).toBe(0);
  expect(out).toContain(`payment     ${payment.paymentId}`);
  expect(out).toContain('unreadable  amount');
  expect(out).toContain('li  retried: a try');
});
