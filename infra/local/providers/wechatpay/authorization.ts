import { millisecondsOf, type Instant } from '../../../../shared/platform/time.ts';
import type { SandboxRequest } from '../provider-sandbox.ts';
import { mchId, merchantSerial, type SandboxKeys } from './keys.ts';

const scheme = 'WECHATPAY2-SHA256-RSA2048 ';
const clockMillisecondsMax = 300_000;

/** What is wrong with a request's signature, or undefined if the merchant signed it a moment ago. */
export const signatureFault = (
  { method, target, headers, body }: SandboxRequest,
  keys: Pick<SandboxKeys, 'isSignedByMerchant'>,
  now: Instant,
): string | undefined => {
  const header = headers['authorization'] ?? '';
  if (!header.startsWith(scheme)) return 'the Authorization header is missing or has another scheme';
  const proof = Object.fromEntries(
    [...header.slice(scheme.length).matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  ) as Record<string, string | undefined>;
  const { mchid, serial_no: serial, timestamp, nonce_str: nonce, signature } = proof;
  if (mchid !== mchId) return 'the merchant is unknown';
  if (serial !== merchantSerial) return 'the certificate is not the merchant’s';
  if (!timestamp || !nonce || !signature) return 'a part of the signature is missing';
  if (Math.abs(Number(timestamp) * 1000 - millisecondsOf(now)) >= clockMillisecondsMax)
    return 'the timestamp is too old';
  const text = [method, target, timestamp, nonce, body.toString('utf8')].map((line) => `${line}\n`).join('');
  return keys.isSignedByMerchant(text, signature) ? undefined : 'the signature is wrong';
};
