import { wechatpayProvider } from '../../../shared/payments/wechatpay/provider.ts';
import type { WechatpaySecret } from '../../../shared/payments/wechatpay/model.ts';
import { keyId, now, payment, secret, signedHeaders, transaction } from './wechatpay-fixture.ts';

const pem = secret.platformKeys[keyId] ?? '';

/** The `Wechatpay-Serial` of a request by a merchant with these keys of WeChat Pay. */
const namedWith = async (platformKeys: WechatpaySecret['platformKeys']): Promise<string | null> => {
  const body = JSON.stringify(transaction);
  const named: (string | null)[] = [];
  const send = (async (_url: string, { headers }: RequestInit) => {
    named.push(new Headers(headers).get('wechatpay-serial'));
    const [serial] = Object.keys(platformKeys);
    return new Response(body, { headers: signedHeaders(body, { serial }) });
  }) as unknown as typeof fetch;
  const provider = wechatpayProvider({ secret: { ...secret, platformKeys }, clock: () => now, fetch: send });
  expect(await provider.query(payment)).toMatchObject({ state: 'captured' });
  expect(named).toHaveLength(1);
  return named[0] ?? null;
};

describe('the key by which WeChat Pay is to sign its answer', () => {
  test('is the public key, if the secret has one', async () => {
    expect(await namedWith({ [keyId]: pem })).toBe(keyId);
  });

  test('is the public key also while the secret still has the platform certificate', async () => {
    expect(await namedWith({ '5157F09EFDC096DE15EBE81A47057A726A2D1E3F': pem, [keyId]: pem })).toBe(keyId);
  });

  test('is left to WeChat Pay with certificates alone, which it changes by itself', async () => {
    expect(await namedWith({ '5157F09EFDC096DE15EBE81A47057A726A2D1E3F': pem })).toBeNull();
  });
});
