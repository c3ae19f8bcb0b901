import { randomUUID } from 'node:crypto';
import { person } from './person.ts';
import { made, refundWorld } from './refund-world.ts';
import type { Entry } from '../../shared/entries/model.ts';
import { readEntry } from '../../shared/entries/store.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { startPayment } from '../../shared/paying/start-payment.ts';
import { submitRefund } from '../../shared/paying/submit-refund.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import type { Payment } from '../../shared/payments/model.ts';
import type { WaitlistRules } from '../../shared/platform/after-sale/waitlist-rules.ts';
import { classSchema, stopIdSchema, userIdSchema, type OrderId } from '../../shared/platform/ids.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { allocateRun } from '../../shared/waitlist/allocate-run.ts';
import { withdrawFromWaitlist } from '../../shared/waitlist/end-entry.ts';
import { freeOrphans } from '../../shared/upkeep/free-orphans.ts';
import { joinWaitlist } from '../../shared/waitlist/join-waitlist.ts';

export const usualWaitlist: WaitlistRules = {
  cutOffMin: 'PT20M',
  cutOffMax: 'P7D',
  cutOffUsual: 'PT2H',
  entriesMax: 5,
};

/** A wish for a run between two of its stops, the whole run where none are given. */
export type WishOf = { run: Run; from?: number; to?: number };

export type JoinMore = { user?: string; cutOff?: string; key?: string; type?: string };

type World = Awaited<ReturnType<typeof refundWorld>>;

/** How passengers join. */
const joining = (dependencies: World['dependencies']) => {
  const join = (wishes: readonly WishOf[], people: number[], more: JoinMore = {}) => {
    const { user = `user-${people[0]}`, cutOff, key = randomUUID(), type = 'adult' } = more;
    const userId = userIdSchema.parse(user);
    return joinWaitlist(dependencies)(
      {
        userId,
        wishes: wishes.map(({ run, from = 0, to = run.stops.length - 1 }) => ({
          runId: run.runId,
          from: stopIdSchema.parse(`S${from}`),
          to: stopIdSchema.parse(`S${to}`),
          class: classSchema.parse('second'),
        })),
        passengers: people.map((n) => ({ name: `旅客${n}`, type, document: person(n) })),
        contact: { email: 'someone@example.com', locale: 'zh-CN' },
        ...(cutOff !== undefined && { cutOff }),
      },
      {
        userId,
        route: 'waitlist',
        key,
        bodyHash: JSON.stringify([wishes.map(({ run, from, to }) => [run.runId, from, to]), people, cutOff]),
      },
    );
  };

  const joined = async (wishes: readonly WishOf[], people: number[], more: JoinMore = {}): Promise<Entry> => {
    const outcome = await join(wishes, people, more);
    if (outcome.outcome === 'rejected') throw new Error(`not on the waitlist: ${outcome.reason}`);
    return outcome.entry;
  };

  return { join, joined };
};

/** How they pay. */
const paying = (world: World) => {
  const { dependencies, bank } = world;
  const startsToPay = async ({ entryId, ownerId }: Entry): Promise<Payment> => {
    const outcome = await startPayment(dependencies)({
      orderId: entryId,
      userId: ownerId,
      provider: bank.provider,
      method: 'page',
      device: { userAgent: '' },
      returnUrl: undefined,
      scope: { userId: ownerId, route: 'payments', key: randomUUID(), bodyHash: '' },
    });
    if (outcome.outcome === 'rejected') throw new Error(`no payment: ${outcome.reason}`);
    bank.trades.set(outcome.payment.paymentId, { state: 'pending' });
    return outcome.payment;
  };

  const pays = async (entry: Entry): Promise<Payment> => {
    const payment = await startsToPay(entry);
    world.buyerPays(payment);
    await world.notify(payment);
    await applyPayment(dependencies)(payment.paymentId);
    return payment;
  };

  return { startsToPay, pays };
};

export type WaitlistWorld = Awaited<ReturnType<typeof waitlistWorld>>;

/** All of purchase and refunds, with a carrier that has a waitlist. */
export const waitlistWorld = async (
  waitlist: WaitlistRules = usualWaitlist,
  others: Parameters<typeof refundWorld>[1] = {},
) => {
  const world = await refundWorld(undefined, { ...others, waitlist });
  const { dependencies, bookings } = world;

  const { join, joined } = joining(dependencies);
  const { startsToPay, pays } = paying(world);
  return {
    ...world,
    join,
    joined,
    startsToPay,
    pays,
    /** An entry that is paid and waits. */
    waits: async (wishes: readonly WishOf[], people: number[], more: JoinMore = {}): Promise<Entry> => {
      const entry = await joined(wishes, people, more);
      await pays(entry);
      return entry;
    },
    entry: async (entryId: OrderId): Promise<Entry> => {
      const entry = await readEntry(bookings, entryId);
      if (!entry) throw new Error('no such entry');
      return entry;
    },
    withdraw: ({ entryId, ownerId }: Entry, instead: Partial<typeof dependencies> = {}) =>
      withdrawFromWaitlist({ ...dependencies, ...instead })(entryId, ownerId),
    allocate: (run: Run, instead: Partial<typeof dependencies> = {}) =>
      allocateRun({ ...dependencies, ...instead })(run.runId),
    /** A run of one row of five seats, all sold, each to an order of its own. */
    soldOut: async (serviceDate: string, first = 100): Promise<{ run: Run; orders: OrderId[] }> => {
      const run = await world.openRun(serviceDate, 1);
      const orders: OrderId[] = [];
      for (let n = 0; n < 5; n += 1) orders.push(await world.issued(run, [first + n]));
      return { run, orders };
    },
    /** The passengers of an issued order give its tickets back. */
    givesBack: async (orderId: OrderId, user: string): Promise<void> => {
      const offer = await made(world.offer(orderId, user));
      const done = await world.accept(offer, user);
      if (done.outcome === 'rejected') throw new Error(`not given back: ${done.reason}`);
    },
    cancels: (orderId: OrderId, user: string) => cancelOrder(dependencies)(orderId, userIdSchema.parse(user)),
    /** The daily sweep for pieces that no item names. */
    orphans: () => freeOrphans(dependencies)({ hasTime: () => true, sweepEverySeconds: 0 }),
    refundsReach: async (orderId: OrderId): Promise<void> => {
      for (const { refundNumber } of (await world.stored(orderId)).refunds)
        await submitRefund(dependencies)(orderId, refundNumber);
    },
  };
};
