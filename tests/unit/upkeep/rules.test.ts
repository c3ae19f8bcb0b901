import type { OrderState } from '../../../shared/orders/model.ts';
import { decideRestart } from '../../../shared/upkeep/rules.ts';
import { sampleOrder } from '../../support/sample-order.ts';

const order = (execution: number) => ({ ...sampleOrder('held'), execution });

describe('an order whose workflow died', () => {
  test('is driven by the next execution', () => {
    expect(decideRestart(order(1), { ended: 1 })).toEqual({
      outcome: 'accepted',
      now: 'to-be-restarted',
      next: 2,
      isRaised: false,
    });
  });

  test('is driven by it also when whoever raised its number died before starting it', () => {
    expect(decideRestart(order(2), { ended: 1 })).toMatchObject({ next: 2, isRaised: true });
  });

  test('needs no other where a later one is at work', () => {
    expect(decideRestart(order(3), { ended: 1 })).toMatchObject({ reason: 'not-needed' });
  });

  test.each<Exclude<OrderState, 'void'>>(['issued', 'expired', 'cancelled', 'refunding', 'refunded'])(
    'needs no other when it is %s',
    (state) => {
      expect(decideRestart(sampleOrder(state), { ended: 1 })).toMatchObject({ reason: 'not-needed' });
    },
  );

  test('needs no other when there is none, or it is void', () => {
    const { orderId, createdAt: voidedAt } = order(1);
    expect(decideRestart(undefined, { ended: 1 })).toMatchObject({ reason: 'not-needed' });
    expect(decideRestart({ state: 'void', orderId, voidedAt }, { ended: 1 })).toMatchObject({
      reason: 'not-needed',
    });
  });

  test('is shown to a person when five of them died', () => {
    expect(decideRestart(order(5), { ended: 5 })).toMatchObject({ now: 'to-be-shown' });
    expect(decideRestart(order(4), { ended: 4 })).toMatchObject({ now: 'to-be-restarted' });
  });
});
