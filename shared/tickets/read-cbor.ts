/**
 * Reads the CBOR of a ticket's code (RFC 8949): a map from small numbers to numbers, texts and bytes. A gate reads what
 * anybody shows to it, so this accepts the one spelling that a deterministic encoder makes (section 4.2.1: shortest
 * lengths, keys in order, nothing behind the end) and does no work that the bytes do not pay for.
 */
type Value = number | string | Uint8Array;

const unsigned = 0;
const bytes = 2;
const text = 3;
const map = 5;

type Head = { major: number; argument: number; next: number };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The sizes of an argument in the bytes that follow, by the low bits of the first byte, and the least that needs it. */
const wider: Readonly<Record<number, { size: 1 | 2 | 4; least: number }>> = {
  24: { size: 1, least: 24 },
  25: { size: 2, least: 0x100 },
  26: { size: 4, least: 0x1_0000 },
};

const headAt = (read: Buffer, at: number): Head | undefined => {
  const first = read[at];
  if (first === undefined) return undefined;
  const [major, low] = [first >> 5, first & 31];
  if (low < 24) return { major, argument: low, next: at + 1 };
  const wide = wider[low];
  if (!wide || at + 1 + wide.size > read.length) return undefined;
  const argument = read.readUIntBE(at + 1, wide.size);
  return argument < wide.least ? undefined : { major, argument, next: at + 1 + wide.size };
};

const textOf = (content: Buffer): string | undefined => {
  try {
    return decoder.decode(content);
  } catch {
    return undefined;
  }
};

const valueAt = (read: Buffer, at: number): { value: Value; next: number } | undefined => {
  const head = headAt(read, at);
  if (!head) return undefined;
  const { major, argument, next } = head;
  if (major === unsigned) return { value: argument, next };
  if ((major !== bytes && major !== text) || next + argument > read.length) return undefined;
  const content = read.subarray(next, next + argument);
  const value = major === bytes ? content : textOf(content);
  return value === undefined ? undefined : { value, next: next + argument };
};

/** The fields of a code's content; undefined if these are not the bytes that we would write for any fields. */
export const readCbor = (read: Buffer): ReadonlyMap<number, Value> | undefined => {
  const head = headAt(read, 0);
  if (head?.major !== map) return undefined;
  const fields = new Map<number, Value>();
  let at = head.next;
  let last = -1;
  for (let n = 0; n < head.argument; n += 1) {
    const key = headAt(read, at);
    if (key?.major !== unsigned || key.argument <= last) return undefined;
    const found = valueAt(read, key.next);
    if (!found) return undefined;
    fields.set(key.argument, found.value);
    last = key.argument;
    at = found.next;
  }
  return at === read.length ? fields : undefined;
};
