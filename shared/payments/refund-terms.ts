import { plusSeconds, type Instant } from '../platform/time.ts';
import type { Refund } from './model.ts';
import type { RefundTerms } from './provider.ts';

/** The terms for a provider that is switched off: the longest that any has. */
export const cautiousTerms: RefundTerms = { queryAfterSeconds: 60, sendAgainAfterSeconds: 60 };

type Sent = Pick<Refund, 'sentAt' | 'noticedAt'>;

/** From when the provider may be sent a refund again; undefined if it was never sent. */
export const sendableAt = ({ sentAt }: Sent, { sendAgainAfterSeconds }: RefundTerms): Instant | undefined =>
  sentAt && plusSeconds(sentAt, sendAgainAfterSeconds);

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
  plusSeconds(now, -sendAgainAfterSeconds);
