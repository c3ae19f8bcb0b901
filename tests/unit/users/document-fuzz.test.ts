import * as fc from 'fast-check';
import { residentIdCheck } from '../../../shared/users/check-digits.ts';
import { documentSchema, identityOf, maskDocument } from '../../../shared/users/document.ts';

const kinds = documentSchema.options.map(({ shape }) => [...shape.kind.values][0]!);

const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((all) => all.join(''));
const citizen = fc
  .record({
    area: fc.constantFrom('110105', '810000', '820000', '830000', '911124'),
    year: fc.integer({ min: 1900, max: 2025 }),
    month: fc.integer({ min: 1, max: 12 }),
    rest: digits(3),
  })
  .map(({ area, year, month, rest }) => {
    const body = `${area}${year}${String(month).padStart(2, '0')}15${rest}`;
    return body + residentIdCheck(body);
  });

/** Documents that are right, as people type them. */
const typed = fc
  .record({
    document: fc.oneof(
      fc.record({
        kind: fc.constantFrom('cn-resident-id', 'cn-residence-permit', 'cn-permanent-residence-card'),
        number: citizen,
      }),
      fc.record({
        kind: fc.constant('cn-taiwan-travel-permit'),
        number: fc.oneof(
          digits(8),
          digits(10).map((each) => `${each}(b)`),
        ),
      }),
      fc.record({
        kind: fc.constant('cn-hong-kong-macao-travel-permit'),
        number: digits(8).map((each) => `h${each}`),
      }),
      fc.record({
        kind: fc.constant('cn-permanent-residence-card'),
        number: digits(12).map((each) => `fra${each}`),
      }),
      fc.record({
        kind: fc.constant('passport'),
        number: fc.constantFrom('L898902C36', 'ab2134<<<5', 'E12345678'),
        country: fc.constantFrom('D<<', 'btn'),
      }),
    ),
    blank: fc.constantFrom('', ' ', '-', '\u3000', '\u200b'),
    at: fc.nat(18),
    isWide: fc.boolean(),
  })
  .map(({ document: { number, ...others }, blank, at, isWide }) => {
    const spaced = number.slice(0, at) + blank + number.slice(at);
    const widened = (character: string): string => String.fromCharCode(character.charCodeAt(0) + 0xfee0);
    return { ...others, number: isWide ? spaced.replaceAll(/[0-9A-Za-z]/g, widened) : spaced };
  });

const document = fc.oneof(
  typed,
  fc.record({
    kind: fc.constantFrom(...kinds),
    number: fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 2000 })),
    country: fc.string({ unit: 'binary' }),
  }),
);

const runs = { numRuns: 1000 };

test('whatever is sent as a document, parsing answers', () => {
  fc.assert(
    fc.property(fc.oneof(document, fc.anything()), (sent) => {
      expect(typeof documentSchema.safeParse(sent).success).toBe('boolean');
    }),
    runs,
  );
});

test('what parsing gives stays as it is when it is parsed again', () => {
  let taken = 0;
  fc.assert(
    fc.property(document, (sent) => {
      const { data } = documentSchema.safeParse(sent);
      if (!data) return;
      taken += 1;
      expect(documentSchema.parse(data)).toEqual(data);
      expect(data.number).toMatch(/^[0-9A-Z]+$/);
      expect(identityOf(documentSchema.parse(data))).toBe(identityOf(data));
    }),
    runs,
  );
  expect(taken).toBeGreaterThan(100);
});

test('a message never repeats four characters of a number', () => {
  fc.assert(
    fc.property(document, (sent) => {
      const messages = JSON.stringify(documentSchema.safeParse(sent).error?.issues ?? []);
      const number = sent.number.replaceAll(/\D/g, '');
      // What the rules themselves name.
      const said = messages.replaceAll(/8[123]0000|GB 11643|3166-1/g, '');
      for (let at = 0; at + 4 <= number.length; at += 1) expect(said).not.toContain(number.slice(at, at + 4));
    }),
    runs,
  );
});

test('a mask hides at least five characters, and keeps the length', () => {
  fc.assert(
    fc.property(document, (sent) => {
      const { data } = documentSchema.safeParse(sent);
      if (!data) return;
      const masked = maskDocument(data);
      expect(masked).toHaveLength(data.number.length);
      expect(masked.split('*').length - 1).toBeGreaterThanOrEqual(Math.min(5, data.number.length - 3));
    }),
    runs,
  );
});
