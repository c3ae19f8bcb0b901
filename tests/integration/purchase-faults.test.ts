import { DynamoDBClient, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { holdAgain } from '../../shared/inventory/hold-again.ts';
import { placeSchema } from '../../shared/inventory/model.ts';
import { nameOfPiece } from '../../shared/inventory/pieces.ts';
import { readOrder } from '../../shared/orders/store.ts';
import { dueOf } from '../../shared/platform/due.ts';
import { documentClient, type Table } from '../../shared/platform/dynamo.ts';
import { orderIdSchema, userIdSchema } from '../../shared/platform/ids.ts';
import { listPayments } from '../../shared/payments/store.ts';
import type { PaymentProvider } from '../../shared/payments/provider.ts';
import type { Payment } from '../../shared/payments/model.ts';
import { refundPaidOrder } from '../../shared/purchase/issue-order.ts';
import { recordNotification } from '../../shared/purchase/record-notification.ts';
import { submitRefund } from '../../shared/purchase/submit-refund.ts';
import { startPayment } from '../../shared/purchase/start-payment.ts';
import { applyPayment } from '../../shared/purchase/apply-payment.ts';
import { cleanUp } from '../../shared/purchase/clean-up.ts';
import { cancelOrder } from '../../shared/purchase/cancel-order.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeAll(async () => {
  world = await purchaseWorld();
});
afterAll(() => world.stop());

let day = 2;
const nextRun = (rows = 2) => world.openRun(`2026-12-${String((day += 1)).padStart(2, '0')}`, rows);

type Run = Awaited<ReturnType<typeof nextRun>>;
type Send = (command: unknown) => Promise<unknown>;

/** A table whose requests go through `way`, which may lose their answers, keep them back, or send them twice. */
const by = (table: Table, way: (command: unknown, send: Send) => Promise<unknown>): Table => {
  const send = table.client.send.bind(table.client) as unknown as Send;
  return {
    ...table,
    client: { send: (command: unknown) => way(command, send) } as unknown as Table['client'],
  };
};

/** Does `work` while `Bookings` is reached another way. */
const reaching = async <Value>(bookings: Table, work: () => Promise<Value>): Promise<Value> => {
  const usual = world.dependencies.bookings;
  world.dependencies.bookings = bookings;
  try {
    return await work();
  } finally {
    world.dependencies.bookings = usual;
  }
};

const notify = ({ paymentId, amount }: Payment) =>
  recordNotification(world)('alipay', {
    notificationId: `n-${paymentId}`,
    paymentNumber: paymentId,
    says: { kind: 'captured', providerTrade: `trade-${paymentId}`, paid: amount },
  });

const owned = async (run: Run) => (await world.pieces(run)).filter(({ owner }) => owner !== 'free').length;

describe('a hold that is not committed', () => {
  test('can never be committed by a copy of its request that lands after its seats were given back', async () => {
    const run = await nextRun(4);
    const user = 'at-the-limit';
    const open = [];
    for (let n = 0; n < 10; n += 1) open.push(await world.held(run, [300 + n], { user }));
    let late: TransactWriteCommand | undefined;
    const outcome = await reaching(
      by(world.bookings, (command, send) => {
        if (command instanceof TransactWriteCommand) late ??= command;
        return send(command);
      }),
      () => world.order(run, [320], { user }),
    );
    expect(outcome).toEqual({ outcome: 'rejected', reason: 'too-many-open-orders' });
    await cancelOrder(world)(open[0]!, userIdSchema.parse(user));

    await expect(world.bookings.client.send(late!)).rejects.toThrow('Transaction');
    const orderId = orderIdSchema.parse(String(late!.input.TransactItems?.[0]?.Put?.Item?.['orderId']));
    expect((await readOrder(world.bookings, orderId))?.state).toBe('void');
    expect(await owned(run)).toBe(9);
  });

  test('gives its seats back when what it needs cannot be read', async () => {
    const run = await nextRun();
    const outcome = await reaching(
      by(world.bookings, (command, send) =>
        (command as object).constructor.name === 'BatchGetCommand'
          ? Promise.reject(new Error('no answer'))
          : send(command),
      ),
      () => world.order(run, [330]),
    );
    expect(outcome).toEqual({ outcome: 'rejected', reason: 'busy' });
    expect(await owned(run)).toBe(0);
  });

  test('holds nothing when the keys for its documents cannot be read', async () => {
    const run = await nextRun();
    const { keys } = world.dependencies;
    world.dependencies.keys = () => Promise.reject(new Error('no answer'));
    await expect(world.order(run, [331])).rejects.toThrow('no answer');
    world.dependencies.keys = keys;
    expect(await owned(run)).toBe(0);
  });
});

describe('a payment that is asked for twice under one key', () => {
  const wishFor = async (orderId: Awaited<ReturnType<PurchaseWorld['held']>>, provider: PaymentProvider) => {
    const { userId } = await world.standing(orderId, 'held');
    const scope = { userId, route: 'payments', key: `twice-${orderId}`, bodyHash: '' };
    return { orderId, userId, provider, returnUrl: undefined, scope };
  };

  test('stays payable when the requests meet while it is begun', async () => {
    const orderId = await world.held(await nextRun(), [340]);
    const closed: string[] = [];
    const provider: PaymentProvider = {
      ...world.bank.provider,
      close: (payment) => {
        closed.push(payment.paymentId);
        return world.bank.provider.close(payment);
      },
    };
    let second: ReturnType<ReturnType<typeof startPayment>> | undefined;
    const first = await startPayment(world.dependencies)(
      await wishFor(orderId, {
        ...provider,
        begin: async (payment, how) => {
          second = startPayment(world.dependencies)(await wishFor(orderId, provider));
          await second;
          return provider.begin(payment, how);
        },
      }),
    );
    expect(first).toMatchObject({ outcome: 'accepted', payment: { state: 'pending' } });
    expect(await second).toMatchObject({ outcome: 'accepted', payment: { state: 'pending' } });
    expect(closed).toEqual([]);
  });

  test('is not handed out the second time when the order is on its way out', async () => {
    const orderId = await world.held(await nextRun(), [341]);
    const silent: PaymentProvider = {
      ...world.bank.provider,
      begin: () => Promise.reject(new Error('no answer')),
    };
    const wish = await wishFor(orderId, silent);
    await expect(startPayment(world.dependencies)(wish)).rejects.toThrow('no answer');
    world.bank.state.silent = true;
    const { userId } = wish;
    expect(await cancelOrder(world)(orderId, userId)).toMatchObject({ order: { state: 'closing' } });
    world.bank.state.silent = false;
    expect(await startPayment(world.dependencies)({ ...wish, provider: world.bank.provider })).toEqual({
      outcome: 'rejected',
      reason: 'order-not-held',
    });
    expect((await listPayments(world.bookings, orderId)).map(({ state }) => state)).toEqual(['created']);
  });
});

describe('the clean-up', () => {
  const poison = (dueShard: string) =>
    Array.from({ length: 60 }, (_, n) => ({
      pk: `ORDER#01ARZ3NDEKTSV4RRFFQ69G5F${String(n).padStart(2, '0')}`,
      sk: 'ORDER',
      state: 'unheard-of',
      dueShard,
      dueAt: '2026-12-01T00:00:00.000Z',
    }));

  test('gets past any number of items that fail, and tells of each', async () => {
    const orderId = await world.held(await nextRun(), [400]);
    const { dueShard } = dueOf(orderId, world.time.now);
    const stuck = poison(dueShard);
    const { client, name: TableName } = world.bookings;
    for (const Item of stuck) await client.send(new PutCommand({ TableName, Item }));
    world.pass(901);
    const report = await cleanUp(world.dependencies)({ hasTime: () => true });
    await world.standing(orderId, 'expired');
    expect(report.failed).toHaveLength(stuck.length);
    for (const { pk, sk } of stuck) {
      await client.send(new DeleteCommand({ TableName, Key: { pk, sk } }));
    }
  });

  test('is done with an order whose refund was confirmed while its seats were released', async () => {
    const run = await nextRun();
    const orderId = await world.held(run, [402]);
    const payment = await world.pay(orderId);
    await notify(payment);
    await applyPayment(world)(payment.paymentId);
    await refundPaidOrder(world)(orderId);
    const number = `${payment.paymentId}_whole`;
    // Between reading the order and writing that it is refunded, its seats are released.
    await submitRefund({
      ...world,
      bookings: by(world.bookings, async (command, send) => {
        if (command instanceof TransactWriteCommand)
          await cleanUp(world.dependencies)({ hasTime: () => true });
        return send(command);
      }),
    })(orderId, number);
    const order = await world.standing(orderId, 'refunded');
    expect(order.items['1']?.releaseDue).toBeUndefined();
    world.pass(60);
    await cleanUp(world.dependencies)({ hasTime: () => true });
    expect((await world.standing(orderId, 'refunded')).dueAt).toBeUndefined();
    expect(await owned(run)).toBe(0);
  });

  test('puts an order that waits for a silent provider behind all else', async () => {
    const orderId = await world.held(await nextRun(), [401]);
    await world.pay(orderId);
    world.bank.state.silent = true;
    world.pass(901);
    await cleanUp(world.dependencies)({ hasTime: () => true });
    await cleanUp(world.dependencies)({ hasTime: () => true });
    world.bank.state.silent = false;
    const order = await world.standing(orderId, 'closing');
    expect(order.dueAt! > world.time.now).toBe(true);
  });
});

describe('what a person must look into', () => {
  test('another amount at the provider is shown, and does not keep the seats for ever', async () => {
    const run = await nextRun();
    const orderId = await world.held(run, [410]);
    const payment = await world.pay(orderId);
    world.bank.trades.set(payment.paymentId, {
      state: 'captured',
      providerTrade: 'other',
      paid: { amount: 1, currency: 'CNY' },
    });
    world.pass(901 + 300);
    await cleanUp(world.dependencies)({ hasTime: () => true });
    const order = await world.standing(orderId, 'expired');
    expect(order.needsAttention).toContain('another amount');
    expect(await owned(run)).toBe(0);
    world.bank.trades.delete(payment.paymentId);
  });

  test('a refund that failed for good is told of, even if its teller dies in between', async () => {
    const orderId = await world.held(await nextRun(), [411]);
    const payment = await world.pay(orderId);
    await notify(payment);
    await applyPayment(world)(payment.paymentId);
    await refundPaidOrder(world)(orderId);
    world.bank.state.refundAnswer = { state: 'failed', why: 'no-such-account' };
    let writes = 0;
    const dying = by(world.bookings, (command, send) =>
      command instanceof UpdateCommand && (writes += 1) > 1
        ? Promise.reject(new Error('died'))
        : send(command),
    );
    const number = `${payment.paymentId}_whole`;
    await expect(submitRefund({ ...world, bookings: dying })(orderId, number)).rejects.toThrow('died');
    expect((await world.standing(orderId, 'refunding')).needsAttention).toContain('no-such-account');
    expect(await submitRefund(world)(orderId, number)).toBe('failed');
    world.bank.state.refundAnswer = { state: 'succeeded' };
  });
});

describe('a write of an item that a transaction has in hand', () => {
  const conflicting = (times: number): Table => {
    let left = times;
    const base = new DynamoDBClient({
      endpoint: world.tables.endpoint,
      region: 'local',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    base.middlewareStack.add(
      (next, { commandName }) =>
        (request) =>
          commandName === 'UpdateItemCommand' && (left -= 1) >= 0
            ? Promise.reject(new TransactionConflictException({ message: 'ongoing', $metadata: {} }))
            : next(request),
      { step: 'deserialize', priority: 'low' },
    );
    return { ...world.bookings, client: documentClient(base) };
  };

  test('is repeated: an order can be cancelled while it is being read for a payment', async () => {
    const orderId = await world.held(await nextRun(), [420]);
    const { userId } = await world.standing(orderId, 'held');
    const outcome = await cancelOrder({ ...world, bookings: conflicting(2) })(orderId, userId);
    expect(outcome).toMatchObject({ outcome: 'accepted', order: { state: 'cancelled' } });
  });

  test('is given up after a while', async () => {
    const orderId = await world.held(await nextRun(), [421]);
    const { userId } = await world.standing(orderId, 'held');
    const giveUp = cancelOrder({ ...world, bookings: conflicting(100) })(orderId, userId);
    await expect(giveUp).rejects.toMatchObject({ name: 'TransactionConflictException' });
  });
});

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
    const run = await nextRun(20);
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
    const run = await nextRun(20);
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
    expect(await owned(run)).toBe(0);
  });

  test('never need an expression of more than 300 operators', async () => {
    const run = await nextRun(20);
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
    expect(await owned(run)).toBe(9);
  });
});

describe('money that two appliers take up at once', () => {
  test('is applied by one, and the other finds nothing to apply', async () => {
    const orderId = await world.held(await nextRun(), [450]);
    const payment = await world.pay(orderId);
    await notify(payment);
    // The other one applies it between this one's reading of the payment and of the order.
    const bookings = by(world.bookings, async (command, send) => {
      if (command instanceof GetCommand && command.input.Key?.['sk'] === 'ORDER') {
        await applyPayment(world)(payment.paymentId);
      }
      return send(command);
    });
    expect(await applyPayment({ ...world, bookings })(payment.paymentId)).toBe('nothing-to-apply');
    await world.standing(orderId, 'paid');
  });

  test('takes seats again that a dead applier has left held', async () => {
    const run = await nextRun();
    const orderId = await world.held(run, [451]);
    const payment = await world.pay(orderId);
    world.bank.trades.delete(payment.paymentId);
    world.pass(1300);
    await cleanUp(world.dependencies)({ hasTime: () => true });
    const { items } = await world.standing(orderId, 'expired');
    await notify(payment);
    await holdAgain(world)(
      orderId,
      Object.values(items).map(({ place }) => place),
    );
    expect(await applyPayment(world)(payment.paymentId)).toBe('waiting');
    world.pass(61);
    expect(await applyPayment(world)(payment.paymentId)).toBe('waiting');
    expect(await applyPayment(world)(payment.paymentId)).toBe('paid');
    expect(await owned(run)).toBe(1);
  });
});
