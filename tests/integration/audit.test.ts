import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { audit } from '../../shared/audit/rules.ts';
import { auditTables } from '../../shared/audit/scan.ts';
import type { Finding } from '../../shared/audit/model.ts';
import { releasePieces } from '../../shared/inventory/store.ts';
import { holdSeats } from '../../shared/inventory/hold-seats.ts';
import { keyOfOrder } from '../../shared/orders/change-store.ts';
import { putSuspect } from '../../shared/orders/suspects-store.ts';
import { plusSeconds } from '../../shared/platform/time.ts';
import { noteRun } from '../../shared/runs/due-store.ts';
import { flagGoneRun } from '../../shared/runs/gone-store.ts';
import { ownerOf } from '../../shared/inventory/owner.ts';
import { itemsOf } from '../../shared/orders/model.ts';
import { classSchema, orderIdSchema } from '../../shared/platform/ids.ts';
import { newUlid } from '../../shared/platform/random.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { closeForEnd, issuePaidOrder } from '../support/order-by-id.ts';
import { takeSnapshot } from '../support/snapshot.ts';
import { keyunOn } from '../support/keyun-command.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

const auditNow = () => auditTables({ ...world.dependencies, secondLookMilliseconds: 1 });
const named = (findings: readonly Finding[]) => findings.map(({ invariant }) => invariant).sort();

const paid = async (...parameters: Parameters<PurchaseWorld['held']>) => {
  const orderId = await world.held(...parameters);
  const payment = await world.pay(orderId);
  world.buyerPays(payment);
  await recordNotification(world)('alipay', {
    notificationId: `n-${payment.paymentId}`,
    paymentNumber: payment.paymentId,
    says: { kind: 'captured', providerTrade: `trade-${payment.paymentId}`, paid: payment.amount },
  });
  return { orderId, payment };
};

/** Orders in every state that a minute of sales leaves behind, some of them just on their way. */
const busyWorld = async () => {
  const run = await world.openRun('2026-12-20', 4);
  const issued = await paid(run, [1, 2], { from: 0, to: 2 });
  await applyPayment(world)(issued.payment.paymentId);
  await issuePaidOrder(world)(issued.orderId);
  const cancelled = await world.held(run, [3]);
  await closeForEnd(world)(cancelled, 'cancelled');
  await world.held(run, [4], { from: 2, to: 3, user: 'user-1' });
  await world.pay(await world.held(run, [5]));
  await paid(run, [6]);
  const notIssued = await paid(run, [7]);
  await applyPayment(world)(notIssued.payment.paymentId);
  const late = await world.held(run, [8]);
  const latePayment = await world.pay(late);
  return { run, issued, late, latePayment };
};

test('a world in the middle of its work has no finding, read at one moment or while it works', async () => {
  const { run } = await busyWorld();
  await world.count(run);
  expect(audit(await takeSnapshot(world.dependencies))).toEqual([]);
  const report = await auditNow();
  expect(report).toMatchObject({ findings: [], checked: { runs: 1, shards: 1, orders: 7, payments: 5 } });
});

test('a suspicion and a note that nobody handles are findings, and a run that needs a person waits', async () => {
  const run = await world.openRun('2026-12-20', 4);
  const orderId = await world.held(run, [1]);
  const { time, dependencies } = world;
  const shard = { runId: run.runId, class: classSchema.parse('second'), shard: 0, generation: 1 };
  const owner = ownerOf(orderId, Buffer.from([9, 9, 9, 9]), time.now);
  await putSuspect(dependencies.bookings, { orderId, shard, owner, dueAt: time.now });
  await noteRun(dependencies.bookings, run.runId, { dueAt: time.now, now: time.now });
  await flagGoneRun(dependencies.bookings, run.runId, { version: 'newest', now: time.now });
  const now = async (seconds: number) => {
    const report = await auditTables({
      ...dependencies,
      clock: () => plusSeconds(time.now, seconds),
      secondLookMilliseconds: 1,
    });
    const late = report.findings.filter(({ subject }) => subject.kind === 'item');
    return { waiting: report.waiting, late: late.map(({ invariant, key }) => `${invariant} ${key}`) };
  };
  const { pk } = keyOfOrder(orderId);
  const suspicion = expect.stringContaining(`not-overdue ${pk} SUSPECT#`);
  expect(await now(60)).toEqual({ waiting: 1, late: [] });
  expect(await now(600)).toEqual({ waiting: 1, late: [suspicion] });
  const { late } = await now(4 * 3600);
  expect(late.toSorted()).toEqual([suspicion, `not-overdue RUN#${run.runId} CHANGE`]);
});

test('a hold that is being made, and another that died, are young at first and a finding later', async () => {
  const run = await world.openRun('2026-12-20', 4);
  const orderId = orderIdSchema.parse(newUlid(world.time.now));
  const hold = await holdSeats(world.dependencies)({
    orderId,
    run,
    class: classSchema.parse('second'),
    stretch: { from: 0, to: 1 },
    party: 2,
    wishes: {},
    view: undefined,
  });
  if (hold.outcome === 'rejected') throw new Error(hold.reason);
  await world.count(run);
  expect(await auditNow()).toMatchObject({ findings: [], young: 2 });
  world.pass(1000);
  expect(named((await auditNow()).findings)).toEqual(['piece-named', 'piece-named']);
  await releasePieces(world.inventory, hold.places);
  await world.count(run);
  expect((await auditNow()).findings).toEqual([]);
});

test('seats that somebody else freed, and holds that nobody ended, are found', async () => {
  const { run, issued } = await busyWorld();
  const [item] = itemsOf(await world.standing(issued.orderId, 'issued'));
  await releasePieces(world.inventory, [item!.place]);
  await world.count(run);
  expect(named((await auditNow()).findings)).toEqual(['item-owns-piece']);
  world.pass(3600);
  const later = await auditNow();
  expect(new Set(named(later.findings))).toEqual(new Set(['item-owns-piece', 'money-used', 'not-overdue']));
  const text = JSON.stringify(later);
  for (const personal of ['旅客', '11010519', 'someone@example.com']) expect(text).not.toContain(personal);
});

test('after the clean-up nothing is left to find, whatever was left lying', async () => {
  const { run } = await busyWorld();
  for (let minute = 0; minute < 30; minute += 1) {
    world.pass(60);
    await cleanUp(world.dependencies)({ hasTime: () => true });
  }
  await world.count(run);
  expect((await auditNow()).findings).toEqual([]);
});

test('what cannot be read is a finding, and the rest is audited all the same', async () => {
  const { issued, run } = await busyWorld();
  await world.count(run);
  const { bookings, inventory } = world;
  await bookings.client.send(
    new UpdateCommand({
      TableName: bookings.name,
      Key: keyOfOrder(issued.orderId),
      UpdateExpression: 'SET #state = :nonsense',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':nonsense': 'nonsense' },
    }),
  );
  await inventory.client.send(
    new PutCommand({
      TableName: inventory.name,
      Item: { pk: `${run.runId}#second#7`, A01: new Uint8Array(3) },
    }),
  );
  await inventory.client.send(new PutCommand({ TableName: inventory.name, Item: { pk: 'no shard' } }));
  const findings = named((await auditNow()).findings);
  expect(findings.filter((invariant) => invariant === 'readable')).toHaveLength(3);
});

test('a repair between the two looks leaves nothing to report', async () => {
  const { issued, run } = await busyWorld();
  await world.count(run);
  const { bookings } = world;
  const order = await world.standing(issued.orderId, 'issued');
  const put = (openOrders: number) =>
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: { pk: `USER#${order.userId}`, sk: 'OPEN' },
        UpdateExpression: 'SET openOrders = :count',
        ExpressionAttributeValues: { ':count': openOrders },
      }),
    );
  await put(5);
  expect((await auditNow()).findings).toMatchObject([{ invariant: 'open-count', severity: 'serious' }]);
  let repairing: Promise<unknown> = Promise.resolve();
  const report = await auditTables({
    ...world.dependencies,
    secondLookMilliseconds: 300,
    onProgress: ({ step }) => {
      if (step === 'second look') repairing = put(1);
    },
  });
  await repairing;
  expect(report.findings).toEqual([]);
});

const keyunAudit = keyunOn(() => world, 'audit');

test('the command says what it looked at, and fails only when it found something', async () => {
  const { run, issued } = await busyWorld();
  await world.count(run);
  const clean = await keyunAudit();
  expect(clean).toMatchObject({ code: 0, out: expect.stringMatching(/7 orders.*\nNo findings\n$/s) });
  expect(clean.err).toMatch(/^auditing: shards\n/);

  const [item] = itemsOf(await world.standing(issued.orderId, 'issued'));
  await releasePieces(world.inventory, [item!.place]);
  await world.count(run);
  const found = await keyunAudit('--json');
  expect(found.code).toBe(1);
  expect(JSON.parse(found.out)).toMatchObject({ findings: [{ invariant: 'item-owns-piece' }], young: 0 });
}, 90_000);
