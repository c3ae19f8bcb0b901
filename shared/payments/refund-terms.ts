import { providerLimits } from '../platform/limits.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';
import type { Refund } from './model.ts';
import type { RefundTerms } from './provider.ts';

/** The terms for a provider that is switched off: the longest that any has. */
export const cautiousTerms: RefundTerms = { queryAfterSeconds: 60, sendAgainAfterSeconds: 60 };

type Sent = Pick<Refund, 'sentAt' | 'noticedAt'>;

/** Whoever has recorded a send and has not begun it after this time leaves it to the next look. */
const beginWithinSeconds = 2;

/** A recorded send reaches the provider within this time, or never. */
const reachWithinSeconds = beginWithinSeconds + providerLimits.patience / 1000;

/** Whether too much time has passed since the record of a send: somebody else may soon send it as well. */
export const isTooLateToSend = (sentAt: Instant, now: Instant): boolean =>
  plusSeconds(sentAt, beginWithinSeconds) < now;

/** Whether a recorded send may still reach the provider: until then its answer that it has not paid says nothing. */
export const mayStillArrive = ({ sentAt }: Sent, now: Instant): boolean =>
  sentAt !== undefined && plusSeconds(sentAt, reachWithinSeconds) > now;

/** From when the provider may be sent a refund again; undefined if it was never sent. */
export const sendableAt = ({ sentAt }: Sent, { sendAgainAfterSeconds }: RefundTerms): Instant | undefined =>
  sentAt && plusSeconds(sentAt, sendAgainAfterSeconds + reachWithinSeconds);

/**
 * From when the provider may be asked about a refund; undefined for at once: it was never sent, or the provider has told
 * us of it since.
 */
export const askableAt = (
  { sentAt, noticedAt }: Sent,
  { queryAfterSeconds }: RefundTerms,
): Instant | undefined =>
  sentAt === undefined || (noticedAt !== undefined && noticedAt >= sentAt)
    ? undefined
    : plusSeconds(sentAt, queryAfterSeconds);

/** The latest time of an earlier send after which a refund may be sent now. */
export const sentBefore = (now: Instant, { sendAgainAfterSeconds }: RefundTerms): Instant =>
  plusSeconds(now, -(sendAgainAfterSeconds + reachWithinSeconds));
