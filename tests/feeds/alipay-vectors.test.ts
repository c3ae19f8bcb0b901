import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAlipayNotification } from '../../shared/payments/alipay/notification.ts';

type Vector = { title: string; public_key: string; params: Record<string, string>; valid: boolean };

const file = join(process.env['KEYUN_SHARED_DATA'] ?? '', 'payment-vectors', 'vectors.json');
const { alipay_notify: published } = JSON.parse(readFileSync(file, 'utf8')) as {
  alipay_notify: { cases: Vector[] };
};

test.each(published.cases)('Alipay’s published notification: $title', ({ public_key, params, valid }) => {
  const parties = {
    appId: params['app_id'] ?? '',
    sellerId: params['seller_id'] ?? '',
    alipayKey: createPublicKey(public_key),
  };
  const body = Buffer.from(new URLSearchParams(params).toString());
  const request = { headers: {}, body, receivedAt: '2026-12-01T01:00:00.000Z' as never };
  const reading = readAlipayNotification(request, parties);
  expect(reading).toMatchObject(
    valid
      ? { outcome: 'accepted', notification: { paymentNumber: params['out_trade_no'] } }
      : { outcome: 'rejected', reason: 'signature' },
  );
});
