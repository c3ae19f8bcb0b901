import { Encoder } from 'cbor-x/index-no-eval';
import * as fc from 'fast-check';
import { sign } from 'node:crypto';
import { privateKeyOf, ticketKeyOf } from '../../../shared/tickets/code-keys.ts';
import { codeContentSchema, type CodeContent } from '../../../shared/tickets/code-content.ts';
import { readCode, signCode } from '../../../shared/tickets/code.ts';
import { deriveKey } from '../../../shared/platform/secrets.ts';

const seed = deriveKey('a secret for tests', 'sign-tickets');
const key = ticketKeyOf(seed);
const trust = { keys: [key], carrierId: 'cn-rail' };
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
  carrierId: 'cn-rail',
});

const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64url');

describe('a ticket code', () => {
  test('is read as what was signed', () => {
    expect(readCode(trust, signCode(seed, content))).toEqual({ outcome: 'accepted', content });
  });

  test('without a document is read as such', () => {
    const { documentTail: _, ...bare } = content;
    expect(readCode(trust, signCode(seed, bare))).toEqual({ outcome: 'accepted', content: bare });
  });

  test('is the same text for the same content', () => {
    expect(signCode(seed, { ...content })).toBe(signCode(seed, content));
  });

  test('is read with an old key that is still trusted', () => {
    expect(readCode({ ...trust, keys: [ticketKeyOf(otherSeed), key] }, signCode(seed, content)).outcome).toBe(
      'accepted',
    );
  });

  test('is at most 205 bytes for names and ids as they occur', () => {
    const long: CodeContent = codeContentSchema.parse({
      ...content,
      runId: '1184622_35_4~2026-12-01',
      from: 'de:08212:90:4:4',
      to: 'ch:8500010:0:7',
      class: 'business',
      initials: '买阿吐',
    });
    expect(bytesOf(signCode(seed, content)).length).toBeLessThanOrEqual(180);
    expect(bytesOf(signCode(seed, long)).length).toBeLessThanOrEqual(205);
  });

  test('keeps any text that content can hold', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 30 });
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (from, to, seat, validFrom) => {
        const each = { ...content, from, to, seat, validFrom };
        expect(readCode(trust, signCode(seed, each))).toEqual({ outcome: 'accepted', content: each });
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
      expect(readCode(trust, changed.toString('base64url')).outcome).toBe('rejected');
    }
  });

  test.each(['', 'x', 'not base64!', text.slice(0, 40), `${text}=`])('that is no code: %s', (wrong) => {
    expect(readCode(trust, wrong)).toMatchObject({ outcome: 'rejected' });
  });

  test('of a version that is not known', () => {
    const bytes = bytesOf(text);
    bytes[0] = 2;
    expect(readCode(trust, bytes.toString('base64url'))).toEqual({
      outcome: 'rejected',
      reason: 'code-other-version',
    });
  });

  test('signed with a key that is not trusted', () => {
    expect(readCode(trust, signCode(otherSeed, content))).toEqual({
      outcome: 'rejected',
      reason: 'code-unknown-key',
    });
    expect(readCode({ ...trust, keys: [] }, text)).toEqual({
      outcome: 'rejected',
      reason: 'code-unknown-key',
    });
  });

  test('whose signature is that of another key under the id of a trusted one', () => {
    const bytes = bytesOf(signCode(otherSeed, content));
    Buffer.from(key.keyId, 'hex').copy(bytes, 1);
    expect(readCode(trust, bytes.toString('base64url'))).toEqual({
      outcome: 'rejected',
      reason: 'code-forged',
    });
  });
});

describe('a code has one spelling', () => {
  const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
  // One, two and three letters of initials: the text ends with no, four and two bits that base64url does not use.
  const texts = ['A', 'AB', 'ABC'].map((initials) => signCode(seed, { ...content, initials }));
  const isRead = (text: string): boolean => readCode(trust, text).outcome === 'accepted';

  test('whatever bits base64url leaves unused', () => {
    for (const text of texts) {
      const spellings = alphabet.map((letter) => text.slice(0, -1) + letter).filter(isRead);
      expect(spellings).toEqual([text]);
    }
    expect(new Set(texts.map(({ length }) => length % 4)).size).toBe(3);
  });

  test('without padding, blanks, line breaks, other cases and the other alphabet of base64', () => {
    for (const text of texts) {
      const others = [
        ...['=', '==', ' ', '\n', '\r\n', '\0', '\t', '\ufeff', 'A', 'AA', 'AAAA'].flatMap((more) => [
          `${text}${more}`,
          `${more}${text}`,
          `${text.slice(0, 20)}${more}${text.slice(20)}`,
        ]),
        text.toLowerCase(),
        text.toUpperCase(),
        Buffer.from(text, 'base64url').toString('base64'),
      ];
      expect(others.filter((other) => other !== text && isRead(other))).toEqual([]);
    }
  });

  test('and no text of base64url but it', () => {
    const [text = ''] = texts;
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...alphabet), (at, letter) => {
        const other = text.slice(0, at) + letter + text.slice(at + 1);
        expect(isRead(other)).toBe(other === text);
      }),
      { numRuns: 500 },
    );
  });

  /** What was signed with our key, and never by `signCode`. */
  const signedBytes = (payload: Uint8Array): string => {
    const head = bytesOf(signCode(seed, content)).subarray(0, 5);
    const signed = Buffer.concat([head, payload]);
    return Buffer.concat([signed, sign(null, signed, privateKeyOf(seed))]).toString('base64url');
  };
  const payload = bytesOf(signCode(seed, content)).subarray(5, -64);

  test('also of what our own key has signed', () => {
    expect(isRead(signedBytes(payload))).toBe(true);
    // The map's size (twelve) in two bytes instead of one.
    expect(payload[0]).toBe(0xa0 + 12);
    expect(isRead(signedBytes(Buffer.concat([Buffer.of(0xb8, 12), payload.subarray(1)])))).toBe(false);
    expect(isRead(signedBytes(Buffer.concat([payload, Buffer.of(0)])))).toBe(false);
    expect(isRead(signedBytes(payload.subarray(0, -1)))).toBe(false);
    expect(isRead(signedBytes(Buffer.of()))).toBe(false);
    expect(isRead(signedBytes(Buffer.of(0xff)))).toBe(false);
  });

  test('with a ticket id of its length', () => {
    const cbor = new Encoder({ useRecords: false, mapsAsObjects: false, variableMapSize: true });
    const fields = new Map(cbor.decode(payload) as Map<number, unknown>);
    expect(isRead(signedBytes(cbor.encode(fields)))).toBe(true);
    fields.set(1, Buffer.concat([fields.get(1) as Uint8Array, Buffer.of(7)]));
    expect(() => isRead(signedBytes(cbor.encode(fields)))).toThrow('the id of a ticket');
  });

  test('whose signature is below the order of the group', () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const bytes = bytesOf(texts[0] ?? '');
    const scalar = BigInt(`0x${Buffer.from(bytes.subarray(-32)).reverse().toString('hex')}`);
    const other = Buffer.from((scalar + order).toString(16).padStart(64, '0'), 'hex').reverse();
    expect(isRead(Buffer.concat([bytes.subarray(0, -32), other]).toString('base64url'))).toBe(false);
  });
});

test('a public key says nothing of its seed and is 32 bytes', () => {
  expect(key.publicKey).toHaveLength(32);
  expect(key.keyId).toMatch(/^[0-9a-f]{8}$/);
  expect(key.publicKey.equals(seed)).toBe(false);
});
