import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { attentionAttributes } from '../../shared/bookings/attention.ts';
import type { ItemKey } from '../../shared/bookings/keys.ts';
import { keyOfOrder } from '../../shared/orders/change-store.ts';
import { keyOfRetention } from '../../shared/orders/retention-store.ts';
import { putSuspect } from '../../shared/orders/suspects-store.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { keyOfRefund } from '../../shared/payments/refunds-store.ts';
import { keyOfPayment, readPayment } from '../../shared/payments/store.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import { plusSeconds } from '../../shared/platform/time.ts';
import type { Run } from '../../shared/timetable/model.ts';
import {
  listWhatNeedsAPerson,
  measureAttention,
  retryAttention,
  settle,
} from '../../shared/upkeep/attention.ts';
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
const listed = async () =>
  (await listWhatNeedsAPerson(world.bookings, { perShardMax: 100 })).items.map(
    ({ id, attention: { kind } }) => `${kind} ${id}`,
  );

/** As the clean-up leaves what it has failed for this long. */
const fails = async (key: ItemKey, orderId: OrderId, kind = 'keeps-failing', secondsAgo = 0) => {
  const attention = { kind, why: 'TypeError', since: world.time.now };
  const values = {
    ...attentionAttributes(orderId, attention),
    postponedAt: plusSeconds(world.time.now, -secondsAgo),
  };
  const names = Object.keys(values);
  await world.bookings.client.send(
    new UpdateCommand({
      TableName: world.bookings.name,
      Key: key,
      UpdateExpression: `SET ${names.map((name) => `${name} = :${name}`).join(', ')}`,
      ExpressionAttributeValues: Object.fromEntries(Object.entries(values).map(([n, v]) => [`:${n}`, v])),
    }),
  );
};

describe('what the clean-up has failed for', () => {
  test('needs no person once nothing of it is due, or it has gone well for half an hour', async () => {
    const { orderId, number } = await declinedRefund(world, run);
    await settle(world)(number, zhang);
    await settle(world)(number, zhang, { paid: true });
    await fails(keyOfRefund(orderId, number), orderId);
    await world.sweep();
    expect(await listed()).toEqual([`keeps-failing ${number}`]);
    expect((await retryAttention(world)(number, zhang)).outcome).toBe('accepted');
    await world.sweep();
    world.pass(1801);
    await world.sweep();
    expect(await listed()).toEqual([]);

    const held = await world.held(run, [2]);
    const payment = await world.pay(held);
    await fails(keyOfPayment(payment.paymentId), held);
    world.pass(1000);
    await world.sweep();
    expect((await readPayment(world.bookings, payment.paymentId))?.dueAt).toBeUndefined();
    expect(await listed()).toEqual([]);
  });

  test('is known by the id in the list, whatever it is, and can be tried again', async () => {
    const orderId = await world.held(run, [1]);
    const { items } = await world.standing(orderId, 'held');
    const { shard, owner } = Object.values(items)[0]!.place;
    await fails(keyOfRetention(orderId), orderId);
    const dueAt = plusSeconds(world.time.now, 60);
    await putSuspect(world.bookings, { orderId, shard, owner, dueAt });
    const sk = `SUSPECT#${shard.runId}#${shard.class}#${shard.shard}#${shard.generation}#${owner}`;
    await fails({ pk: `ORDER#${orderId}`, sk }, orderId);
    const ids = (await listWhatNeedsAPerson(world.bookings, { perShardMax: 100 })).items.map(({ id }) => id);
    expect(ids.toSorted()).toEqual([`${orderId}_data`, sk.slice('SUSPECT#'.length)].toSorted());
    for (const id of ids) {
      expect((await findSubject(world.bookings, id))?.item.attention?.kind).toBe('keeps-failing');
      expect((await retryAttention(world)(id, zhang)).outcome).toBe('accepted');
      expect(await settle(world)(id, zhang)).toMatchObject({ reason: 'ends-by-itself' });
    }
    world.pass(180);
    await world.sweep();
    expect(await listed()).toEqual([]);
  });
});

describe('an order that ends', () => {
  test.each([
    ['needs a person no more for what kept failing', 'keeps-failing', []],
    ['still needs one for what a person must settle', 'workflow-died', ['workflow-died']],
  ])('%s', async (_, kind, still) => {
    const orderId = await world.held(run, [1]);
    await fails(keyOfOrder(orderId), orderId, kind);
    world.pass(3600);
    await world.sweep();
    await world.sweep();
    await world.standing(orderId, 'expired');
    expect(await listed()).toEqual(still.map((each) => `${each} ${orderId}`));
    expect(await settle(world)(orderId, zhang)).toMatchObject(
      still.length > 0 ? { now: 'seen-to' } : { reason: 'ends-by-itself' },
    );
    expect(await listed()).toEqual([]);
  });
});

describe('what another release has put into the index', () => {
  test('hides nothing, is shown as it is, and keeps no money from its use', async () => {
    const orderId = await world.held(run, [1]);
    const payment = await world.pay(orderId);
    world.buyerPays(payment);
    await world.notify(payment);
    await fails(keyOfPayment(payment.paymentId), orderId, 'of-a-later-release');
    const odd = { pk: `ORDER#${orderId}`, sk: 'REFUND#odd', attention: 7, attentionShard: 'ATTENTION#0' };
    const Item = { ...odd, attentionSince: world.time.now };
    await world.bookings.client.send(new PutCommand({ TableName: world.bookings.name, Item }));
    expect(await listed()).toEqual(
      expect.arrayContaining([`of-a-later-release ${payment.paymentId}`, 'unreadable odd']),
    );
    expect((await measureAttention(world.bookings, world.time.now)).waiting).toBe(2);
    expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ now: 'paid' });
    expect((await readPayment(world.bookings, payment.paymentId))?.attention?.kind).toBe(
      'of-a-later-release',
    );
  });
});
