import type * as z from 'zod';
import type { Entry, Wish } from '../../shared/entries/model.ts';
import type { Payment, Refund } from '../../shared/payments/model.ts';
import type { Languages } from '../../shared/platform/languages.ts';
import { journeyIn } from '../../shared/timetable/rules.ts';
import type { entryAnswerSchema } from '../routes/waitlist.ts';
import { paymentAnswerOf, personAnswerOf, refundAnswerOf } from './order-answer.ts';

type EntryAnswer = z.input<typeof entryAnswerSchema>;

/** The money of an entry, and its places in the queues by the number of the wish. */
type Beside = {
  payments: readonly Payment[];
  refunds: readonly Refund[];
  places?: ReadonlyMap<number, number>;
};

const wishAnswerOf = (
  wish: Wish,
  {
    languages,
    isFulfilled,
    place,
  }: { languages: Languages; isFulfilled: boolean; place: number | undefined },
): EntryAnswer['wishes'][number] => {
  const { trip, from, to } = journeyIn(languages, wish);
  return {
    runId: wish.runId,
    trip,
    from,
    to,
    class: wish.class,
    amount: wish.amount,
    cutOffAt: wish.cutOffAt,
    fulfilled: isFulfilled,
    ...(place !== undefined && { place }),
  };
};

/** An entry of the waitlist as its owner sees it: names are masked, and no attribute of storage is shown. */
export const entryAnswerOf = (
  entry: Entry,
  { payments, refunds, places }: Beside,
  languages: Languages,
): EntryAnswer => ({
  entryId: entry.entryId,
  state: entry.state,
  ...(entry.state === 'ended' && { endReason: entry.endReason }),
  createdAt: entry.placedAt,
  expiresAt: entry.expiresAt,
  amount: entry.amount,
  wishes: entry.wishes.map((wish, n) =>
    wishAnswerOf(wish, {
      languages,
      isFulfilled: entry.state === 'fulfilled' && entry.fulfilledWish === n,
      place: places?.get(n),
    }),
  ),
  passengers: entry.passengers.map((passenger) => ({
    ...personAnswerOf(passenger),
    ...(passenger.onLap && { onLap: passenger.onLap.map(personAnswerOf) }),
  })),
  ...(entry.state === 'fulfilled' && { orderId: entry.entryId }),
  payments: payments.map((payment) => {
    const { action, ...answer } = paymentAnswerOf(payment);
    return { ...answer, ...(entry.state === 'unpaid' && action && { action }) };
  }),
  refunds: refunds.map(refundAnswerOf),
  history: entry.history.map(({ at, event }) => ({ at, event })),
});
