import * as fc from 'fast-check';
import { findJsonError } from '../../../functions/middleware/find-json-error.ts';

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test.each([
  ['{"a":}', 'line 1, column 6'],
  ['[1,]', 'line 1, column 4'],
  ['{"a":1,}', 'line 1, column 8'],
  ['{"a" 1}', 'line 1, column 6'],
  ['{\n  "a": nul\n}', 'line 2, column 8'],
  ['"abc', 'line 1, column 1'],
  ['"tab\there"', 'line 1, column 1'],
  ['[1 2]', 'line 1, column 4'],
  ['{} {}', 'line 1, column 4'],
  ['01', 'line 1, column 2'],
  ['', 'line 1, column 1'],
  ['[', 'line 1, column 2'],
  [']', 'line 1, column 1'],
])('%j breaks at %s', (text, place) => {
  expect(findJsonError(text)).toBe(place);
});

test('what stands before the place can be continued to JSON, unless it is within a text or a number', () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.nat(),
      fc.constantFrom('?', ',', ':', ']', '}', '"', '-'),
      (text, seed, wrong) => {
        const at = seed % (text.length + 1);
        const broken = text.slice(0, at) + wrong + text.slice(at);
        fc.pre(!parses(broken));
        const column = Number(/column (\d+)$/.exec(findJsonError(broken))?.[1]);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual(broken.length + 1);
      },
    ),
  );
});

test('it ends, and quickly, however deep the text', () => {
  expect(findJsonError('['.repeat(262_144))).toBe('line 1, column 262145');
});
