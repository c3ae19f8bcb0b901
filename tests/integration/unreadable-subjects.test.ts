import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { attentionAttributes } from '../../shared/bookings/attention.ts';
import type { ItemKey } from '../../shared/bookings/keys.ts';
import { keyOfOrder } from '../../shared/orders/change-store.ts';
import { keyOfPayment } from '../../shared/payments/store.ts';
import { keyOfRefund } from '../../shared/payments/refunds-store.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { retryAttention, settle } from '../../shared/upkeep/attention.ts';
import { findSubject } from '../../shared/upkeep/find-subject.ts';
import { declinedRefund } from '../support/declined-refund.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
let run: Run;
beforeEach(async () => {
  world = await purchaseWorld();
  run = await world.openRun('2026-12-20', 2);
});
afterEach(() => world.stop());

const zhang = { by: 'zhang', reason: 'the cause is mended' };

/** Makes an item that this release cannot read, and that a person is asked about. */
const spoil = async (key: ItemKey, orderId: OrderId, kind = 'keeps-failing') => {
  const handled = [{ at: world.time.now, by: 'li', did: 'retried', reason: 'a try' }, 'nonsense'];
  const attention = { kind, why: 'ZodError', since: world.time.now };
  const values: Record<string, unknown> = {
    ...attentionAttributes(orderId, attention),
    handled,
    amount: 'much',
  };
  await world.bookings.client.send(
    new UpdateCommand({
      TableName: world.bookings.name,
      Key: key,
      UpdateExpression: `SET ${Object.keys(values)
        .map((name) => `${name} = :${name}`)
        .join(', ')}`,
      ExpressionAttributeValues: Object.fromEntries(Object.entries(values).map(([n, v]) => [`:${n}`, v])),
    }),
  );
};

const held = async () => {
  const orderId = await world.held(run, [1]);
  return { orderId, payment: await world.pay(orderId) };
};

/** What is unreadable of each kind, with the id by which a person knows it. */
const unreadable = {
  order: async () => {
    const { orderId } = await held();
    await spoil(keyOfOrder(orderId), orderId);
    return orderId as string;
  },
  payment: async () => {
    const { orderId, payment } = await held();
    await spoil(keyOfPayment(payment.paymentId), orderId);
    return payment.paymentId as string;
  },
  refund: async () => {
    const { orderId, number } = await declinedRefund(world, run);
    await spoil(keyOfRefund(orderId, number), orderId);
    return number;
  },
};

describe.each(Object.entries(unreadable))('an unreadable %s', (of, make) => {
  test('is shown as far as it is readable, with the names of what is not', async () => {
    const id = await make();
    const subject = await findSubject(world.bookings, id);
    expect(subject).toMatchObject({
      kind: 'unreadable',
      of,
      id,
      fields: ['amount', 'handled.1'],
      item: { attention: { kind: 'keeps-failing', why: 'ZodError' }, handled: [{ by: 'li' }] },
    });
    expect(JSON.stringify(subject)).not.toContain('much');
  });

  test('is tried again at once', async () => {
    expect(await retryAttention(world)(await make(), zhang)).toMatchObject({ outcome: 'accepted' });
  });
});

test('what a person must settle is settled without reading the rest', async () => {
  const { orderId, payment } = await held();
  await spoil(keyOfPayment(payment.paymentId), orderId, 'amount-disputed');
  expect(await settle(world)(payment.paymentId, zhang)).toMatchObject({ now: 'seen-to' });
});

test.each([
  ['payment', 'unreadable'],
  ['refund', 'unreadable'],
  ['order', 'ends-by-itself'],
] as const)('an unreadable %s is not settled by hand: nobody knows what it is', async (of, reason) => {
  const id = await unreadable[of]();
  expect(await settle(world)(id, zhang, { unconfirmed: true })).toMatchObject({ reason });
});
