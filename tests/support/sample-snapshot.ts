import type { Job } from '../../shared/disruption/model.ts';
import { noCounts, type CountsOfUser, type UserCounts } from '../../shared/orders/budgets.ts';
import type {
  BillPart,
  ClaimPart,
  CostsPart,
  IndexedItem,
  OrderPart,
  RunPart,
  Snapshot,
} from '../../shared/audit/model.ts';
import { emptyPart } from '../../shared/audit/sort-items.ts';
import { pairCount, countFree } from '../../shared/inventory/rules.ts';
import type { Owner } from '../../shared/inventory/model.ts';
import { ownerOf } from '../../shared/inventory/owner.ts';
import { nameOfPiece, untouchedShard, type ShardState } from '../../shared/inventory/pieces.ts';
import { entryOf } from '../../shared/ledger/rules.ts';
import { claimDays } from '../../shared/orders/rules.ts';
import {
  itemsOf,
  livingItems,
  type OrderIn,
  type OrderState,
  type CommittedOrder,
} from '../../shared/orders/model.ts';
import { refundNumberOf, refundSchema } from '../../shared/payments/model.ts';
import { classSchema, orderIdSchema, userIdSchema, type OrderId } from '../../shared/platform/ids.ts';
import { instantSchema, plusSeconds } from '../../shared/platform/time.ts';
import { sampleOrder, sampleTickets } from './sample-order.ts';
import { samplePayment } from './sample-payment.ts';
import { sampleRun } from './sample-run.ts';

export const sampleNow = instantSchema.parse('2026-11-20T02:10:00.000Z');
const at = instantSchema.parse('2026-11-20T02:00:00.000Z');

/** A part of a snapshot that a test may spoil: nothing of it is read-only. */
export type Spoilable = Snapshot & {
  runs: RunPart[];
  orders: OrderPart[];
  claims: ClaimPart[];
  userCounts: Snapshot['userCounts'][number][];
  indexedItems: IndexedItem[];
  costs: CostsPart[];
  bills: BillPart[];
  toldCosts: string[];
  cancellations: Job[];
};

/** An order whose items sit from seat `firstSeat` on, each with an owner and a claim of its own. */
const placedOrder = <State extends Exclude<OrderState, 'void'>>(
  state: State,
  n: number,
  firstSeat: number,
) => {
  const orderId = orderIdSchema.parse(`01KBZ5Q7W8XN3V4M5T6R7S8P${n}A`);
  const order: OrderIn<State> = sampleOrder(state, { orderId });
  // Taken so long ago that nothing of it passes for being on its way.
  const owner = ownerOf(orderId, Buffer.from([0, 0, 0, n]), plusSeconds(at, -3600));
  itemsOf(order).forEach((item, index) => {
    const seat = firstSeat + index;
    item.place = { ...item.place, owner, piece: { ...item.place.piece, seat } };
    item.passenger.documentClaim = `claim-of-passenger-${n}-${index}`;
  });
  Object.assign(order, { userId: userIdSchema.parse(`user-${n}`) });
  if ('paidBy' in order) Object.assign(order, { paidBy: `${orderId}_1` });
  return {
    ...order,
    inDueIndex: ['held', 'closing', 'releasing', 'paid'].includes(state),
    inAttentionIndex: false,
  };
};

const indexedItem = (kind: IndexedItem['kind']) => ({
  key: { pk: 'RUN#1', sk: kind },
  kind,
  inDueIndex: false,
  inAttentionIndex: false,
});

const times = { createdAt: at, expiresAt: '2026-11-20T02:15:00.000Z' };
const amount = { amount: 110_600, currency: 'CNY' };

/** Begun, and asked about until its money comes. */
const pendingPayment = ({ orderId }: { orderId: OrderId }) => ({
  ...samplePayment('pending', { orderId, amount, ...times, dueAt: '2026-11-20T02:12:00.000Z' }),
  inDueIndex: true,
  inAttentionIndex: false,
});

/** Its money has found its use. */
const appliedPayment = ({ orderId }: { orderId: OrderId }, refundable: number) => ({
  ...samplePayment('captured', { orderId, amount, ...times, capturedAt: at, appliedAt: at, refundable }),
  inDueIndex: false,
  inAttentionIndex: false,
});

/** What sees to the end of an order's data, as it is committed with it. */
const retentionOf = ({ orderId }: CommittedOrder) => ({
  orderId,
  state: 'whole' as const,
  documentKey: 'half-of-a-key',
  inDueIndex: true,
  inAttentionIndex: false,
});

/** An entry as it is stored, in the books of its day. */
const booked: typeof entryOf = (kind, facts) => Object.assign(entryOf(kind, facts), { inBooks: true });

/** One order that was issued. */
const issuedPart = (): OrderPart => {
  const order = placedOrder('issued', 1, 0);
  const { orderId, amount } = order;
  const payment = appliedPayment(order, amount.amount);
  return {
    ...emptyPart(orderId),
    order,
    payments: [payment],
    tickets: sampleTickets(order),
    entries: [
      booked('captured', { orderId, source: payment.paymentId, provider: 'alipay', amount, at }),
      booked('issued', { orderId, source: orderId, amount, at }),
    ],
    retention: retentionOf(order),
  };
};

/** One that is held, with a payment begun. */
const heldPart = (): OrderPart => {
  const order = placedOrder('held', 2, 2);
  return {
    ...emptyPart(order.orderId),
    order,
    payments: [pendingPayment(order)],
    retention: retentionOf(order),
  };
};

const endedOn = '2026-11-20';

/** One whose money came too late and is on its way back. */
const refundingPart = (): OrderPart => {
  const order = placedOrder('refunding', 3, 4);
  Object.assign(order, { endsOn: endedOn });
  const { orderId, amount } = order;
  const payment = appliedPayment(order, 0);
  const refund = refundSchema.parse({
    orderId,
    paymentId: payment.paymentId,
    refundNumber: refundNumberOf(payment.paymentId, 'whole'),
    amount,
    reason: 'late-payment',
    state: 'requested',
    requestedAt: at,
    attempts: 0,
    dueAt: '2026-11-20T02:10:30.000Z',
  });
  return {
    ...emptyPart(orderId),
    order,
    payments: [payment],
    refunds: [{ ...refund, inDueIndex: true, inAttentionIndex: false }],
    entries: [
      booked('captured', { orderId, source: payment.paymentId, provider: 'alipay', amount, at }),
      booked('refund-requested', { orderId, source: refund.refundNumber, amount, at }),
    ],
    retention: retentionOf(order),
  };
};

/** What a provider kept on the day before. */
const costsPart = (): CostsPart => {
  const entry = entryOf('provider-costs', {
    provider: 'alipay',
    source: 'alipay-2026-11-19',
    amount: { amount: 560, currency: 'CNY' },
    at: instantSchema.parse('2026-11-19T15:59:59.999Z'),
  });
  return { key: { pk: 'BOOKS#alipay', sk: `JOURNAL#${entry.entryId}` }, entry, inBooks: true };
};

const countsOf = (userId: string, counts: Partial<UserCounts>): CountsOfUser => ({
  ...noCounts,
  userId: userIdSchema.parse(userId),
  ...counts,
});

const own = (state: ShardState, seat: number, owner: Owner): void => {
  const piece = { seat, from: 0, to: 3 };
  (state.pieces as Map<string, typeof piece & { owner: Owner }>).set(nameOfPiece(piece), { ...piece, owner });
};

/** A small world in which everything is as it should be: an order issued, one held, one being refunded. */
export const sampleSnapshot = (): Spoilable => {
  const orders = [issuedPart(), heldPart(), refundingPart()];
  const run = sampleRun('2026-12-01', 2);
  const state = untouchedShard(10, 4);
  const claims: ClaimPart[] = [];
  for (const { order } of orders) {
    if (!order || order.state === 'void') continue;
    for (const { itemId, place, passenger } of livingItems(order)) {
      own(state, place.piece.seat, place.owner);
      const time = { from: order.departsAt, to: order.arrivesAt };
      for (const day of claimDays(time)) {
        const claim = passenger.documentClaim ?? '';
        claims.push({ claim, day, claims: { [`${order.orderId}-${itemId}`]: time } });
      }
    }
  }
  const free = new Uint16Array(pairCount(4));
  countFree(free, 4, state, { now: at, isWaitlist: false });
  const key = { runId: run.runId, generation: 1, class: classSchema.parse('second'), shard: 0 };
  const view = {
    runId: run.runId,
    asOf: at,
    generation: 1,
    version: 3,
    feedVersion: run.version,
    stopCount: 4,
    free: { second: free },
  };
  return {
    now: sampleNow,
    runs: [{ runId: run.runId, run, shards: [{ key, state }], unreadable: [], view }],
    orders,
    claims,
    indexedItems: [
      { ...indexedItem('suspect'), inDueIndex: true, dueAt: plusSeconds(sampleNow, 60) },
      { ...indexedItem('note'), inDueIndex: true, dueAt: plusSeconds(sampleNow, -3600) },
      {
        ...indexedItem('gone'),
        inAttentionIndex: true,
        attention: { kind: 'run-gone', why: 'a test', since: at },
      },
    ],
    costs: [costsPart()],
    bills: [{ id: 'alipay-2026-11-19', costs: { CNY: 560 } }],
    toldCosts: [],
    cancellations: [],
    userCounts: [
      countsOf('user-1', { seats: new Map([[run.runId, 2]]) }),
      countsOf('user-2', { openOrders: 1, seats: new Map([[run.runId, 2]]) }),
      countsOf('user-3', { ended: new Map([[endedOn, 1]]) }),
    ],
  };
};
