/**
 * Works on many things, so many at once: a lane that is free takes the next, so that a slow one keeps only its own lane
 * busy. When time runs out, no new one starts.
 */
export const inLanes = async <Thing>(
  things: Iterable<Thing>,
  { lanes, hasTime = () => true }: { lanes: number; hasTime?: () => boolean },
  work: (thing: Thing) => Promise<void>,
): Promise<void> => {
  const waiting = things[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    while (hasTime()) {
      const next = waiting.next();
      if (next.done) return;
      await work(next.value);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
};
