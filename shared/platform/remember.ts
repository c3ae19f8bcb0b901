/** Values kept in this process by key: loaded once, the least recently used forgotten first. */
export type Remembered<Value> = (key: string, load: () => Promise<Value>) => Promise<Value>;

/**
 * Remembers values that never change under their key, up to a total weight. Callers that ask for a key while it is
 * being loaded share the load; a load that fails is not remembered.
 */
export const rememberRecent = <Value>(
  weightMax: number,
  weightOf: (value: Value) => number,
): Remembered<Value> => {
  const kept = new Map<string, { value: Promise<Value>; weight: number }>();
  let total = 0;
  const forget = (key: string): void => {
    total -= kept.get(key)?.weight ?? 0;
    kept.delete(key);
  };
  const weigh = (key: string, entry: { value: Promise<Value>; weight: number }, value: Value): void => {
    if (kept.get(key) !== entry) return;
    entry.weight = weightOf(value);
    total += entry.weight;
    for (const oldest of kept.keys()) {
      if (total <= weightMax || oldest === key) break;
      forget(oldest);
    }
  };
  return (key, load) => {
    const known = kept.get(key);
    if (known) {
      // Insertion order is the order of use: what is used again goes to the end.
      kept.delete(key);
      kept.set(key, known);
      return known.value;
    }
    const entry = { value: load(), weight: 0 };
    kept.set(key, entry);
    entry.value.then(
      (value) => weigh(key, entry, value),
      () => forget(key),
    );
    return entry.value;
  };
};
