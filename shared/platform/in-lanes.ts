/**
 * Processes many items in a limited number of lanes: each free lane takes the next item, so that a slow item delays
 * only its own lane. When time runs out, no new item starts.
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
