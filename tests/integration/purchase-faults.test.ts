import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';

import { readOrder } from '../../shared/orders/store.ts';

import { type Table } from '../../shared/platform/dynamo.ts';
import { orderIdSchema, userIdSchema } from '../../shared/platform/ids.ts';
import { listPayments } from '../../shared/payments/store.ts';
import type { PaymentProvider } from '../../shared/payments/provider.ts';

import { startPayment } from '../../shared/paying/start-payment.ts';

import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import { by } from '../support/faulty-table.ts';
import { orderFor } from '../support/order-for.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeAll(async () => {
  world = await purchaseWorld();
});
afterAll(() => world.stop());

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

describe('a hold that is not committed', () => {
  test('can never be committed by a copy of its request that lands after its seats were given back', async () => {
    const run = await world.nextRun(4);
    const user = 'at-the-limit';
    const open = [];
    for (let n = 0; n < 9; n += 1) open.push(await world.held(run, [300 + n], { user }));
    let late: TransactWriteCommand | undefined;
    const outcome = await reaching(
      by(world.bookings, async (command, send) => {
        if (command instanceof TransactWriteCommand && !late) {
          late = command;
          // Between the reading and the commit the user's last place is taken.
          await orderFor({ ...world.dependencies, bookings: world.bookings }, run, [310], { user });
        }
        return send(command);
      }),
      () => world.order(run, [320], { user }),
    );
    expect(outcome).toEqual({ outcome: 'rejected', reason: 'too-many-open-orders' });
    await cancelOrder(world)(open[0]!, userIdSchema.parse(user));

    await expect(world.bookings.client.send(late!)).rejects.toThrow('Transaction');
    const orderId = orderIdSchema.parse(String(late!.input.TransactItems?.[0]?.Put?.Item?.['orderId']));
    expect((await readOrder(world.bookings, orderId))?.state).toBe('void');
    expect(await world.owned(run)).toHaveLength(9);
  });

  test('gives its seats back when what it needs to decide again cannot be read', async () => {
    const run = await world.nextRun();
    let read = 0;
    let refused = 0;
    const outcome = await reaching(
      by(world.bookings, async (command, send) => {
        const { name } = (command as object).constructor;
        if (name === 'BatchGetCommand' && (read += 1) > 1) throw new Error('no answer');
        if (command instanceof TransactWriteCommand && (refused += 1) === 1)
          await orderFor({ ...world.dependencies, bookings: world.bookings }, run, [330], {
            from: 0,
            to: 1,
          });
        return send(command);
      }),
      () => world.order(run, [330], { from: 1, to: 2 }),
    );
    expect(outcome).toEqual({ outcome: 'rejected', reason: 'busy' });
    expect([read, refused]).toEqual([2, 1]);
    expect(await world.owned(run)).toHaveLength(1);
  });

  test('gives its seats back when its passenger was booked elsewhere since it was read', async () => {
    const run = await world.nextRun();
    let isFirst = true;
    const outcome = await reaching(
      by(world.bookings, async (command, send) => {
        if (command instanceof TransactWriteCommand && isFirst) {
          isFirst = false;
          await orderFor({ ...world.dependencies, bookings: world.bookings }, run, [340], { from: 0, to: 2 });
        }
        return send(command);
      }),
      () => world.order(run, [340], { from: 1, to: 3 }),
    );
    expect(outcome).toEqual({ outcome: 'rejected', reason: 'passenger-time-conflict' });
    expect(await world.owned(run)).toHaveLength(1);
  });

  test('holds nothing when what it needs cannot be read', async () => {
    const run = await world.nextRun();
    const outcome = reaching(
      by(world.bookings, (command, send) =>
        (command as object).constructor.name === 'BatchGetCommand'
          ? Promise.reject(new Error('no answer'))
          : send(command),
      ),
      () => world.order(run, [335]),
    );
    await expect(outcome).rejects.toThrow('no answer');
    expect(await world.owned(run)).toHaveLength(0);
  });

  test('holds nothing when the keys for its documents cannot be read', async () => {
    const run = await world.nextRun();
    const { keys } = world.dependencies;
    world.dependencies.keys = () => Promise.reject(new Error('no answer'));
    await expect(world.order(run, [331])).rejects.toThrow('no answer');
    world.dependencies.keys = keys;
    expect(await world.owned(run)).toHaveLength(0);
  });
});

describe('a payment that is asked for twice under one key', () => {
  const wishFor = async (orderId: Awaited<ReturnType<PurchaseWorld['held']>>, provider: PaymentProvider) => {
    const { userId } = await world.standing(orderId, 'held');
    const scope = { userId, route: 'payments', key: `twice-${orderId}`, bodyHash: '' };
    return {
      orderId,
      userId,
      provider,
      method: 'page',
      device: { userAgent: '' },
      returnUrl: undefined,
      scope,
    };
  };

  test('stays payable when the requests meet while it is begun', async () => {
    const orderId = await world.held(await world.nextRun(), [340]);
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
    const orderId = await world.held(await world.nextRun(), [341]);
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
