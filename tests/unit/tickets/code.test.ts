import * as fc from 'fast-check';
import { ticketKeyOf } from '../../../shared/tickets/code-keys.ts';
import { codeContentSchema, readCode, signCode, type CodeContent } from '../../../shared/tickets/code.ts';
import { deriveKey } from '../../../shared/platform/secrets.ts';

const seed = deriveKey('a secret for tests', 'sign-tickets');
const key = ticketKeyOf(seed);
const otherSeed = deriveKey('another secret', 'sign-tickets');

const content: CodeContent = codeContentSchema.parse({
  ticketId: '01KBZ5Q7W8XN3V4M5T6R7S8P9A-1',
  runId: 'G1~2026-12-01',
  from: 'VNP',
  to: 'AOH',
  coach: '05',
  seat: '12A',
  class: 'second',
  initials: '张',
  documentTail: '02X',
  validFrom: 1_796_000_400,
  validUntil: 1_796_124_480,
});

const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64url');

describe('a ticket code', () => {
  test('is read as what was signed', () => {
    expect(readCode([key], signCode(seed, content))).toEqual({ outcome: 'accepted', content });
  });

  test('without a document is read as such', () => {
    const { documentTail: _, ...bare } = content;
    expect(readCode([key], signCode(seed, bare))).toEqual({ outcome: 'accepted', content: bare });
  });

  test('is the same text for the same content', () => {
    expect(signCode(seed, { ...content })).toBe(signCode(seed, content));
  });

  test('is read with an old key that is still trusted', () => {
    expect(readCode([ticketKeyOf(otherSeed), key], signCode(seed, content)).outcome).toBe('accepted');
  });

  test('is at most 200 bytes for names and ids as they occur', () => {
    const long: CodeContent = codeContentSchema.parse({
      ...content,
      runId: '1184622_35_4~2026-12-01',
      from: 'de:08212:90:4:4',
      to: 'ch:8500010:0:7',
      class: 'business',
      initials: '买阿吐',
    });
    expect(bytesOf(signCode(seed, content)).length).toBeLessThanOrEqual(175);
    expect(bytesOf(signCode(seed, long)).length).toBeLessThanOrEqual(200);
  });

  test('keeps any text that content can hold', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 30 });
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (from, to, seat, validFrom) => {
        const each = { ...content, from, to, seat, validFrom };
        expect(readCode([key], signCode(seed, each))).toEqual({ outcome: 'accepted', content: each });
      }),
      { numRuns: 100 },
    );
  });
});

describe('a code is refused', () => {
  const text = signCode(seed, content);

  test('whichever of its bits was changed', () => {
    const bytes = bytesOf(text);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(readCode([key], changed.toString('base64url')).outcome).toBe('rejected');
    }
  });

  test.each(['', 'x', 'not base64!', text.slice(0, 40), `${text}=`])('that is no code: %s', (wrong) => {
    expect(readCode([key], wrong)).toMatchObject({ outcome: 'rejected' });
  });

  test('of a version that is not known', () => {
    const bytes = bytesOf(text);
    bytes[0] = 2;
    expect(readCode([key], bytes.toString('base64url'))).toEqual({
      outcome: 'rejected',
      reason: 'unknown-version',
    });
  });

  test('signed with a key that is not trusted', () => {
    expect(readCode([key], signCode(otherSeed, content))).toEqual({
      outcome: 'rejected',
      reason: 'unknown-key',
    });
    expect(readCode([], text)).toEqual({ outcome: 'rejected', reason: 'unknown-key' });
  });

  test('whose signature is that of another key under the id of a trusted one', () => {
    const bytes = bytesOf(signCode(otherSeed, content));
    Buffer.from(key.keyId, 'hex').copy(bytes, 1);
    expect(readCode([key], bytes.toString('base64url'))).toEqual({
      outcome: 'rejected',
      reason: 'bad-signature',
    });
  });
});

test('a public key says nothing of its seed and is 32 bytes', () => {
  expect(key.publicKey).toHaveLength(32);
  expect(key.keyId).toMatch(/^[0-9a-f]{8}$/);
  expect(key.publicKey.equals(seed)).toBe(false);
});
