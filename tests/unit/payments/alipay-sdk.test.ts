import { AlipaySdk } from 'alipay-sdk';
import { createPublicKey, sign } from 'node:crypto';
import { readAnswer } from '../../../shared/payments/alipay/answer.ts';
import { readAlipayNotification } from '../../../shared/payments/alipay/notification.ts';
import { alipayProvider } from '../../../shared/payments/alipay/provider.ts';
import { signingText } from '../../../shared/payments/alipay/signing-text.ts';
import { isSignedBy } from '../../../shared/payments/rsa-sha256.ts';
import {
  alipay,
  now,
  paidFields,
  payment,
  requestOf,
  secret,
  signedBody,
  stranger,
} from './alipay-fixture.ts';

/**
 * Alipay's own client as an oracle. What it signs must verify here and the other way round; where its checks are the
 * weaker ones, this says in what.
 */
const sdk = new AlipaySdk({
  appId: secret.appId,
  privateKey: secret.privateKey,
  keyType: 'PKCS8',
  alipayPublicKey: secret.alipayPublicKey,
  gateway: secret.gateway,
});
const ourPublicKey = createPublicKey(secret.privateKey);
/** The same client with our key in Alipay's place: it checks what we sign. */
const gatewaySide = new AlipaySdk({
  appId: secret.appId,
  privateKey: secret.privateKey,
  keyType: 'PKCS8',
  alipayPublicKey: ourPublicKey.export({ type: 'spki', format: 'pem' }).toString(),
});
const parties = { appId: secret.appId, sellerId: secret.sellerId, alipayKey: alipay.publicKey };
const believedHere = (body: URLSearchParams): boolean =>
  readAlipayNotification(requestOf(body), parties).outcome === 'accepted';
const believedThere = (body: URLSearchParams): boolean => sdk.checkNotifySignV2(Object.fromEntries(body));

test.each([
  ['page', 'alipay.trade.page.pay'],
  ['wap', 'alipay.trade.wap.pay'],
])(
  'both ask for a %s payment in the same words, and each signature holds at the other',
  async (method, named) => {
    const action = await alipayProvider({ secret, clock: () => now }).begin(
      { ...payment, method },
      {
        subject: 'G1 北京南→上海虹桥',
        device: { userAgent: '' },
        returnUrl: 'https://shop.example/orders/1?lang=zh',
        notifyUrl: 'https://api.example/v1/payment-callbacks/alipay',
      },
    );
    const ours = new URL(action.kind === 'redirect' ? action.url : '').searchParams;
    const theirs = new URL(
      sdk.pageExecute(named, 'GET', {
        bizContent: JSON.parse(ours.get('biz_content') ?? ''),
        notifyUrl: ours.get('notify_url') ?? '',
        returnUrl: ours.get('return_url') ?? '',
        timestamp: ours.get('timestamp') ?? '',
        format: 'JSON',
      }),
    ).searchParams;
    const { sign: ourSignature = '', ...ourFields } = Object.fromEntries(ours);
    const { sign: theirSignature = '', ...theirFields } = Object.fromEntries(theirs);
    const { alipay_sdk: _, ...theirWords } = theirFields;
    expect(ourFields).toEqual(theirWords);
    expect(isSignedBy(signingText(new Map(Object.entries(theirFields))), theirSignature, ourPublicKey)).toBe(
      true,
    );
    expect(gatewaySide.checkNotifySignV2({ ...ourFields, sign: ourSignature })).toBe(true);
  },
);

test('both believe a notification that Alipay signed, and neither one that was changed or signed by another', () => {
  const genuine = signedBody(paidFields);
  expect([believedHere(genuine), believedThere(genuine)]).toEqual([true, true]);
  const changed = new URLSearchParams(genuine);
  changed.set('total_amount', '553.01');
  expect([believedHere(changed), believedThere(changed)]).toEqual([false, false]);
  const foreign = signedBody(paidFields, stranger.privateKey);
  expect([believedHere(foreign), believedThere(foreign)]).toEqual([false, false]);
});

test('a notification whose signature includes sign_type passes there and is refused here', () => {
  const body = signedBody({ ...paidFields, sign_type: 'RSA2' }, alipay.privateKey, {});
  expect([believedHere(body), believedThere(body)]).toEqual([false, true]);
});

test('a notification of another application or account passes there and is refused here', () => {
  for (const other of [{ app_id: '1' }, { seller_id: '1' }]) {
    const body = signedBody({ ...paidFields, ...other });
    expect([believedHere(body), believedThere(body)]).toEqual([false, true]);
  }
});

test('both take the same characters of an answer for what was signed', () => {
  const content = '{"code":"10000","msg":"Success","sub_msg":"a\\/b \\"sign\\" 中","out_trade_no":"1"}';
  const signed = sign('sha256', Buffer.from(content), alipay.privateKey).toString('base64');
  const body = `{"alipay_trade_query_response":${content},"sign":"${signed}"}`;
  expect(() => sdk.checkResponseSign(body, 'alipay_trade_query_response', signed, 'trace')).not.toThrow();
  expect(readAnswer('alipay.trade.query', body, alipay.publicKey)).toMatchObject({ code: '10000' });

  const changed = body.replace('"1"', '"2"');
  expect(() => sdk.checkResponseSign(changed, 'alipay_trade_query_response', signed, 'trace')).toThrow();
  expect(() => readAnswer('alipay.trade.query', changed, alipay.publicKey)).toThrow('not signed');
});
