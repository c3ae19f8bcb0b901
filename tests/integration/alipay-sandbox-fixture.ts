import { AlipaySdk } from 'alipay-sdk';
import type { Sandbox } from '../../infra/local/providers/sandbox.ts';
import { alipayProvider } from '../../shared/payments/alipay/provider.ts';
import type { Payment } from '../../shared/payments/model.ts';
import { openSandboxShop } from './sandbox-shop.ts';

const sdkOf = ({ appId, privateKey, alipayPublicKey, gateway }: Sandbox['secrets']['alipay']): AlipaySdk =>
  new AlipaySdk({ appId, privateKey, keyType: 'PKCS8', alipayPublicKey, gateway });

/** A shop that takes Alipay. */
export const openShop = async () => {
  const shop = await openSandboxShop({
    at: 'alipay',
    method: 'page',
    open: (sandbox, clock) => alipayProvider({ secret: sandbox.secrets.alipay, clock }),
    pageOf: ({ paymentId }) => `/cashier/${paymentId}`,
    answer: { status: 200, body: 'success' },
  });
  const begin = async (returnUrl?: string): Promise<{ payment: Payment; url: string }> => {
    const { payment, action } = await shop.begin({ returnUrl });
    return { payment, url: action.kind === 'redirect' ? action.url : '' };
  };
  return {
    ...shop,
    begin,
    sdk: () => sdkOf(shop.sandbox().secrets.alipay),
    /** A payment whose buyer has opened the cashier. */
    enter: async (returnUrl?: string): Promise<Payment> => {
      const { payment, url } = await begin(returnUrl);
      const page = await fetch(url);
      if (page.status !== 200) throw new Error(await page.text());
      return payment;
    },
    notices: async (count: number) =>
      (await shop.notices(count)).map(({ reading, body }) => ({
        reading,
        form: Object.fromEntries(new URLSearchParams(body)),
      })),
  };
};
