import { createHmac, timingSafeEqual } from 'node:crypto';
import { accepted, rejected, type Outcome } from '../../platform/outcome.ts';
import { millisecondsOf, type Instant } from '../../platform/time.ts';

export type SignatureRefusal = 'header' | 'clock' | 'signature';

/** How far the clocks may be apart, in both directions. */
const clockMillisecondsMax = 300_000;

/** More than Stripe sends; each costs one comparison. */
const signaturesMax = 8;

/**
 * Whether Stripe signed `body` a moment ago: `t=<seconds>,v1=<hex>`, HMAC-SHA256 of `<seconds>.<raw body>`. While one signing
 * secret replaces another there are several `v1`, and any of them may match any secret.
 */
export const verifySigned = (
  { header, body, receivedAt }: { header: string | undefined; body: Buffer; receivedAt: Instant },
  secrets: readonly string[],
): Outcome<object, SignatureRefusal> => {
  const parts = (header ?? '').split(',').map((part) => part.trim().split('=') as [string, string?]);
  const times = parts.filter(([name]) => name === 't').map(([, value]) => value ?? '');
  const signatures = parts.filter(([name]) => name === 'v1').map(([, value]) => value ?? '');
  const [seconds = ''] = times;
  if (times.length !== 1 || !/^\d{1,12}$/.test(seconds)) return rejected('header');
  if (signatures.length === 0 || signatures.length > signaturesMax) return rejected('header');
  if (Math.abs(Number(seconds) * 1000 - millisecondsOf(receivedAt)) >= clockMillisecondsMax)
    return rejected('clock');
  const expected = secrets.map((secret) =>
    createHmac('sha256', secret).update(`${seconds}.`, 'utf8').update(body).digest(),
  );
  const isSigned = signatures.some((signature) => expected.some((right) => isHexOf(signature, right)));
  return isSigned ? accepted({}) : rejected('signature');
};

const isHexOf = (text: string, bytes: Buffer): boolean =>
  /^[0-9a-f]{64}$/.test(text) && timingSafeEqual(Buffer.from(text, 'hex'), bytes);
