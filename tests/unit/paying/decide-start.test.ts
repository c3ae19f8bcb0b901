import type { OrderState } from '../../../shared/orders/model.ts';
import type { PaymentState } from '../../../shared/payments/model.ts';
import { userIdSchema } from '../../../shared/platform/ids.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { decideNotHandedOut, decideRepeated, decideStart } from '../../../shared/paying/decide-start.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import { samplePayment } from '../../support/sample-payment.ts';
import { sampleRun } from '../../support/sample-run.ts';

const order = sampleOrder('held');
const run = sampleRun('2026-12-01', 2);
const now = plusSeconds(order.createdAt, 60);
const command = {
  userId: order.userId,
  provider: { name: 'alipay' as const, currencies: ['CNY'] },
  method: 'page',
};
const start = (loaded: object = {}, more: object = {}, at = now) =>
  decideStart({ order, payments: [], run, ...loaded }, { ...command, ...more }, sampleCarrier, at);
const several = (count: number, state: PaymentState) =>
  Array.from({ length: count }, (_, n) => samplePayment(state, { n: n + 1 }));

describe('a payment', () => {
  test('is begun for a held order, of all of its amount, and runs out with it', () => {
    expect(start({ payments: several(2, 'closed') })).toMatchObject({
      outcome: 'accepted',
      payment: {
        paymentId: `${order.orderId}_3`,
        state: 'created',
        provider: 'alipay',
        method: 'page',
        amount: order.amount,
        createdAt: now,
        expiresAt: order.expiresAt,
      },
    });
  });

  const voided = { state: 'void', orderId: order.orderId, voidedAt: now };
  test.each<[string, string, object, object]>([
    ['there is no order', 'not-found', { order: undefined }, {}],
    ['it is void', 'not-found', { order: voided }, {}],
    ["it is somebody else's", 'not-found', {}, { userId: userIdSchema.parse('stranger') }],
    ['it is closing', 'order-not-held', { order: sampleOrder('closing') }, {}],
    ['it is paid', 'order-not-held', { order: sampleOrder('paid') }, {}],
    [
      'the provider takes other money',
      'currency-unsupported',
      {},
      { provider: { name: 'alipay', currencies: ['EUR'] } },
    ],
    ['all attempts are used', 'too-many-payments', { payments: several(20, 'closed') }, {}],
    ['the run is closed', 'not-on-sale', { run: { ...run, state: 'closed' } }, {}],
    ['three are open', 'too-many-unfinished-payments', { payments: several(3, 'pending') }, {}],
  ])('is not begun where %s: %s', (_, reason, loaded, more) => {
    expect(start(loaded, more)).toEqual({ outcome: 'rejected', reason });
  });

  test('needs its time: the last moment is as many seconds before the hold ends', () => {
    const last = plusSeconds(order.expiresAt, -sampleCarrier.paymentNeedsSeconds);
    expect(start({}, {}, last)).toMatchObject({ outcome: 'accepted' });
    expect(start({}, {}, plusSeconds(last, 1))).toMatchObject({ reason: 'too-little-time-left' });
  });
});

describe('a repeated request', () => {
  test.each<[PaymentState, Exclude<OrderState, 'void'>, object]>([
    ['created', 'held', { outcome: 'accepted' }],
    ['pending', 'held', { outcome: 'accepted' }],
    ['pending', 'closing', { reason: 'order-not-held' }],
    ['captured', 'paid', { outcome: 'accepted' }],
    ['refunded', 'refunded', { outcome: 'accepted' }],
    ['closed', 'held', { reason: 'payment-ended' }],
    ['failed', 'held', { reason: 'payment-ended' }],
    ['closed', 'expired', { reason: 'order-not-held' }],
  ])('for a payment that is %s, of an order that is %s', (state, of, expected) => {
    expect(decideRepeated(samplePayment(state), sampleOrder(of), now)).toMatchObject(expected);
  });

  test('is not answered with a payment whose time is up', () => {
    expect(decideRepeated(samplePayment('pending'), order, order.expiresAt)).toMatchObject({
      reason: 'order-not-held',
    });
  });
});

describe('given a payment that this request could not hand out', () => {
  test.each<PaymentState>(['created', 'pending', 'captured', 'failed', 'partlyRefunded', 'refunded'])(
    'when it is %s, then the same request that came twice gets it',
    (state) => {
      const payment = samplePayment(state);
      expect(decideNotHandedOut(payment)).toEqual({ outcome: 'accepted', payment });
    },
  );

  test.each([
    ['was closed first', samplePayment('closed')],
    ['is not there', undefined],
  ])('when it %s, then its order is not held any more', (_, payment) => {
    expect(decideNotHandedOut(payment)).toEqual({ outcome: 'rejected', reason: 'order-not-held' });
  });
});
