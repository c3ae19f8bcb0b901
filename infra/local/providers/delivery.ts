import { randomBytes } from 'node:crypto';
import { plusSeconds, type Instant } from '../../../shared/platform/time.ts';
import type { Received } from './post.ts';
import type { Trade, TradeRefund } from './trade.ts';

/** One notification on its way: the sandbox sends it until its receiver takes it, or until it gives up. */
export type Delivery = {
  deliveryId: string;
  outTradeNo: string;
  url: string;
  /** What the page says about it. */
  title: string;
  /** The provider's own content, before it is signed. */
  content: Record<string, unknown>;
  forged: boolean;
  /** The sandbox sends each trick only once. */
  retried: boolean;
  state: 'pending' | 'delivered' | 'given-up';
  dueAt: Instant;
  attempts: { at: Instant; status: number | undefined; answer: string }[];
};

/** What a notification is about; `total` is another amount than the trade's. */
export type Telling =
  | { of: 'paid'; total?: number }
  | { of: 'waiting' }
  | { of: 'closed' }
  | { of: 'refund'; refund: TradeRefund };

export type How = {
  /** The provider's id of the notification; two of the same id are the same notification. */
  id?: string;
  forged?: boolean;
  retried?: boolean;
};

/** Writes the notifications about a trade: one, or none if the merchant gave no address or the provider tells nothing. */
export type Tell = (trade: Trade, telling: Telling, now: Instant, how?: How) => Delivery[];

export const newDelivery = (
  { outTradeNo }: Trade,
  { url, id, ...rest }: Pick<Delivery, 'url' | 'title' | 'content'> & { id: string },
  now: Instant,
  { forged = false, retried = true }: How,
): Delivery => ({
  deliveryId: `${id}-${randomBytes(4).toString('hex')}`,
  outTradeNo,
  url,
  ...rest,
  forged,
  retried,
  state: 'pending',
  dueAt: now,
  attempts: [],
});

/** The delivery after an attempt: done if the receiver took it, otherwise due again by the provider's schedule, or given up. */
export const attempted = (
  delivery: Delivery,
  now: Instant,
  answer: Received,
  {
    isTaken,
    retryAfterSeconds,
  }: { isTaken: (answer: Received) => boolean; retryAfterSeconds: readonly number[] },
): Delivery => {
  const attempts = [
    ...delivery.attempts,
    { at: now, status: answer.status, answer: answer.body.slice(0, 200) },
  ];
  if (isTaken(answer)) return { ...delivery, attempts, state: 'delivered' };
  const wait = delivery.retried ? retryAfterSeconds[attempts.length - 1] : undefined;
  if (wait === undefined) return { ...delivery, attempts, state: 'given-up' };
  return { ...delivery, attempts, dueAt: plusSeconds(now, wait) };
};
