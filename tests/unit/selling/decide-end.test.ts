import type { OrderState } from '../../../shared/orders/model.ts';
import { userIdSchema } from '../../../shared/platform/ids.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import {
  decideCancel,
  decideCancelled,
  decideEnd,
  decideGiveUp,
  decideRelease,
} from '../../../shared/selling/decide-end.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import { samplePayment } from '../../support/sample-payment.ts';

type Standing = Exclude<OrderState, 'void'>;
const userId = userIdSchema.parse('user-1');
const closing = sampleOrder('closing');
const voided = { state: 'void' as const, orderId: closing.orderId, voidedAt: closing.createdAt };

describe('an order that is closed', () => {
  test.each<[Standing, object]>([
    ['held', { reason: 'not-due' }],
    ['closing', { outcome: 'closing', order: { state: 'closing' } }],
    ['releasing', { outcome: 'accepted', now: 'releasing' }],
    ['paid', { reason: 'already-paid' }],
    ['issued', { outcome: 'accepted', now: 'ended' }],
    ['expired', { outcome: 'accepted', now: 'ended' }],
    ['refunding', { outcome: 'accepted', now: 'ended' }],
  ])('and is %s', (state, expected) => {
    expect(decideEnd(sampleOrder(state))).toMatchObject(expected);
  });

  test('and never came to be, or was voided, is at its end', () => {
    expect(decideEnd(undefined)).toEqual({ outcome: 'accepted', now: 'ended' });
    expect(decideEnd(voided)).toEqual({ outcome: 'accepted', now: 'ended', order: voided });
  });
});

describe('the seats of a closing order', () => {
  const graceEnds = plusSeconds(closing.expiresAt, sampleCarrier.closingGraceSeconds);
  const before = plusSeconds(graceEnds, -1);

  test('are given up at once when every payment is finished', () => {
    const payments = [samplePayment('closed'), samplePayment('failed', { n: 2 })];
    expect(decideGiveUp(closing, payments, sampleCarrier, before)).toEqual({
      outcome: 'accepted',
      expiredBy: undefined,
    });
  });

  test('wait for a payment that can still be paid', () => {
    const payments = [samplePayment('closed'), samplePayment('pending', { n: 2 })];
    expect(decideGiveUp(closing, payments, sampleCarrier, before)).toMatchObject({
      reason: 'payments-unfinished',
    });
  });

  test('wait for it no longer than the grace, and the write checks that the hold ran out before it', () => {
    expect(decideGiveUp(closing, [samplePayment('created')], sampleCarrier, graceEnds)).toEqual({
      outcome: 'accepted',
      expiredBy: closing.expiresAt,
    });
  });

  test('are released once the order is releasing, and in no other state', () => {
    expect(decideRelease(sampleOrder('releasing'))).toMatchObject({ outcome: 'accepted' });
    expect(decideRelease(closing)).toMatchObject({ reason: 'not-releasing' });
    expect(decideRelease(undefined)).toMatchObject({ reason: 'not-releasing' });
  });
});

describe('a user who cancels', () => {
  test.each<Standing>(['held', 'closing', 'releasing'])('an order that is %s gives it up', (state) => {
    expect(decideCancel(sampleOrder(state), { userId })).toMatchObject({ now: 'to-be-closed' });
  });

  test('an order that is cancelled changes nothing', () => {
    expect(decideCancel(sampleOrder('cancelled'), { userId })).toMatchObject({ now: 'cancelled' });
  });

  test.each<Standing>(['paid', 'issued', 'expired', 'refunding', 'refunded'])(
    'an order that is %s hears that it is not held any more',
    (state) => {
      expect(decideCancel(sampleOrder(state), { userId })).toMatchObject({ reason: 'order-not-held' });
    },
  );

  test("nothing, a void order or somebody else's hears that there is none", () => {
    const stranger = { userId: userIdSchema.parse('somebody') };
    expect(decideCancel(undefined, { userId })).toMatchObject({ reason: 'not-found' });
    expect(decideCancel(voided, { userId })).toMatchObject({ reason: 'not-found' });
    expect(decideCancel(sampleOrder('held'), stranger)).toMatchObject({ reason: 'not-found' });
  });

  test('hears that it was paid, where the money came while it was being closed', () => {
    expect(decideCancelled(sampleOrder('paid'))).toMatchObject({ reason: 'order-not-held' });
    expect(decideCancelled(sampleOrder('issued'))).toMatchObject({ reason: 'order-not-held' });
    expect(decideCancelled(sampleOrder('closing'))).toMatchObject({ order: { state: 'closing' } });
    expect(decideCancelled(undefined)).toMatchObject({ reason: 'not-found' });
  });
});
