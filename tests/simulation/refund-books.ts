import type { Refund } from '../../shared/payments/model.ts';
import type { ProviderRefund } from '../../shared/payments/provider.ts';
import { sameMoney, type Money } from '../../shared/platform/money.ts';
import { plusSeconds, type Instant } from '../../shared/platform/time.ts';
import type { Scheduler } from './scheduler.ts';
import type { Seeded } from './seeded.ts';

type Given = { paymentId: string; amount: Money };
type BookedRefund = Given & { bookedAt: Instant; confirmedAt: Instant };
type PaidByHand = Given & { refundNumber: string; by: string };

/** A provider that will not pay: until then, or never. What it says is that this may pass, or that it may not. */
type Refusal = { answer: 'declined' | 'failed'; why: string; until: Instant | undefined };

/** Alipay knows a refund by its number only some time after it was asked for. */
const knownAfterSeconds = 10;

const hour = 3600;

const drawRefusal = (seed: Seeded, now: Instant): Refusal | undefined => {
  const tooLow = 'ACQ.SELLER_BALANCE_NOT_ENOUGH';
  const finished = 'ACQ.TRADE_HAS_FINISHED';
  switch (seed.pick(['pays', 'passes', 'is mended', 'never', 'never'])) {
    case 'passes':
      return { answer: 'declined', why: tooLow, until: plusSeconds(now, seed.spread(300, 6 * hour)) };
    case 'is mended':
      return { answer: 'failed', why: finished, until: plusSeconds(now, seed.spread(300, 4 * hour)) };
    case 'never':
      return { answer: 'failed', why: finished, until: undefined };
    default:
      return undefined;
  }
};

/** Draws once for each refund whether the provider will not pay it; undefined while it does. */
const makeRefusals = ({ seed, clock }: Scheduler, isOdd: () => boolean) => {
  const refusals = new Map<string, Refusal | undefined>();
  return (refundNumber: string, refused: () => void): Refusal | undefined => {
    if (!refusals.has(refundNumber)) {
      const drawn = isOdd() ? drawRefusal(seed, clock()) : undefined;
      refusals.set(refundNumber, drawn);
      if (drawn) refused();
    }
    const refusal = refusals.get(refundNumber);
    return refusal?.until && clock() >= refusal.until ? undefined : refusal;
  };
};

/** Refunds that the provider has done, by their numbers: each once, and confirmed later. */
const makeBooked = ({ clock }: Scheduler) => {
  const booked = new Map<string, BookedRefund>();
  return {
    booked,
    /** How much of a payment the provider has given back. */
    backOf: (paymentId: string): number =>
      [...booked.values()].reduce(
        (sum, each) => sum + (each.paymentId === paymentId ? each.amount.amount : 0),
        0,
      ),
    told: (refundNumber: string): ProviderRefund => {
      const refund = booked.get(refundNumber);
      if (!refund) return { state: 'not-exist' };
      return { state: clock() >= refund.confirmedAt ? 'succeeded' : 'processing' };
    },
    book: ({ paymentId, refundNumber, amount }: Refund, confirmedInSeconds: number): void => {
      const now = clock();
      const confirmedAt = plusSeconds(now, confirmedInSeconds);
      booked.set(refundNumber, { paymentId, amount, bookedAt: now, confirmedAt });
    },
  };
};

/**
 * What has gone back, by the provider and by people's hands: the truth that the product's own books are held against.
 * A refund is done once for its number, and confirmed later. A provider that is odd declines some, and may pay after
 * all what it has declined, without being asked again and without a word.
 */
export const openRefundBooks = ({
  scheduler,
  isOdd,
  takenOf,
  wrong,
}: {
  scheduler: Scheduler;
  isOdd: () => boolean;
  /** What was captured with a payment, if it was. */
  takenOf: (paymentId: string) => Money | undefined;
  wrong: string[];
}) => {
  const { seed, clock, after, note } = scheduler;
  const { booked, backOf, told, book } = makeBooked(scheduler);
  const refusalOf = makeRefusals(scheduler, isOdd);
  const byHand: PaidByHand[] = [];
  let mindsToChange = 0;

  const faultOf = ({ paymentId, amount }: Refund): string | undefined => {
    const taken = takenOf(paymentId);
    if (!taken) return 'is of a payment that was never made';
    const fits = taken.currency === amount.currency && backOf(paymentId) + amount.amount <= taken.amount;
    return fits ? undefined : `is more than is left of ${paymentId}`;
  };
  const changeMind = (refund: Refund, seconds: number): void => {
    mindsToChange += 1;
    after(seconds * 1000, () => {
      mindsToChange -= 1;
      if (booked.has(refund.refundNumber)) return;
      note(`provider pays ${refund.refundNumber} after all`);
      book(refund, 0);
    });
  };
  return {
    booked,
    byHand: byHand as readonly PaidByHand[],
    /** How much of a payment the provider has given back. */
    backOf,
    /** Whether the provider is going to pay something that nobody asks it for any more. */
    isRestless: (): boolean => mindsToChange > 0,
    refund: (refund: Refund): ProviderRefund => {
      const { refundNumber, amount } = refund;
      const known = booked.get(refundNumber);
      if (known) {
        if (!sameMoney(known.amount, amount)) wrong.push(`${refundNumber} was asked for with another amount`);
        return told(refundNumber);
      }
      const fault = faultOf(refund);
      if (fault) wrong.push(`${refundNumber} ${fault}`);
      if (fault) return { state: 'failed', why: fault };
      const refusal = refusalOf(refundNumber, () => {
        if (seed.happens(0.3)) changeMind(refund, seed.spread(60, 8 * hour));
      });
      if (refusal) return { state: refusal.answer, why: refusal.why };
      book(refund, seed.happens(0.5) ? 0 : seed.whole(1, 1800));
      return told(refundNumber);
    },
    query: ({ refundNumber }: Refund): ProviderRefund => {
      const refund = booked.get(refundNumber);
      const isKnown = refund && clock() >= plusSeconds(refund.bookedAt, knownAfterSeconds);
      return isKnown ? told(refundNumber) : { state: 'not-exist' };
    },
    /** A person pays by another way. */
    payByHand: ({ paymentId, refundNumber, amount }: Refund, by: string): void => {
      note(`${by} pays ${refundNumber} by hand`);
      byHand.push({ paymentId, refundNumber, amount, by });
    },
    changeMind,
  };
};
