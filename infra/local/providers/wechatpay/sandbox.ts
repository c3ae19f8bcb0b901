import { join } from 'node:path';
import { openCashier } from '../cashier-sandbox.ts';
import type { ProviderSandbox, SandboxParts } from '../provider-sandbox.ts';
import { appId, mchId, merchantSerial, platformKeyId, sandboxKeys } from './keys.ts';
import { pageOfCode, wechatpaySite } from './site.ts';
import { isTaken, retryAfterSeconds, signedNotice, tell } from './tell.ts';

export type WechatpayKeys = {
  appId: string;
  mchId: string;
  serialNo: string;
  privateKey: string;
  apiV3Key: string;
  platformKeys: Record<string, string>;
  gateway: string;
};

/**
 * WeChat Pay's API v3: `/v3/pay/transactions/{native|h5|jsapi}`, query and close by the merchant's number, refunds, the bill of a
 * day (`/v3/bill/tradebill`, ready at nine in the morning of China, and its download for five minutes). What a buyer or
 * a program in a buyer's place does:
 *
 * - `GET /scan?code=…` with the text of a code, with `prepay_id=…` or with an address for a phone's browser: the cashier's page.
 * - `GET /wechatpay/code/{outTradeNo}`: the code as a shop shows it.
 * - `GET <address for a phone's browser>`: the cashier, if a page of the merchant leads there.
 * - `GET /wechatpay/cashier/{outTradeNo}`, and `POST …/{action}` with the actions of every cashier.
 */
export const wechatpaySandbox = (given: SandboxParts): ProviderSandbox<WechatpayKeys> => {
  const { dataDir, clock, url } = given;
  const keys = sandboxKeys(dataDir);
  const { parts, rest } = openCashier(given, {
    booksFile: join(dataDir, 'wechatpay-books.sqlite'),
    cashier: {
      name: '微信支付 WeChat Pay',
      heading: '微信支付沙箱 · WeChat Pay sandbox',
      addressOf: ({ outTradeNo }) => `/wechatpay/cashier/${encodeURIComponent(outTradeNo)}`,
    },
    tell,
    sign: (delivery) => signedNotice(delivery, keys, clock()),
    isTaken,
    retryAfterSeconds,
    returnAddress: ({ returnUrl }) => returnUrl,
  });
  const site = { ...parts, keys, url };
  return {
    secret: {
      appId,
      mchId,
      serialNo: merchantSerial,
      privateKey: keys.merchantPrivatePem,
      apiV3Key: keys.apiV3Key,
      platformKeys: { [platformKeyId]: keys.platformPublicPem },
      gateway: url,
    },
    answer: wechatpaySite(site),
    pageOf: (code) => pageOfCode(code, site),
    ...rest,
  };
};
