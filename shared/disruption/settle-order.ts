import { listTickets } from '../tickets/store.ts';
import { readOrder } from '../orders/store.ts';
import { disruptOrder } from '../orders/disrupted-store.ts';
import type { Order, OrderIn } from '../orders/model.ts';
import { decideAnew } from '../platform/decide-anew.ts';
import { writeTogether } from '../platform/dynamo.ts';
import { accepted, never, rejected, type Outcome } from '../platform/outcome.ts';
import { closeForEnd, releaseForEnd, type EndDependencies } from '../selling/end-order.ts';
import { refundIfNoTravel } from '../selling/issue-order.ts';
import { releaseItems } from '../selling/release-items.ts';
import { waiveTicket } from '../tickets/waiver-store.ts';
import { decideWaiver, isWaivedBy } from './decide-waiver.ts';
import type { Job } from './model.ts';
import type { SettleRefusal } from './refusals.ts';
import { concerns } from './rules.ts';

export type SettleDependencies = EndDependencies;

/** What a job has done for an order; `earlier` if an earlier look had done it. */
export type Settled = Outcome<
  { did: 'waived' | 'refunded' | 'ended' | 'nothing'; isEarlier: boolean },
  SettleRefusal
>;

export const nothingToDo = accepted({ did: 'nothing' as const, isEarlier: false });

/** The number of decisions, if the order or a ticket changes between the read and the write. */
const attemptsMax = 5;

/**
 * Settles an order whose run, stop or time is lost: its tickets are waived and its passengers told; a hold ends; money for
 * which there are no tickets goes back. The order may also be one whose commit is still under way.
 */
export const settleOrder =
  (dependencies: SettleDependencies) =>
  async (job: Job, order: Order | undefined): Promise<Settled> => {
    // Its commit may be under way: the next look finds it, or the reconciler has made it impossible.
    if (!order) return rejected('under-way');
    if (order.state === 'void' || !concerns(job, order)) return nothingToDo;
    switch (order.state) {
      case 'held':
      case 'closing':
      case 'releasing':
        return job.disruption.reason === 'delayed' ? rejected('under-way') : endHold(dependencies, order);
      case 'paid':
        return job.disruption.reason === 'delayed' ? rejected('under-way') : returnMoney(dependencies, order);
      case 'issued':
        return waiveOrder(dependencies, job, order);
      case 'refunding':
      case 'refunded':
      case 'expired':
      case 'cancelled':
        return nothingToDo;
      default:
        return never(order);
    }
  };

const ended = accepted({ did: 'ended' as const, isEarlier: false });

/** A hold on what nobody can travel on ends as if its user had cancelled it. Money that comes on the way goes back. */
const endHold = async (
  dependencies: SettleDependencies,
  order: OrderIn<'held' | 'closing' | 'releasing'>,
): Promise<Settled> => {
  const closed = await closeForEnd(dependencies)(
    order,
    order.state === 'held' ? 'cancelled' : order.endReason,
  );
  if (closed.outcome === 'rejected') {
    return closed.order.state === 'paid' ? returnMoney(dependencies, closed.order) : rejected('under-way');
  }
  const after = closed.now === 'releasing' ? await releaseForEnd(dependencies)(closed.order) : closed.order;
  return after?.state === 'cancelled' || after?.state === 'expired' ? ended : rejected('under-way');
};

/** T16, if nobody travels: otherwise the order gets its tickets, and the next look finds them. */
const returnMoney = async (dependencies: SettleDependencies, order: OrderIn<'paid'>): Promise<Settled> => {
  const returned = await refundIfNoTravel(dependencies)(order);
  if (returned.outcome === 'rejected') return rejected('under-way');
  const refunding = await readOrder(dependencies.bookings, order.orderId, { consistent: true });
  // What is left after a crash here is due, and the clean-up releases it.
  if (refunding && refunding.state !== 'void') await releaseItems(dependencies)(refunding);
  return ended;
};

/** T42: the fee of all tickets of an order is waived, and its passengers are told, in one write. */
const waiveOrder = (
  dependencies: SettleDependencies,
  job: Job,
  read: OrderIn<'issued'>,
): Promise<Settled> => {
  let order: Order | undefined = read;
  return decideAnew(attemptsMax, async () => {
    order ??= await readOrder(dependencies.bookings, read.orderId, { consistent: true });
    const settled =
      order?.state === 'issued' ? await waiveOnce(dependencies, job, order) : rejected('changed-meanwhile');
    order = undefined;
    return settled;
  });
};

const waiveOnce = async (
  { bookings, clock }: SettleDependencies,
  job: Job,
  order: OrderIn<'issued'>,
): Promise<Settled> => {
  const { jobId } = job;
  const { orderId } = order;
  if (isWaivedBy(order, jobId)) return accepted({ did: 'waived', isEarlier: true });
  const decided = decideWaiver(order, await listTickets(bookings, orderId, { consistent: true }), job);
  if (decided.outcome === 'rejected') return nothingToDo;
  const { outcome } = await writeTogether(bookings.client, [
    { label: 'order', write: disruptOrder(bookings, order, { jobId, now: clock() }) },
    ...decided.tickets.map(({ ticket, ...waived }) => ({
      label: 'ticket',
      write: waiveTicket(bookings, ticket, waived),
    })),
  ]);
  return outcome === 'written'
    ? accepted({ did: 'waived', isEarlier: false })
    : rejected('changed-meanwhile');
};
