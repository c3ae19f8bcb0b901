import type { ProviderName, Refund } from '../../shared/payments/model.ts';
import type { ProviderRefund } from '../../shared/payments/provider.ts';
import { sameMoney, type Money } from '../../shared/platform/money.ts';
import { plusSeconds, type Instant } from '../../shared/platform/time.ts';
import { characters } from './characters.ts';
import { makeRefusals, type Refusal } from './refusals.ts';
import type { Scheduler } from './scheduler.ts';

type Given = { paymentId: string; amount: Money };
type BookedRefund = Given & { bookedAt: Instant; confirmedAt: Instant };
type PaidByHand = Given & { refundNumber: string; by: string };

/** `nothing-moved`: this request moved no money, and does not say whether another has. */
export type RefundReply = ProviderRefund | { state: 'nothing-moved' };

/** Refunds that a provider has done, by their numbers: each once, and confirmed later. */
const makeBooked = ({ clock }: Scheduler) => {
  const booked = new Map<string, BookedRefund>();
  const cameBack = new Set<string>();
  return {
    booked,
    cameBack,
    /** How much of a payment the provider has given back. */
    backOf: (paymentId: string): number =>
      [...booked.values()].reduce(
        (sum, each) => sum + (each.paymentId === paymentId ? each.amount.amount : 0),
        0,
      ),
    told: (refundNumber: string): ProviderRefund => {
      if (cameBack.has(refundNumber)) return { state: 'failed', why: 'failed' };
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

type Options = {
  scheduler: Scheduler;
  isOdd: () => boolean;
  /** What was captured with a payment, if it was. */
  takenOf: (paymentId: string) => Money | undefined;
  providerOf: (paymentId: string) => ProviderName;
  wrong: string[];
};

/** What a provider checks of a request before it looks at its balance. */
const makeChecks = ({ scheduler, takenOf, wrong }: Options, { booked, backOf }: Booked) => {
  const { clock } = scheduler;
  const lastAcceptedAt = new Map<string, Instant>();
  const lastSentAt = new Map<string, Instant>();
  return {
    /** Each time that we send a refund, whatever becomes of the request on its way. */
    seeSent: ({ refundNumber }: Refund, apartSeconds: number): void => {
      const last = lastSentAt.get(refundNumber);
      if (last !== undefined && clock() < plusSeconds(last, apartSeconds))
        wrong.push(`${refundNumber} was sent at ${last}, and again at ${clock()}`);
      lastSentAt.set(refundNumber, clock());
    },
    /** A request for a refund that is there: the same money, and soon enough to be known as the same. */
    seeRepeated: ({ refundNumber, amount }: Refund, knowsRepeatsSeconds: number): void => {
      const known = booked.get(refundNumber);
      if (!known) return;
      if (!sameMoney(known.amount, amount)) wrong.push(`${refundNumber} was asked for with another amount`);
      if (knowsRepeatsSeconds < Infinity && clock() > plusSeconds(known.bookedAt, knowsRepeatsSeconds))
        wrong.push(`${refundNumber} was asked for again when its key was forgotten, and was paid twice`);
    },
    faultOf: ({ paymentId, amount }: Refund): string | undefined => {
      const taken = takenOf(paymentId);
      if (!taken) return 'is of a payment that was never made';
      const fits = taken.currency === amount.currency && backOf(paymentId) + amount.amount <= taken.amount;
      return fits ? undefined : `is more than is left of ${paymentId}`;
    },
    /** Whether another request for money of the same payment was accepted a moment ago. */
    comesTooSoon: ({ paymentId }: Refund, apartSeconds: number): boolean => {
      const last = lastAcceptedAt.get(paymentId);
      if (last !== undefined && clock() < plusSeconds(last, apartSeconds)) return true;
      lastAcceptedAt.set(paymentId, clock());
      return false;
    },
  };
};
type Booked = ReturnType<typeof makeBooked>;

/** What a provider tells about a refund of its own accord, so long after now. */
type Telling = { refund: Refund; inSeconds: number; isAllThereIs?: true };

/** Providers that pay after all what they have declined, and banks that send back what was done. */
const makeMinds = (
  { scheduler, isOdd, providerOf }: Options,
  { booked, cameBack, book }: Booked,
  byHand: readonly PaidByHand[],
  tell: (telling: Telling) => void,
) => {
  const { seed, after, note } = scheduler;
  let waiting = 0;
  const later = (seconds: number, change: () => void): void => {
    waiting += 1;
    after(seconds * 1000, () => {
      waiting -= 1;
      change();
    });
  };
  return {
    /** Whether something is going to happen that nobody asks for any more. */
    isRestless: (): boolean => waiting > 0,
    changeMind: (refund: Refund, seconds: number): void =>
      later(seconds, () => {
        if (booked.has(refund.refundNumber) || cameBack.has(refund.refundNumber)) return;
        note(`provider pays ${refund.refundNumber} after all`);
        book(refund, 0);
      }),
    /** Hours after it was done the money of a refund is back at the provider: only a notification says so. */
    comeBack: (refund: Refund, inSeconds: number): void => {
      const { refundNumber, paymentId } = refund;
      if (!characters[providerOf(paymentId)].refundsComeBack || !isOdd() || !seed.happens(0.25)) return;
      later(inSeconds + seed.spread(60, 4 * 3600), () => {
        if (byHand.some((each) => each.refundNumber === refundNumber)) return;
        note(`the money of ${refundNumber} comes back`);
        booked.delete(refundNumber);
        cameBack.add(refundNumber);
        tell({ refund, inSeconds: 0, isAllThereIs: true });
      });
    },
  };
};

/**
 * What has gone back, by the providers and by people's hands: the truth that the product's own books are held against.
 * A refund is done once for its number, and confirmed later. A provider that is odd declines some or ends them without
 * paying, and may pay after all what it has declined, without being asked again and without a word.
 */
export const openRefundBooks = (options: Options) => {
  const { scheduler, isOdd, providerOf, wrong } = options;
  const { seed, clock, note } = scheduler;
  const books = makeBooked(scheduler);
  const { booked, cameBack, backOf, told, book } = books;
  const checks = makeChecks(options, books);
  const refusals = makeRefusals(scheduler, isOdd);
  const byHand: PaidByHand[] = [];
  let tell: (telling: Telling) => void = () => undefined;
  const { changeMind, comeBack, isRestless } = makeMinds(options, books, byHand, (telling) => tell(telling));

  const saidOf = ({ answer, why, acceptedUntil }: Refusal): ProviderRefund =>
    acceptedUntil && clock() < acceptedUntil ? { state: 'processing' } : { state: answer, why };
  const refused = (refund: Refund, { acceptedUntil }: Refusal): void => {
    if (seed.happens(0.3)) changeMind(refund, seed.spread(60, 8 * 3600));
    const seconds = acceptedUntil && (Date.parse(acceptedUntil) - scheduler.now()) / 1000;
    if (seconds !== undefined) tell({ refund, inSeconds: Math.max(0, seconds) });
  };

  return {
    booked,
    byHand: byHand as readonly PaidByHand[],
    seeSent: checks.seeSent,
    backOf,
    /** Who hears what is told about refunds. */
    hear: (listener: (telling: Telling) => void): void => void (tell = listener),
    isRestless,
    refund: (refund: Refund): RefundReply => {
      const { refundNumber, paymentId } = refund;
      const provider = providerOf(paymentId);
      const character = characters[provider];
      checks.seeRepeated(refund, character.knowsRepeatsSeconds);
      if (checks.comesTooSoon(refund, character.refundsApartSeconds))
        return { state: 'declined', why: 'FREQUENCY_LIMITED' };
      if (cameBack.has(refundNumber)) return told(refundNumber);
      if (booked.has(refundNumber))
        return character.repeatedAnswer === 'its-state' ? told(refundNumber) : { state: 'nothing-moved' };
      const fault = checks.faultOf(refund);
      if (fault) wrong.push(`${refundNumber} ${fault}`);
      if (fault) return { state: 'failed', why: fault };
      const refusal = refusals.of(refundNumber, provider, (drawn) => refused(refund, drawn));
      if (refusal) return saidOf(refusal);
      const inSeconds = seed.happens(0.5) ? 0 : seed.whole(1, 1800);
      book(refund, inSeconds);
      tell({ refund, inSeconds });
      comeBack(refund, inSeconds);
      return character.refundAnswer === 'its-state' ? told(refundNumber) : { state: 'processing' };
    },
    query: ({ refundNumber, paymentId }: Refund): ProviderRefund => {
      if (cameBack.has(refundNumber)) return told(refundNumber);
      const refund = booked.get(refundNumber);
      const { refundKnownAfterSeconds } = characters[providerOf(paymentId)];
      if (refund && clock() >= plusSeconds(refund.bookedAt, refundKnownAfterSeconds))
        return told(refundNumber);
      const refusal = refusals.standing(refundNumber);
      return refusal?.acceptedUntil ? saidOf(refusal) : { state: 'not-exist' };
    },
    /** A person pays by another way. */
    payByHand: ({ paymentId, refundNumber, amount }: Refund, by: string): void => {
      note(`${by} pays ${refundNumber} by hand`);
      byHand.push({ paymentId, refundNumber, amount, by });
    },
    changeMind,
  };
};
