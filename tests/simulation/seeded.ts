/** Numbers that a seed decides: the same seed draws the same ones, in the same order, on every machine. */
export type Seeded = {
  /** From 0 up to, but not including, 1. */
  fraction(): number;
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number;
  /** Between both, each order of magnitude as likely as the next: mostly short, now and then very long. */
  spread(from: number, to: number): number;
  happens(probability: number): boolean;
  pick<Value>(from: readonly Value[]): Value;
  bytes(count: number): Buffer;
};

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for choices that need no secrecy. */
export const seeded = (seed: number): Seeded => {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (from: number, to: number): number => from + Math.floor(fraction() * (to - from + 1));
  // Neighbouring seeds begin alike; a few draws pull them apart.
  for (let n = 0; n < 8; n += 1) fraction();
  return {
    fraction,
    whole,
    spread: (from, to) => from * (to / from) ** fraction(),
    happens: (probability) => fraction() < probability,
    pick: <Value>(from: readonly Value[]): Value => {
      if (from.length === 0) throw new RangeError('nothing to pick from');
      return from[whole(0, from.length - 1)] as Value;
    },
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => whole(0, 255))),
  };
};
