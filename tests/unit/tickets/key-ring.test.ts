import { readKeyRing } from '../../../shared/tickets/key-ring.ts';
import { ticketKeyOf } from '../../../shared/tickets/code-keys.ts';
import { readCode, signCode } from '../../../shared/tickets/code.ts';
import { deriveKey } from '../../../shared/platform/secrets.ts';
import { instantOf, plusSeconds } from '../../../shared/platform/time.ts';
import { sampleOrder, sampleTickets } from '../../support/sample-order.ts';

const now = instantOf(Date.parse('2026-12-01T00:00:00Z'));
const [first, second] = ['a'.repeat(64), 'b'.repeat(64)] as [string, string];
const keyOf = (secret: string) => ticketKeyOf(deriveKey(secret, 'sign-tickets'));
const textOf = (...keys: object[]): string => JSON.stringify({ keys });

test('a generated text is one key, which signs and is trusted', () => {
  const { seed, trusted } = readKeyRing(first, now);
  expect(seed).toEqual(deriveKey(first, 'sign-tickets'));
  expect(trusted).toEqual([keyOf(first)]);
});

test.each([
  [-1, first],
  [0, second],
  [1, second],
])('a new key is trusted at once and signs from its moment: %d s', (seconds, signs) => {
  const text = textOf({ secret: first }, { secret: second, from: '2026-12-02T08:00:00+08:00' });
  const { seed, trusted } = readKeyRing(text, plusSeconds(now, 86_400 + seconds));
  expect(seed).toEqual(deriveKey(signs, 'sign-tickets'));
  expect(trusted.map(({ keyId }) => keyId)).toEqual([keyOf(first).keyId, keyOf(second).keyId]);
});

test('tickets of a key that signs no more are read by its public half alone', () => {
  const [ticket] = sampleTickets(sampleOrder('issued'));
  const retired = { publicKey: keyOf(first).publicKey.toString('base64url') };
  const { trusted } = readKeyRing(textOf(retired, { secret: second }), now);
  const before = readCode({ keys: trusted, carrierId: 'cn-rail' }, ticket!.code);
  expect(before).toMatchObject({ reason: 'code-unknown-key' });
  const content = readCode({ keys: [keyOf('a secret for tests')], carrierId: 'cn-rail' }, ticket!.code);
  if (content.outcome === 'rejected') throw new Error(content.reason);
  const code = signCode(deriveKey(first, 'sign-tickets'), content.content);
  expect(readCode({ keys: trusted, carrierId: 'cn-rail' }, code).outcome).toBe('accepted');
});

test.each([
  ['no JSON', '{"keys": '],
  ['no keys', textOf()],
  ['a short secret', textOf({ secret: 'short' })],
  ['a public key of another length', textOf({ publicKey: 'abc' })],
  ['a field that has no effect', textOf({ secret: first, until: '2027-01-01T00:00:00Z' })],
  ['a day without a time', textOf({ secret: first, from: '2026-12-01' })],
  ['only keys that sign later', textOf({ secret: first, from: '2026-12-02T00:00:00Z' })],
  ['only keys that sign no more', textOf({ publicKey: 'a'.repeat(43) })],
])('a text with %s is refused, and not quoted', (_, text) => {
  expect(() => readKeyRing(text, now)).toThrow(/^the secret of tickets (is no list|has no key)/);
});
