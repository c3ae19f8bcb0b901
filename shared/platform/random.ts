import { randomBytes } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import { millisecondsOf, type Instant } from './time.ts';

/** The source of random values and of waiting. */
export type Chance = {
  bytes(count: number): Buffer;
  /** From 0 up to, but not including, 1. */
  fraction(): number;
  /** Never ends after the signal: nobody waits any more. */
  sleep(milliseconds: number, unneeded?: AbortSignal): Promise<void>;
};

const machineChance: Chance = {
  bytes: randomBytes,
  fraction: Math.random,
  sleep: (milliseconds, unneeded) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      unneeded?.addEventListener('abort', () => clearTimeout(timer), { once: true });
    }),
};

/** Draws every character of an id from the bytes, never from the faster fraction, which an attacker could predict. */
const ulidFactory = (from: Chance) => monotonicFactory(() => from.bytes(1).readUInt8() / 256);

let chance = machineChance;
let nextUlid = ulidFactory(chance);

/** Replaces the machine's source, for a simulation that must be exactly repeatable. */
export const replaceChance = (other: Chance): void => {
  chance = other;
  nextUlid = ulidFactory(other);
};

/** A fresh ULID whose time part is `now`. */
export const newUlid = (now: Instant): string => nextUlid(millisecondsOf(now));

/** A number from 0 to below 1, for choices that nobody gains from predicting: never for a secret. */
export const random = (): number => chance.fraction();

/** Four bytes that distinguish one attempt to hold seats from every other (inventory/owner.ts). */
export const newNonce = (): Buffer => chance.bytes(4);

/** Waits this long; waits for ever after the signal. */
export const sleep = (milliseconds: number, unneeded?: AbortSignal): Promise<void> =>
  chance.sleep(milliseconds, unneeded);

/** Waits a random time up to `capMilliseconds × 2^attempt` ("full jitter"), at most one second. */
export const pause = (attempt: number, capMilliseconds = 20): Promise<void> =>
  chance.sleep(random() * Math.min(1000, capMilliseconds * 2 ** attempt));
