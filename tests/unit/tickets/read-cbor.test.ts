import { Encoder } from 'cbor-x/index-no-eval';
import * as fc from 'fast-check';
import { readCbor } from '../../../shared/tickets/read-cbor.ts';

const cbor = new Encoder({ useRecords: false, mapsAsObjects: false, variableMapSize: true });
const field = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);
const fields = fc
  .uniqueArray(fc.tuple(fc.nat(300), field), { selector: ([key]) => key, maxLength: 40 })
  .map((entries) => new Map(entries.toSorted(([a], [b]) => a - b)));

test('what the encoder writes is read as it was', () => {
  fc.assert(
    fc.property(fields, (written) => {
      expect(readCbor(cbor.encode(written))).toEqual(written);
    }),
  );
});

test('whatever is read has no other spelling', () => {
  fc.assert(
    fc.property(fields, fc.nat(), fc.nat(255), (written, at, byte) => {
      const bytes = cbor.encode(written);
      bytes[at % bytes.length] = byte;
      const read = readCbor(bytes);
      if (read) expect(cbor.encode(new Map(read)).equals(bytes)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['nothing', ''],
  ['a list', '80'],
  ['a map without end', 'bf01ff'],
  ['a map of four thousand million entries', 'baffffffff'],
  ['a text of four thousand million letters', 'a1017affffffff'],
  ['a text that ends too early', 'a1016261'],
  ['a text that is not UTF-8', 'a10161ff'],
  ['a number in more bytes than it needs', 'a1011801'],
  ['a number of eight bytes', 'a1011b0000000000000001'],
  ['a negative number', 'a10120'],
  ['a nested map', 'a101a0'],
  ['a tag', 'a101c000'],
  ['true', 'a101f5'],
  ['keys in another order', 'a202000100'],
  ['a key twice', 'a201000100'],
  ['a key that is a text', 'a1616100'],
  ['something behind the end', 'a1010000'],
])('%s is not read', (_, hex) => {
  expect(readCbor(Buffer.from(hex, 'hex'))).toBeUndefined();
});

test('an empty map is read', () => {
  expect(readCbor(Buffer.from('a0', 'hex'))).toEqual(new Map());
});
