import { GetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { itemsOf } from '../../shared/orders/model.ts';
import type { Payment } from '../../shared/payments/model.ts';
import type { Item } from '../../shared/platform/dynamo.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { endOrderData } from '../../shared/upkeep/end-order-data.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { openDocument, orderKeyOf } from '../../shared/users/seal-document.ts';
import { maskName } from '../../shared/users/document.ts';
import { closeForEnd, issuePaidOrder, releaseForEnd } from '../support/order-by-id.ts';
import { person } from '../support/person.ts';
import { by } from '../support/faulty-table.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';
import { yearsLater } from '../support/years-later.ts';

let world: PurchaseWorld;
let { itemsOfOrder, itemOf, daysAfterArrival, sweepDays, findings } = {} as ReturnType<typeof yearsLater>;
beforeEach(async () => {
  world = await purchaseWorld();
  ({ itemsOfOrder, itemOf, daysAfterArrival, sweepDays, findings } = yearsLater(world));
});
afterEach(() => world.stop());

const captured = (payment: Payment) =>
  recordNotification(world)('alipay', {
    notificationId: `n-${payment.paymentId}`,
    paymentNumber: payment.paymentId,
    says: { kind: 'captured', providerTrade: `trade-${payment.paymentId}`, paid: payment.amount },
  });
/** The buyer pays, and the order takes the money or sends it back. */
const takes = async (payment: Payment): Promise<void> => {
  world.buyerPays(payment);
  await captured(payment);
  await applyPayment(world)(payment.paymentId);
};
const issued = async (people: number[]): Promise<OrderId> => {
  const run = await world.openRun('2026-12-20', 1);
  const orderId = await world.held(run, people);
  await takes(await world.pay(orderId));
  await issuePaidOrder(world)(orderId);
  return orderId;
};
/** An order that was left to expire, with a payment that was closed. */
const expired = async (): Promise<{ orderId: OrderId; payment: Payment }> => {
  const run = await world.openRun('2026-12-20', 1);
  const orderId = await world.held(run, [1]);
  const payment = await world.pay(orderId);
  world.bank.trades.delete(payment.paymentId);
  world.pass(1300);
  await closeForEnd(world)(orderId, 'expired');
  await releaseForEnd(world)(orderId);
  world.pass(600);
  await world.sweep();
  await world.standing(orderId, 'expired');
  return { orderId, payment };
};

/** All that a stored item says, bytes as text. */
const textOf = (items: readonly Item[]): string => JSON.stringify(items);

const personal = (n: number): string[] => [`旅客${n}`, person(n).number, 'someone@example.com'];

describe('personal data', () => {
  test('ends the profile’s days after the arrival, and not before', async () => {
    const orderId = await issued([1, 2]);
    await sweepDays(orderId, 28, 29);
    expect(textOf(await itemsOfOrder(orderId))).toContain('旅客1');

    await sweepDays(orderId, 30, 31);
    const items = await itemsOfOrder(orderId);
    for (const text of [...personal(1), ...personal(2)]) expect(textOf(items)).not.toContain(text);
    for (const name of [
      'documentSealed',
      'documentClaim',
      'documentMasked',
      'documentKey',
      'contact',
      'code',
    ])
      expect(textOf(items)).not.toContain(`"${name}"`);
    const order = await world.standing(orderId, 'issued');
    expect(itemsOf(order).map(({ passenger }) => passenger)).toEqual(
      [1, 2].map((n) => ({ name: maskName(`旅客${n}`), nameMasked: maskName(`旅客${n}`), type: 'adult' })),
    );
    expect(await findings()).toEqual([]);
    expect(items.filter(({ ttl, sk }) => ttl !== undefined && !String(sk).startsWith('SENT'))).toEqual([]);
  });

  test('a sealed document opens with both halves of its key, and with neither alone', async () => {
    const orderId = await issued([1]);
    const order = await world.standing(orderId, 'issued');
    const sealed = order.items['1']?.passenger.documentSealed ?? '';
    const { seal } = await world.keys();
    const retention = await itemOf(orderId, 'RETENTION');
    const documentKey = String(retention?.['documentKey']);
    expect(openDocument(orderKeyOf(seal, documentKey), sealed, orderId)).toEqual(person(1));
    expect(() => openDocument(seal, sealed, orderId)).toThrow();
    await sweepDays(orderId, 31, 31);
    expect(await itemOf(orderId, 'RETENTION')).not.toHaveProperty('documentKey');
  });

  test('claims go with it', async () => {
    const orderId = await issued([1]);
    const claim = (await world.standing(orderId, 'issued')).items['1']?.passenger.documentClaim ?? '';
    const key = { pk: `CLAIM#${claim}#2026-12-20`, sk: 'CLAIM' };
    const claims = async () =>
      (await world.bookings.client.send(new GetCommand({ TableName: world.bookings.name, Key: key }))).Item?.[
        'claims'
      ];
    expect(await claims()).not.toEqual({});
    await sweepDays(orderId, 31, 31);
    expect(await claims()).toEqual({});
  });

  test('ends once: whoever comes later changes nothing', async () => {
    const orderId = await issued([1]);
    await daysAfterArrival(orderId, 31);
    const both = await Promise.all([endOrderData(world)(orderId), endOrderData(world)(orderId)]);
    expect(both).toContainEqual({ outcome: 'accepted', step: 'strip' });
    const before = await itemsOfOrder(orderId);
    expect(await endOrderData(world)(orderId)).toMatchObject({ step: 'none' });
    expect(await itemsOfOrder(orderId)).toEqual(before);
  });

  test('is not touched when the answer is lost, and ends with the next try', async () => {
    const orderId = await issued([1]);
    await daysAfterArrival(orderId, 31);
    const bookings = by(world.bookings, async (command, send) => {
      await send(command);
      if (command instanceof TransactWriteCommand) throw new Error('the answer was lost');
      return send(command);
    });
    await expect(endOrderData({ ...world.dependencies, bookings })(orderId)).rejects.toThrow();
    expect(await endOrderData(world)(orderId)).toMatchObject({ step: 'none' });
    expect(await itemOf(orderId, 'RETENTION')).toMatchObject({ state: 'stripped' });
  });
});

describe('an order that is not at rest', () => {
  test('waits while a refund is on its way, and ends when it is back', async () => {
    const { orderId, payment } = await expired();
    await daysAfterArrival(orderId, 29);
    await takes(payment);
    world.bank.state.refundAnswer = { state: 'processing' };
    await sweepDays(orderId, 31, 33);
    expect(textOf(await itemsOfOrder(orderId))).toContain('旅客1');
    world.bank.state.refundAnswer = { state: 'succeeded' };
    await sweepDays(orderId, 34, 36);
    expect(await world.standing(orderId, 'refunded')).not.toHaveProperty('contact');
    expect(await findings()).toEqual([]);
  });

  test('waits though it is issued, while the money of a second payment is on its way back', async () => {
    const orderId = await world.held(await world.openRun('2026-12-20', 1), [1]);
    const [first, second] = [await world.pay(orderId), await world.pay(orderId)];
    await takes(first);
    await issuePaidOrder(world)(orderId);
    await daysAfterArrival(orderId, 29);
    await takes(second);
    world.bank.state.refundAnswer = { state: 'processing' };
    await sweepDays(orderId, 31, 33);
    expect(await world.standing(orderId, 'issued')).toHaveProperty('contact');
    world.bank.state.refundAnswer = { state: 'succeeded' };
    await sweepDays(orderId, 34, 36);
    expect(await world.standing(orderId, 'issued')).not.toHaveProperty('contact');
    expect(await findings()).toEqual([]);
  });

  test('waits while it needs a person', async () => {
    const orderId = await issued([1]);
    const paymentKey = { pk: `ORDER#${orderId}`, sk: `PAYMENT#${orderId}_1` };
    const set = (expression: string, values?: Item) =>
      world.bookings.client.send(
        new UpdateCommand({
          TableName: world.bookings.name,
          Key: paymentKey,
          UpdateExpression: expression,
          ...(values && { ExpressionAttributeValues: values }),
        }),
      );
    await set('SET attention = :a, attentionShard = :s, attentionSince = :t', {
      ':a': { kind: 'amount-disputed', why: 'told 2', since: world.time.now },
      ':s': 'ATTENTION#0',
      ':t': world.time.now,
    });
    await sweepDays(orderId, 31, 33);
    expect(textOf(await itemsOfOrder(orderId))).toContain('旅客1');
    await set('REMOVE attention, attentionShard, attentionSince');
    await sweepDays(orderId, 34, 35);
    expect(textOf(await itemsOfOrder(orderId))).not.toContain('旅客1');
  });

  test('money that comes after its passengers are forgotten goes back, and the books agree', async () => {
    const { orderId, payment } = await expired();
    await sweepDays(orderId, 31, 31);
    expect(await itemOf(orderId, 'RETENTION')).toMatchObject({ state: 'stripped' });
    world.buyerPays(payment);
    expect(await captured(payment)).toMatchObject({ now: 'recorded' });
    await sweepDays(orderId, 33, 35);
    await world.standing(orderId, 'refunded');
    expect(await findings()).toEqual([]);
  });

  test('money between reading and stripping keeps the order as it is', async () => {
    const { orderId, payment } = await expired();
    await daysAfterArrival(orderId, 31);
    world.buyerPays(payment);
    const bookings = by(world.bookings, async (command, send) => {
      if (command instanceof TransactWriteCommand) await captured(payment);
      return send(command);
    });
    expect(await endOrderData({ ...world.dependencies, bookings })(orderId)).toMatchObject({
      reason: 'changed-meanwhile',
    });
    expect(textOf(await itemsOfOrder(orderId))).toContain('旅客1');
  });
});

describe('an order', () => {
  test('gets one end for all of its items years later, and the books one of their own', async () => {
    const orderId = await issued([1, 2]);
    await sweepDays(orderId, 31, 31);
    await daysAfterArrival(orderId, 3 * 366 - 1);
    await world.sweep();
    expect((await itemOf(orderId, 'ORDER'))?.['ttl']).toBeUndefined();
    await sweepDays(orderId, 3 * 366 + 1, 3 * 366 + 1);
    const ends = Math.floor(Date.parse(world.time.now) / 1000) + 14 * 86_400;
    const items = await itemsOfOrder(orderId);
    const [books, others] = [
      items.filter(({ sk }) => String(sk).startsWith('JOURNAL#')),
      items.filter(({ sk }) => !/^(?:JOURNAL#|SENT#|RETENTION)/.test(String(sk))),
    ];
    expect(others.map(({ sk, ttl }) => ({ sk, ttl }))).toEqual(others.map(({ sk }) => ({ sk, ttl: ends })));
    expect(books).toHaveLength(2);
    for (const { ttl } of books) expect(new Date(Number(ttl) * 1000).getUTCFullYear()).toBe(2057);
    expect(await itemOf(orderId, 'RETENTION')).toMatchObject({ state: 'leaving' });
    expect(await itemOf(orderId, 'RETENTION')).not.toHaveProperty('ttl');

    await sweepDays(orderId, 3 * 366 + 15, 3 * 366 + 15);
    const last = await itemOf(orderId, 'RETENTION');
    expect(last).toMatchObject({ state: 'over', ttl: ends });
    expect(last).not.toHaveProperty('dueAt');
    expect(await findings()).toEqual([]);
  });

  test('that moves while it is leaving is kept on until its money is back', async () => {
    const { orderId, payment } = await expired();
    await sweepDays(orderId, 31, 31);
    await sweepDays(orderId, 3 * 366 + 1, 3 * 366 + 1);
    expect(await itemOf(orderId, 'RETENTION')).toMatchObject({ state: 'leaving' });
    world.buyerPays(payment);
    world.bank.state.refundAnswer = { state: 'processing' };
    await captured(payment);
    await sweepDays(orderId, 3 * 366 + 2, 3 * 366 + 15);
    const moving = await itemsOfOrder(orderId);
    const ending = moving.filter(({ ttl, sk }) => ttl !== undefined && !String(sk).startsWith('JOURNAL#'));
    expect(ending.map(({ sk }) => sk)).toEqual([]);
    world.bank.state.refundAnswer = { state: 'succeeded' };
    await sweepDays(orderId, 3 * 366 + 16, 3 * 366 + 20);
    expect(await itemOf(orderId, 'RETENTION')).toMatchObject({ state: 'leaving' });
    const unending = (await itemsOfOrder(orderId)).filter(
      ({ ttl, sk }) => ttl === undefined && !/^(?:RETENTION)/.test(String(sk)),
    );
    expect(unending.map(({ sk }) => sk)).toEqual([]);
  });
});
