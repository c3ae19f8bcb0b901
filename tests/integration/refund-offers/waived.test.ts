import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { jobIdSchema, type OrderId } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';
import { plusSeconds, type Instant } from '../../../shared/platform/time.ts';
import type { Waiver } from '../../../shared/tickets/model.ts';
import { made, refundWorld, type RefundWorld } from '../../support/refund-world.ts';

/* Tickets whose fee is waived: the carrier does not carry as it sold. */

let world: RefundWorld;
beforeEach(async () => {
  world = await refundWorld();
});
afterEach(() => world.stop());

const fen = (amount: number) => money(amount, 'CNY');

const waive = async (orderId: OrderId, item: number, reason: Waiver['reason'], until: Instant) => {
  const waiver: Waiver = { jobId: jobIdSchema.parse('G1~2026-12-05~delay-90'), reason, until };
  await world.bookings.client.send(
    new UpdateCommand({
      TableName: world.bookings.name,
      Key: { pk: `ORDER#${orderId}`, sk: `TICKET#${item}` },
      UpdateExpression: 'SET waiver = :waiver',
      ExpressionAttributeValues: { ':waiver': waiver },
    }),
  );
};

test('a waived ticket goes back without a fee beside one that is not, and its offer ends with the waiver', async () => {
  const run = await world.openRun('2026-12-05', 1);
  const orderId = await world.issued(run, [1, 2]);
  const until = plusSeconds(world.time.now, 60);
  await waive(orderId, 2, 'delayed', until);
  const offer = await made(world.offer(orderId, 'user-1'));
  expect(offer).toMatchObject({
    validUntil: until,
    tickets: [
      { fee: fen(6000), rule: { percent: 20 } },
      { fee: fen(0), rule: { delayed: true, percent: 0 } },
    ],
    refund: fen(54_000),
  });
  expect(await world.accept(offer, 'user-1')).toMatchObject({ outcome: 'accepted' });
  expect((await world.stored(orderId)).tickets).toMatchObject([
    { state: 'refunded', refund: { fee: fen(6000) } },
    { state: 'refunded', refund: { fee: fen(0), rule: { delayed: true } } },
  ]);
  await world.expectClean(run);
});

test('a fee that is waived after the offer is not kept', async () => {
  const run = await world.openRun('2026-12-05', 1);
  const orderId = await world.issued(run, [1]);
  const offer = await made(world.offer(orderId, 'user-1'));
  expect(offer).toMatchObject({ refund: fen(24_000) });
  await waive(orderId, 1, 'stop-cancelled', plusSeconds(world.time.now, 86_400));
  await world.accept(offer, 'user-1');
  const { tickets, refunds } = await world.stored(orderId);
  expect(tickets).toMatchObject([{ refund: { fee: fen(0), rule: { stopCancelled: true } } }]);
  expect(refunds).toMatchObject([{ amount: fen(30_000) }]);
  await world.expectClean(run);
});

test.each([
  [-1, 0],
  [0, 6000],
  [1, 6000],
])('%d s after the end of the waiver the fee is %d', async (seconds, fee) => {
  const run = await world.openRun('2026-12-05', 1);
  const orderId = await world.issued(run, [1]);
  await waive(orderId, 1, 'delayed', plusSeconds(world.time.now, -seconds));
  expect(await made(world.offer(orderId, 'user-1'))).toMatchObject({ tickets: [{ fee: fen(fee) }] });
});
