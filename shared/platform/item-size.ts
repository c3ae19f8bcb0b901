/** DynamoDB takes no item above this. */
export const itemBytesMax = 400 * 1024;

/** A number takes no more: 38 digits, two a byte, with sign and exponent. */
const numberBytes = 21;

const bytesOfValue = (value: unknown): number => {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return numberBytes;
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + 1 + bytesOfValue(each), 3);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    return 3 + entries.length + entries.reduce((sum, entry) => sum + bytesOfEntry(entry), 0);
  }
  return 1;
};

const bytesOfEntry = ([name, value]: [string, unknown]): number =>
  value === undefined ? 0 : Buffer.byteLength(name) + bytesOfValue(value);

/**
 * What an item weighs at most: the UTF-8 bytes of its attributes' names and their values (source: "DynamoDB item sizes
 * and formats" in its developer guide).
 */
export const bytesOfItem = (item: Readonly<Record<string, unknown>>): number =>
  Object.entries(item).reduce((sum, entry) => sum + bytesOfEntry(entry), 0);
