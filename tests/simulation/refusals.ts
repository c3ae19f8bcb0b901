import type { ProviderName } from '../../shared/payments/model.ts';
import { plusSeconds, type Instant } from '../../shared/platform/time.ts';
import { characters } from './characters.ts';
import type { Scheduler } from './scheduler.ts';
import type { Seeded } from './seeded.ts';

/** A provider that will not pay: until then, or never. What it says is that this may pass, or that it may not. */
export type Refusal = {
  answer: 'declined' | 'failed';
  why: string;
  until: Instant | undefined;
  /** It accepted the refund first, and says so until then; and it knows the refund afterwards. */
  acceptedUntil?: Instant;
};

const hour = 3600;

const drawRefusal = (seed: Seeded, now: Instant, provider: ProviderName): Refusal | undefined => {
  const { balanceTooLow, refundsEnd } = characters[provider];
  const later = (seconds: number): Instant => plusSeconds(now, seed.spread(1, seconds));
  switch (seed.pick(['pays', 'passes', 'is mended', 'never', 'never'])) {
    case 'passes':
      return { answer: 'declined', why: balanceTooLow, until: plusSeconds(now, seed.spread(300, 6 * hour)) };
    case 'is mended':
      if (refundsEnd?.mended) return { ...never(refundsEnd.mended), acceptedUntil: later(hour) };
      return { ...never(refundsEnd?.failed), until: plusSeconds(now, seed.spread(300, 4 * hour)) };
    case 'never':
      if (refundsEnd) return { ...never(refundsEnd.failed), acceptedUntil: later(2 * hour) };
      return never();
    default:
      return undefined;
  }
};

const never = (why = 'ACQ.TRADE_HAS_FINISHED'): Refusal => ({ answer: 'failed', why, until: undefined });

export type Refusals = ReturnType<typeof makeRefusals>;

/** Draws once for each refund whether the provider will not pay it; undefined while it does. */
export const makeRefusals = ({ seed, clock }: Scheduler, isOdd: () => boolean) => {
  const refusals = new Map<string, Refusal | undefined>();
  const standing = (refundNumber: string): Refusal | undefined => {
    const refusal = refusals.get(refundNumber);
    return refusal?.until && clock() >= refusal.until ? undefined : refusal;
  };
  return {
    standing,
    /** Of a refund that is asked for; `refused` learns of a refusal when it is drawn. */
    of: (
      refundNumber: string,
      provider: ProviderName,
      refused: (refusal: Refusal) => void,
    ): Refusal | undefined => {
      if (!refusals.has(refundNumber)) {
        const drawn = isOdd() ? drawRefusal(seed, clock(), provider) : undefined;
        refusals.set(refundNumber, drawn);
        if (drawn) refused(drawn);
      }
      return standing(refundNumber);
    },
  };
};
