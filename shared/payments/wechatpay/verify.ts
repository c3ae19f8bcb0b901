import type { KeyObject } from 'node:crypto';
import { accepted, rejected, type Outcome } from '../../platform/outcome.ts';
import { millisecondsOf, type Instant } from '../../platform/time.ts';
import { isSignedBy } from '../rsa-sha256.ts';

/** By the number of a certificate or the id of a public key. */
export type PlatformKeys = ReadonlyMap<string, KeyObject>;

/** The check that a signed message fails. */
export type SignatureRefusal = 'headers' | 'clock' | 'serial' | 'signature';

/** How far the clocks may be apart (source: WeChat Pay's rule against replays). */
const clockMillisecondsMax = 300_000;

/**
 * The forms of the four headers. Two headers of a name arrive as one with a comma, which none of these forms has, so that two
 * readers cannot take different values.
 */
const forms = {
  'wechatpay-timestamp': /^\d{1,12}$/,
  'wechatpay-nonce': /^[\w+/=-]{1,128}$/,
  'wechatpay-serial': /^\w{1,128}$/,
  'wechatpay-signature': /^[A-Za-z0-9+/]+={0,2}$/,
} as const;

/**
 * Whether WeChat Pay signed `body` a moment ago: RSA-SHA256 over timestamp, nonce and the raw body, each with a line feed, by the
 * key that `Wechatpay-Serial` names. Header names are in lower case.
 */
export const verifySigned = (
  { headers, body, receivedAt }: SignedMessage,
  keys: PlatformKeys,
): Outcome<object, SignatureRefusal> => {
  const [timestamp, nonce, serial, signature] = Object.entries(forms).map(([name, form]) => {
    const value = headers[name];
    return value !== undefined && form.test(value) ? value : undefined;
  });
  if (!timestamp || !nonce || !serial || !signature) return rejected('headers');
  if (Math.abs(Number(timestamp) * 1000 - millisecondsOf(receivedAt)) >= clockMillisecondsMax)
    return rejected('clock');
  const key = keys.get(serial);
  if (!key) return rejected('serial');
  const signed = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')]);
  return isSignedBy(signed, signature, key) ? accepted({}) : rejected('signature');
};

export type SignedMessage = {
  headers: Readonly<Record<string, string | undefined>>;
  /** The bytes as they came. */
  body: Buffer;
  receivedAt: Instant;
};
