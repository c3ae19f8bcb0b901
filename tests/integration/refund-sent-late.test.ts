import { readRefund } from '../../shared/payments/refunds-store.ts';
import { submitRefund } from '../../shared/paying/submit-refund.ts';
import { requestedRefund } from '../support/declined-refund.ts';
import { by } from '../support/faulty-table.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';
import type { Sent } from '../support/stopping-table.ts';

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
  Object.assign(world.bank.refundTerms, { queryAfterSeconds: 10, sendAgainAfterSeconds: 60 });
});
afterEach(() => world.stop());

const recordsSend = (command: unknown): boolean =>
  /sentAt = :now/.test((command as Sent).input.UpdateExpression ?? '');

test('a refund whose record is answered late is sent by the next one who looks, and by nobody else', async () => {
  const run = await world.openRun('2026-12-20', 2);
  const { refund: hear } = world.bank.provider;
  let sends = 0;
  Object.assign(world.bank.provider, { refund: () => Promise.reject(new Error('not yet')) });
  const { orderId, number } = await requestedRefund(world, run);
  Object.assign(world.bank.provider, {
    refund: (...asked: Parameters<typeof hear>) => {
      sends += 1;
      return hear(...asked);
    },
  });

  /** Time goes on, and the clean-up comes every five seconds. */
  const pass = async (seconds: number): Promise<void> => {
    for (let passed = 0; passed < seconds; passed += 5) {
      world.pass(5);
      await world.sweep();
    }
  };
  const slow = by(world.bookings, async (command, send) => {
    const answer = await send(command);
    // Others come while this answer is on its way.
    if (recordsSend(command)) await pass(75);
    return answer;
  });
  await submitRefund({ ...world, bookings: slow })(orderId, number);
  await pass(75);

  expect(sends).toBe(1);
  expect(await readRefund(world.bookings, orderId, number)).toMatchObject({ state: 'succeeded' });
  await world.expectClean(run);
});
