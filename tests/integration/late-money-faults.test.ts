import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { holdAgain } from '../../shared/inventory/hold-again.ts';
import { placeSchema } from '../../shared/inventory/model.ts';
import { nameOfPiece } from '../../shared/inventory/pieces.ts';

import { orderIdSchema } from '../../shared/platform/ids.ts';

import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';

import { by } from '../support/faulty-table.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeAll(async () => {
  world = await purchaseWorld();
});
afterAll(() => world.stop());

describe('seats that are taken again', () => {
  /** Places of an order of the past, on these seats of these shards. */
  const placesOn = (run: Run, seats: readonly (readonly [shard: number, seat: number])[], to = 3) =>
    seats.map(([shard, seat]) =>
      placeSchema.parse({
        shard: { runId: run.runId, class: 'second', shard },
        piece: { seat, from: 0, to },
        owner: 'A'.repeat(32),
        coach: '05',
        seat: `${shard}-${seat}`,
      }),
    );
  const putShard = (run: Run, shard: number, seats: number, legs: number) => {
    const pieces = Array.from({ length: seats * legs }, (_, n) => {
      const from = n % legs;
      return [nameOfPiece({ seat: Math.floor(n / legs), from, to: from + 1 }), Uint8Array.of(0)];
    });
    const Item = { pk: `${run.runId}#second#${shard}`, ...Object.fromEntries(pieces) };
    return world.inventory.client.send(new PutCommand({ TableName: world.inventory.name, Item }));
  };
  const orderId = orderIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV');

  test('are the same for each passenger, though the party is spread over shards', async () => {
    const run = await world.nextRun(20);
    for (const shard of [0, 1]) await putShard(run, shard, 3, 3);
    const places = placesOn(run, [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ]);
    const hold = await holdAgain(world)(orderId, places);
    expect(hold.outcome === 'accepted' && hold.places.map(({ seat }) => seat)).toEqual([
      '0-0',
      '1-0',
      '0-1',
      '1-1',
    ]);
  });

  test('go back when a shard gives no answer', async () => {
    const run = await world.nextRun(20);
    for (const shard of [0, 1]) await putShard(run, shard, 3, 3);
    let holds = 0;
    const inventory = by(world.inventory, (command, send) =>
      command instanceof UpdateCommand && (holds += 1) === 2
        ? Promise.reject(new Error('no answer'))
        : send(command),
    );
    const places = placesOn(run, [
      [0, 0],
      [1, 0],
    ]);
    await expect(holdAgain({ ...world, inventory })(orderId, places)).rejects.toThrow('no answer');
    expect(await world.owned(run)).toHaveLength(0);
  });

  test('never need an expression of more than 300 operators', async () => {
    const run = await world.nextRun(20);
    await putShard(run, 0, 9, 59);
    const operators: number[] = [];
    const inventory = by(world.inventory, (command, send) => {
      const condition = command instanceof UpdateCommand && command.input.ConditionExpression;
      if (condition) operators.push(condition.split(/=| AND |attribute_not_exists/).length - 1);
      return send(command);
    });
    const nine = placesOn(
      run,
      Array.from({ length: 9 }, (_, seat) => [0, seat] as const),
      59,
    );
    expect(await holdAgain({ ...world, inventory })(orderId, nine)).toMatchObject({ outcome: 'accepted' });
    expect(Math.max(...operators)).toBeLessThanOrEqual(300);
    expect(await world.owned(run)).toHaveLength(9);
  });
});

describe('money that two appliers take up at once', () => {
  test('is applied by one, and the other finds nothing to apply', async () => {
    const orderId = await world.held(await world.nextRun(), [450]);
    const payment = await world.pay(orderId);
    await world.notify(payment);
    // The other one applies it between this one's reading of the payment and of the order.
    const bookings = by(world.bookings, async (command, send) => {
      if (command instanceof GetCommand && command.input.Key?.['sk'] === 'ORDER') {
        await applyPayment(world)(payment.paymentId);
      }
      return send(command);
    });
    expect(await applyPayment({ ...world, bookings })(payment.paymentId)).toMatchObject({
      now: 'nothing-to-apply',
    });
    await world.standing(orderId, 'paid');
  });

  test('takes seats again that a dead applier has left held', async () => {
    const run = await world.nextRun();
    const orderId = await world.held(run, [451]);
    const payment = await world.pay(orderId);
    world.bank.trades.delete(payment.paymentId);
    world.pass(1300);
    await cleanUp(world.dependencies)({ hasTime: () => true });
    const { items } = await world.standing(orderId, 'expired');
    await world.notify(payment);
    await holdAgain(world)(
      orderId,
      Object.values(items).map(({ place }) => place),
    );
    expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ reason: 'seats-busy' });
    world.pass(61);
    expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ reason: 'seats-busy' });
    expect(await applyPayment(world)(payment.paymentId)).toMatchObject({ now: 'paid' });
    expect(await world.owned(run)).toHaveLength(1);
  });
});
