/** A value as DynamoDB's JSON has it: `{"S": "text"}`, bytes as base64. */
export type WireValue = Readonly<Record<string, unknown>>;
export type WireItem = Readonly<Record<string, WireValue>>;

const bytesOfBase64 = (text: unknown): number => Buffer.from(String(text), 'base64').length;
const bytesOfNumber = (text: unknown): number => Math.ceil(String(text).replace(/\D/g, '').length / 2) + 1;

const sum = <Each>(list: readonly Each[], of: (each: Each) => number): number =>
  list.reduce((total, each) => total + of(each), 0);

const sizeOfValue = (value: WireValue): number => {
  const [[type, inner] = ['NULL', true]] = Object.entries(value);
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(inner));
    case 'N':
      return bytesOfNumber(inner);
    case 'B':
      return bytesOfBase64(inner);
    case 'SS':
      return sum(inner as string[], (text) => Buffer.byteLength(text));
    case 'NS':
      return sum(inner as string[], bytesOfNumber);
    case 'BS':
      return sum(inner as string[], bytesOfBase64);
    case 'L':
      return 3 + sum(inner as WireValue[], (each) => 1 + sizeOfValue(each));
    case 'M':
      return 3 + Object.keys(inner as WireItem).length + sizeOfItem(inner as WireItem);
    default:
      return 1;
  }
};

/**
 * What an item weighs: the UTF-8 bytes of its attributes' names and their values (source: "DynamoDB item sizes and
 * formats" in its developer guide).
 */
export const sizeOfItem = (item: WireItem): number =>
  sum(Object.entries(item), ([name, value]) => Buffer.byteLength(name) + sizeOfValue(value));

/** Write units of an item of this size: one for each 1 KB begun. */
export const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / 1024));
