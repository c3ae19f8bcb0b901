import { decideBudgets, type BudgetWish, type UserCounts } from '../orders/budgets.ts';
import { putClaims, readClaims } from '../orders/claims-store.ts';
import { countHeld, readCounts } from '../orders/counts-store.ts';
import { putReplay, type IdempotencyScope } from '../bookings/idempotency-store.ts';
import type { OrderIn } from '../orders/model.ts';
import { putRetention } from '../orders/retention-store.ts';
import type { DayClaims } from '../orders/rules.ts';
import { putHeldOrder, voidOrder } from '../orders/store.ts';
import type { Carrier } from '../platform/carrier.ts';
import { writeTogether, type LabelledWrite, type Table, type TransactItem } from '../platform/dynamo.ts';
import { answerKeptUntil, personalDataEnd } from '../bookings/kept-until.ts';
import { loggable, logger } from '../platform/log.ts';
import { accepted, rejected, type Accepted } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { claimsOf } from '../paying/claims-of.ts';
import { decideByStanding, decideNextTry, type CommitPart } from './decide-commit.ts';
import { decidePassengers, type Refused } from './decide-order.ts';
import type { CommitRefusal } from './rules.ts';

type HeldOrder = OrderIn<'held'>;

/** The number of decisions about one commit, if others change the facts behind it. */
const attemptsMax = 4;

/**
 * T2, the commit point of a hold: the order, its passengers' claims, the user's count of open orders, the stored answer
 * and the record that ends its data exist together or not at all. After a refusal, the caller must release the seats:
 * the order can no longer be committed (docs/protocol.md, "After a refused or unknown commit, void").
 */
export const commitOrder =
  ({ bookings, clock }: { bookings: Table; clock: Clock }) =>
  async (
    order: HeldOrder,
    terms: Terms,
  ): Promise<Accepted<{ order: HeldOrder }> | Refused<CommitRefusal>> => {
    const attempt = await tryCommit(bookings, order, terms).catch((error: unknown): Attempt => {
      logger.warn('the answer to a commit was lost', { orderId: order.orderId, thrown: loggable(error) });
      return { ...rejected('busy'), sent: true };
    });
    if (attempt.outcome === 'accepted') return accepted({ order });
    const { sent, ...refused } = attempt;
    if (!sent) return refused;
    // The SDK may have sent a refused request twice, and its first copy may still be under way: it must never commit
    // the order after the release of its seats. If an order exists instead, it decides.
    const voided = await voidOrder(bookings, order.orderId, clock());
    return voided.outcome === 'accepted' ? refused : decideByStanding(voided.order, order, refused);
  };

type Terms = {
  carrier: Carrier;
  /** The user's counts and wish, read before anything was taken. */
  counts: UserCounts;
  budgetWish: BudgetWish;
  /** The claims on its passengers' days, read before anything was taken. */
  claims: readonly DayClaims[];
  replay: { scope: IdempotencyScope; answer: string };
  /** Half of the key of its passengers' documents. */
  documentKey: string;
  /** What binds other tickets to the order, if its passengers exchange them. */
  binding?: readonly TransactItem[];
};

/** `sent`: a request to commit has gone out, so that only the order itself can tell whether it succeeded. */
type Attempt = Accepted<object> | (Refused<CommitRefusal> & { sent: boolean });

const tryCommit = async (
  bookings: Table,
  order: HeldOrder,
  {
    carrier,
    counts: countsBefore,
    budgetWish: wish,
    claims: claimsBefore,
    replay,
    documentKey,
    ...more
  }: Terms,
): Promise<Attempt> => {
  const wishes = claimsOf(order);
  let counts = countsBefore;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const claims = attempt === 0 || wishes.length === 0 ? claimsBefore : await readClaims(bookings, wishes);
    const free = decidePassengers(wishes, claims);
    if (free.outcome === 'rejected') return { ...free, sent: attempt > 0 };
    const writes: LabelledWrite<CommitPart>[] = [
      { label: 'order', write: putHeldOrder(bookings, order) },
      {
        label: 'retention',
        write: putRetention(bookings, order.orderId, {
          documentKey,
          dueAt: personalDataEnd(order, carrier),
        }),
      },
      ...putClaims(bookings, claims, wishes).map((write) => ({ label: 'claim' as const, write })),
      ...(more.binding ?? []).map((write) => ({ label: 'binding' as const, write })),
      { label: 'count', write: countHeld(bookings, order.userId, { wish, counts, budgets: carrier }) },
      {
        label: 'replay',
        write: putReplay(bookings, replay.scope, {
          answer: replay.answer,
          worker: order.orderId,
          keptUntil: answerKeptUntil(order.arrivesAt, carrier),
        }),
      },
    ];
    const outcome = await writeTogether(bookings.client, writes);
    if (outcome.outcome === 'written') return accepted({});
    const next = decideNextTry(new Set(outcome.refused.map(({ label }) => label)));
    if (next.outcome === 'rejected') return { ...next, sent: true };
    if (!next.readCounts) continue;
    counts = await readCounts(bookings, order.userId);
    const within = decideBudgets(counts, wish, carrier);
    if (within.outcome === 'rejected') return { ...within, sent: true };
  }
  return { ...rejected('busy'), sent: true };
};
