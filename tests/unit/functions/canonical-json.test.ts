import * as fc from 'fast-check';
import { canonicalJson } from '../../../functions/middleware/canonical-json.ts';

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, reversed(each)]),
  );
};

test('the order of keys makes no difference', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value: unknown = JSON.parse(text);
      expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
    }),
  );
});

test('it is JSON of the same value, so that two values never share a text', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value: unknown = JSON.parse(text);
      expect(JSON.parse(canonicalJson(value))).toEqual(value);
    }),
  );
});

test('the order of a list does make a difference', () => {
  expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
});
