import { sign } from 'node:crypto';
import { alipayProvider } from '../../shared/payments/alipay/provider.ts';
import type { PaymentProvider } from '../../shared/payments/provider.ts';
import { readOrder } from '../../shared/orders/store.ts';
import { listPayments } from '../../shared/payments/store.ts';
import { refundNumberOf } from '../../shared/payments/model.ts';
import { logger } from '../../shared/platform/log.ts';
import { beginToSettle } from '../../shared/paying/settle-refund.ts';
import { startPayment } from '../../shared/paying/start-payment.ts';
import { settlePayment } from '../../shared/paying/settle-payment.ts';
import { submitRefund } from '../../shared/paying/submit-refund.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { declinedRefund } from '../support/declined-refund.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';
import { alipay, secret } from '../unit/payments/alipay-fixture.ts';

/** Keys or a contract that are not in order: the provider answers, and will not serve us however often it is asked. */

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => {
  jest.restoreAllMocks();
  return world.stop();
});

/** Alipay as it answers a request that was signed with a key that it does not have for this application. */
const misunderstood = (): PaymentProvider => {
  const content = JSON.stringify({ code: '40002', msg: 'Invalid', sub_code: 'isv.invalid-signature' });
  const signature = sign('sha256', Buffer.from(content), alipay.privateKey).toString('base64');
  const answer = async () => new Response(`{"error_response":${content},"sign":"${signature}"}`);
  return alipayProvider({ secret, clock: () => world.time.now, fetch: answer as unknown as typeof fetch });
};
const withWrongKeys = () => ({ ...world.dependencies, findProvider: misunderstood });

const watchLog = () => {
  const [errors, informed] = [jest.spyOn(logger, 'error'), jest.spyOn(logger, 'info')];
  for (const spy of [errors, informed]) spy.mockImplementation(() => undefined);
  return {
    errors: () => errors.mock.calls.filter(([, more]) => JSON.stringify(more)?.includes('ProviderRefusal')),
    counted: () =>
      informed.mock.calls.flatMap(
        ([, more]) => (more as unknown as Record<string, unknown>)['ProviderRefusals'] ?? [],
      ),
  };
};
const expectSeen = ({ errors, counted }: ReturnType<typeof watchLog>, times = 1) => {
  expect(errors()).toHaveLength(times);
  expect(errors()[0]).toEqual([
    'a provider refuses our request',
    {
      provider: 'alipay',
      about: expect.any(String),
      thrown: expect.objectContaining({ message: expect.stringContaining('isv.invalid-signature') }),
    },
  ]);
  expect(counted()).toEqual(Array.from({ length: times }, () => 1));
};

const pending = async () => {
  const orderId = await world.held(await world.openRun('2026-12-20', 2), [1]);
  await world.pay(orderId);
  const [payment] = await listPayments(world.bookings, orderId);
  return payment!;
};

describe('wrong keys at a provider are logged as an error and counted', () => {
  test('where a payment is closed', async () => {
    const payment = await pending();
    const seen = watchLog();
    await settlePayment(withWrongKeys())(payment);
    expectSeen(seen);
  });

  test('where a payment by code begins: the passenger is refused, and operators hear of it', async () => {
    const orderId = await world.held(await world.nextRun(), [1]);
    const stands = await readOrder(world.bookings, orderId, { consistent: true });
    if (!stands || stands.state === 'void') throw new Error('no such order');
    const seen = watchLog();
    const started = startPayment(withWrongKeys())({
      orderId,
      userId: stands.userId,
      provider: misunderstood(),
      method: 'qr-code',
      device: { userAgent: '' },
      returnUrl: undefined,
      scope: { userId: stands.userId, route: 'payments', key: 'a-key', bodyHash: '' },
    });
    await expect(started).rejects.toThrow('isv.invalid-signature');
    expectSeen(seen);
  });

  test('where the clean-up asks about a payment', async () => {
    await pending();
    world.pass(130);
    const seen = watchLog();
    await cleanUp(withWrongKeys())({ hasTime: () => true });
    expectSeen(seen);
  });

  test('where a refund is sent, and where a person takes it in hand', async () => {
    const { orderId, payment } = await declinedRefund(world, await world.openRun('2026-12-20', 2));
    const number = refundNumberOf(payment.paymentId, 'whole');
    const seen = watchLog();
    await submitRefund(withWrongKeys())(orderId, number);
    await beginToSettle(withWrongKeys())(orderId, number, { by: 'ops', reason: 'declined' });
    expectSeen(seen, 2);
  });
});

test('a provider that does not answer passes by itself: it is neither an error nor counted', async () => {
  const payment = await pending();
  world.bank.state.silent = true;
  const seen = watchLog();
  expect(await settlePayment(world.dependencies)(payment)).toMatchObject({ reason: 'payment-unfinished' });
  expect(seen.errors()).toEqual([]);
  expect(seen.counted()).toEqual([]);
});
