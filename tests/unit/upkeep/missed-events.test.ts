import { plusSeconds } from '../../../shared/platform/time.ts';
import { isUnapplied } from '../../../shared/payments/model.ts';
import { hadNoWorkflow, isLongUnapplied } from '../../../shared/upkeep/missed-events.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import { samplePayment } from '../../support/sample-payment.ts';

describe('events that did not arrive', () => {
  const held = sampleOrder('held');

  test('a hold that is over never had a workflow if none has left its token', () => {
    expect(hadNoWorkflow(held, held.expiresAt)).toBe(true);
    expect(hadNoWorkflow({ ...held, taskToken: 'a-token' }, held.expiresAt)).toBe(false);
    expect(hadNoWorkflow(held, plusSeconds(held.expiresAt, -1))).toBe(false);
  });

  test('money waits for its event for two minutes', () => {
    const payment = samplePayment('captured');
    if (!isUnapplied(payment)) throw new Error('it is applied');
    expect(isLongUnapplied(payment, plusSeconds(payment.capturedAt, 119))).toBe(false);
    expect(isLongUnapplied(payment, plusSeconds(payment.capturedAt, 120))).toBe(true);
  });
});
