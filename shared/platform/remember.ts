/** Keeps values in this process by key: loads each once and drops the least recently used first. */
export type Remembered<Value> = (key: string, load: () => Promise<Value>) => Promise<Value>;

/**
 * Remembers values that never change under their key, up to a total weight. Callers that ask for a key during its load
 * share that load; a failed load leaves no trace.
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
    const remembered = kept.get(key);
    if (remembered) {
      // The order of insertion is the order of use, so a value moves to the end when it is used again.
      kept.delete(key);
      kept.set(key, remembered);
      return remembered.value;
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
