import { randomBytes } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import { millisecondsOf, type Instant } from './time.ts';

const nextUlid = monotonicFactory(() => randomBytes(1).readUInt8() / 256);

/** A fresh ULID whose time part is `now`. */
export const newUlid = (now: Instant): string => nextUlid(millisecondsOf(now));

/** A number from 0 to below 1, for choices where foreseeing it gains nothing: never for a secret. */
export const random = (): number => Math.random();

/** Waits a random time up to `capMilliseconds × 2^attempt` ("full jitter"), at most one second. */
export const pause = (attempt: number, capMilliseconds = 20): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, random() * Math.min(1000, capMilliseconds * 2 ** attempt));
  });
