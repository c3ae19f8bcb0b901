import { deriveKey } from '../../../shared/platform/secrets.ts';
import type { Document } from '../../../shared/users/document.ts';
import { claimOf, openDocument, sealDocument } from '../../../shared/users/seal-document.ts';

const key = deriveKey('a secret for tests', 'seal-documents');
const otherKey = deriveKey('another secret', 'seal-documents');
const document: Document = { kind: 'cn-resident-id', number: '11010519491231002X' };
const refusal = /unable to authenticate|not a sealed document/;

describe('a sealed document', () => {
  test('opens with its key where it belongs', () => {
    expect(openDocument(key, sealDocument(key, document, 'order-1'), 'order-1')).toEqual(document);
  });

  test('looks different every time and shows nothing of the number', () => {
    const sealed = sealDocument(key, document, 'order-1');
    expect(sealDocument(key, document, 'order-1')).not.toBe(sealed);
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toMatch(/1101|resident/);
  });

  test.each<Document>([
    { kind: 'passport', number: '1234', country: 'GBR' },
    { kind: 'cn-resident-id', number: '810000199408230021' },
  ])('opens although newer rules would refuse it: %j', (old) => {
    expect(openDocument(key, sealDocument(key, old, 'order-1'), 'order-1')).toEqual(old);
  });

  test('does not open in another order, nor with another key', () => {
    const sealed = sealDocument(key, document, 'order-1');
    expect(() => openDocument(key, sealed, 'order-2')).toThrow(refusal);
    expect(() => openDocument(otherKey, sealed, 'order-1')).toThrow(refusal);
  });

  test('does not open once any of its bytes was changed', () => {
    const bytes = Buffer.from(sealDocument(key, document, 'order-1'), 'base64url');
    for (let place = 0; place < bytes.length; place += 1) {
      const changed = Buffer.from(bytes);
      changed[place]! ^= 1;
      expect(() => openDocument(key, changed.toString('base64url'), 'order-1')).toThrow(refusal);
    }
  });

  test('does not open when it was cut short', () => {
    const sealed = sealDocument(key, document, 'order-1');
    for (const length of [0, 4, 20, 40, sealed.length - 4]) {
      expect(() => openDocument(key, sealed.slice(0, length), 'order-1')).toThrow(refusal);
    }
  });
});

describe('a claim', () => {
  const passport: Document = { kind: 'passport', number: 'C01X00T47', country: 'DEU' };

  test('is the same for the same document, always', () => {
    expect(claimOf(key, document)).toBe(claimOf(key, { ...document }));
    // A constant: stored claims must be found again by every later version.
    expect(claimOf(Buffer.alloc(32, 1), document)).toBe('ie_PDJqEgqnlUKFJv00MNS');
  });

  test('differs by number, kind, country and key', () => {
    const claims = [
      claimOf(key, document),
      claimOf(key, { kind: 'cn-resident-id', number: '440306199202294527' }),
      claimOf(key, passport),
      claimOf(key, { ...passport, country: 'AUT' }),
      claimOf(otherKey, document),
    ];
    expect(new Set(claims).size).toBe(claims.length);
  });

  test.each<[string, Document, Document]>([
    [
      'a permit for Hong Kong that was replaced',
      { kind: 'cn-hong-kong-macao-travel-permit', number: 'H1234567800' },
      { kind: 'cn-hong-kong-macao-travel-permit', number: 'H12345678' },
    ],
    [
      'a permit for Taiwan that was issued again',
      { kind: 'cn-taiwan-travel-permit', number: '1234567801' },
      { kind: 'cn-taiwan-travel-permit', number: '12345678' },
    ],
    [
      'a passport whose issuer has two names',
      { kind: 'passport', number: 'K12345678', country: 'HKG' },
      { kind: 'passport', number: 'K12345678', country: 'CHN' },
    ],
    [
      'a residence permit that an order has as a resident card',
      { kind: 'cn-resident-id', number: '810000199408230021' },
      { kind: 'cn-residence-permit', number: '810000199408230021' },
    ],
  ])('is one for %s', (_, one, other) => {
    expect(claimOf(key, one)).toBe(claimOf(key, other));
  });
});
