import { countOneMore, isClaimed, putClaims, readClaims } from '../orders/claims-store.ts';
import { putReplay, type IdempotencyScope } from '../orders/idempotency-store.ts';
import type { Order, StandingOrder } from '../orders/model.ts';
import { putHeldOrder, readOrder, voidOrder } from '../orders/store.ts';
import { writeTogether, type LabelledWrite, type Table } from '../platform/dynamo.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { claimsOf } from './claims-of.ts';

export type CommitRefusal = 'passenger-time-conflict' | 'too-many-open-orders' | 'already-answered' | 'busy';

type HeldOrder = StandingOrder & { state: 'held' };
type Label = 'order' | 'claim' | 'count' | 'replay';

/** Another passenger's order may change a day's claims between our read and our write; then we decide again. */
const attemptsMax = 4;

/**
 * T2, the commit point of a hold: the order, its passengers' claims, the user's count of open orders and the stored
 * answer exist together or not at all. Refused, the seats are the caller's to give back: the order can no longer come
 * to be (protocol.md, "after a refused or unknown commit").
 */
export const commitOrder =
  ({ bookings, clock }: { bookings: Table; clock: Clock }) =>
  async (
    order: HeldOrder,
    { openOrdersMax, replay }: { openOrdersMax: number; replay: { scope: IdempotencyScope; answer: string } },
  ): Promise<Outcome<{ order: HeldOrder }, CommitRefusal>> => {
    const wishes = claimsOf(order);
    if (new Set(wishes.map(({ claim }) => claim)).size < wishes.length)
      return rejected('passenger-time-conflict');
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const claims = wishes.length > 0 ? await readClaims(bookings, wishes) : [];
      if (wishes.some((wish) => isClaimed(claims, wish))) return rejected('passenger-time-conflict');
      const writes: LabelledWrite<Label>[] = [
        { label: 'order', write: putHeldOrder(bookings, order) },
        ...putClaims(bookings, claims, wishes).map((write) => ({ label: 'claim' as const, write })),
        { label: 'count', write: countOneMore(bookings, order.userId, openOrdersMax) },
        { label: 'replay', write: putReplay(bookings, replay.scope, replay.answer, order.createdAt) },
      ];
      const outcome = await writeTogether(bookings.client, writes).catch(() => 'unknown' as const);
      if (outcome === 'unknown') return afterUnknown(bookings, order, clock);
      if (outcome.outcome === 'written') return accepted({ order });
      const refused = new Set(outcome.refused.map(({ label }) => label));
      if (refused.has('order')) return afterUnknown(bookings, order, clock);
      if (refused.has('replay')) return rejected('already-answered');
      if (refused.has('count')) return rejected('too-many-open-orders');
    }
    return rejected('busy');
  };

/**
 * The answer was lost, or an order stands under this id: what stands decides. Where nothing stands the order is voided
 * first, so that a request still under way can never commit it after its seats were given back.
 */
const afterUnknown = async (
  bookings: Table,
  order: HeldOrder,
  clock: Clock,
): Promise<Outcome<{ order: HeldOrder }, CommitRefusal>> => {
  const stands =
    (await readOrder(bookings, order.orderId, { consistent: true })) ??
    (await voidOrder(bookings, order.orderId, clock()));
  return stands && isMine(stands, order) ? accepted({ order }) : rejected('busy');
};

const isMine = (stands: Order, mine: HeldOrder): boolean =>
  stands.state !== 'void' &&
  Object.entries(mine.items).every(
    ([itemId, { place }]) => stands.items[itemId]?.place.owner === place.owner,
  );
