import { randomBytes } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import { millisecondsOf, type Instant } from './time.ts';

/** Where chance and waiting come from. */
export type Chance = {
  bytes(count: number): Buffer;
  /** From 0 up to, but not including, 1. */
  fraction(): number;
  /** Never ends once the signal is given: nobody waits any more. */
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

/** Every letter of an id is drawn from the bytes, never from the faster and guessable fraction. */
const ulidFactory = (from: Chance) => monotonicFactory(() => from.bytes(1).readUInt8() / 256);

let chance = machineChance;
let nextUlid = ulidFactory(chance);

/** Puts another chance in the machine's place, for a simulation that must be able to happen again exactly. */
export const replaceChance = (other: Chance): void => {
  chance = other;
  nextUlid = ulidFactory(other);
};

/** A fresh ULID whose time part is `now`. */
export const newUlid = (now: Instant): string => nextUlid(millisecondsOf(now));

/** A number from 0 to below 1, for choices where foreseeing it gains nothing: never for a secret. */
export const random = (): number => chance.fraction();

/** What makes one try to hold seats different from every other: four bytes (inventory/owner.ts). */
export const newNonce = (): Buffer => chance.bytes(4);

/** Waits this long; for ever once the signal is given. */
export const sleep = (milliseconds: number, unneeded?: AbortSignal): Promise<void> =>
  chance.sleep(milliseconds, unneeded);

/** Waits a random time up to `capMilliseconds × 2^attempt` ("full jitter"), at most one second. */
export const pause = (attempt: number, capMilliseconds = 20): Promise<void> =>
  chance.sleep(random() * Math.min(1000, capMilliseconds * 2 ** attempt));
