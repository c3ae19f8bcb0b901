import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifySigned } from '../../shared/payments/stripe/verify.ts';
import { instantOf } from '../../shared/platform/time.ts';

const file = join(process.env['KEYUN_SHARED_DATA'] ?? '', 'payment-vectors', 'vectors.json');
const { stripe_hmac: published } = JSON.parse(readFileSync(file, 'utf8')) as {
  stripe_hmac: { secret: string; cases: { payload: string; hex: string }[] };
};

test.each(published.cases)('Stripe’s published HMAC of $payload', ({ payload, hex }) => {
  expect(createHmac('sha256', published.secret).update(payload).digest('hex')).toBe(hex);
  const [seconds, ...rest] = payload.split('.');
  const signed =
    rest.length > 0 ? { seconds, body: rest.join('.') } : { seconds: '1700000000', body: payload };
  const right =
    rest.length > 0
      ? hex
      : createHmac('sha256', published.secret).update(`${signed.seconds}.${signed.body}`).digest('hex');
  const receivedAt = instantOf(Number(signed.seconds) * 1000);
  const message = { body: Buffer.from(signed.body), receivedAt };
  expect(verifySigned({ header: `t=${signed.seconds},v1=${right}`, ...message }, [published.secret])).toEqual(
    {
      outcome: 'accepted',
    },
  );
  expect(verifySigned({ header: `t=${signed.seconds},v1=${right}`, ...message }, ['other'])).toEqual({
    outcome: 'rejected',
    reason: 'signature',
  });
});
