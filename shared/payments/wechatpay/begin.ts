import type { Payment, PaymentAction } from '../model.ts';
import type { BeginWish, DeviceNeed, PaymentMethod, PayingDevice } from '../provider.ts';
import { isPhone } from '../device.ts';
import { providerRefusal } from './failures.ts';
import { wechatpayTime } from './local-time.ts';
import {
  codeUrlSchema,
  h5UrlSchema,
  prepayIdSchema,
  wechatpayCurrency,
  wechatpayMethodNames,
  type WechatpayMethodName,
  type WechatpaySecret,
} from './model.ts';
import type { Reply, WechatpayClient } from './request.ts';

type Parties = Pick<WechatpaySecret, 'appId' | 'mchId'>;
type Order = {
  client: WechatpayClient;
  parties: Parties;
  body: object;
  wish: BeginWish;
  signal?: AbortSignal;
};

const described: Readonly<Record<WechatpayMethodName, Omit<PaymentMethod, 'name'>>> = {
  native: { action: 'qr-code' },
  h5: { action: 'redirect', needs: ['address'] },
  jsapi: { action: 'parameters', needs: ['openid'] },
};

/** A code for the app, a page for a phone's browser, and the payment inside WeChat: those that the contract has. */
export const wechatpayMethods = ({ methods = wechatpayMethodNames }: Methods): readonly PaymentMethod[] =>
  methods.map((name) => ({ name, ...described[name] }));

type Methods = { methods?: readonly WechatpayMethodName[] | undefined };

/** The browser of WeChat itself; its payment page for other browsers does not open there. */
const isInWechat = (userAgent: string): boolean => /\bMicroMessenger\b/i.test(userAgent);

/** The best that the contract and the device have. */
export const wechatpayMethodFor = (
  { methods = wechatpayMethodNames }: Methods,
  device: PayingDevice,
): WechatpayMethodName => {
  const { userAgent } = device;
  const wanted: WechatpayMethodName[] = isInWechat(userAgent)
    ? ['jsapi', 'native']
    : isPhone(userAgent)
      ? ['h5', 'native']
      : ['native'];
  const has = (name: WechatpayMethodName): boolean =>
    methods.includes(name) && (described[name].needs ?? []).every((need: DeviceNeed) => device[need]);
  return wanted.find(has) ?? methods[0] ?? 'native';
};

const descriptionLengthMax = 127;

/** What the client needs to pay. Throws if the payment is not in yuan or its method is not one of WeChat Pay's. */
export const beginWechatpay = async (
  client: WechatpayClient,
  parties: Parties,
  payment: Payment,
  wish: BeginWish,
  signal?: AbortSignal,
): Promise<PaymentAction> => {
  if (payment.amount.currency !== wechatpayCurrency)
    throw new RangeError(`WeChat Pay does not accept ${payment.amount.currency}`);
  const way = Object.entries(ways).find(([name]) => name === payment.method)?.[1];
  if (!way) throw new RangeError(`WeChat Pay has no method ${payment.method}`);
  const body = {
    appid: parties.appId,
    mchid: parties.mchId,
    description: [...wish.subject].slice(0, descriptionLengthMax).join(''),
    out_trade_no: payment.paymentId,
    time_expire: wechatpayTime(payment.expiresAt),
    notify_url: wish.notifyUrl,
    amount: { total: payment.amount.amount, currency: wechatpayCurrency },
  };
  return way({ client, parties, body, wish, ...(signal && { signal }) });
};

const contentOf = <Content>(reply: Reply<Content>): Content => {
  if (reply.outcome === 'rejected') throw providerRefusal(reply.reason);
  return reply.content;
};

const ways: Readonly<Record<WechatpayMethodName, (order: Order) => Promise<PaymentAction>>> = {
  native: async ({ client, body, signal }) => {
    const request = {
      method: 'POST',
      path: '/v3/pay/transactions/native',
      body,
      schema: codeUrlSchema,
    } as const;
    const { code_url: text } = contentOf(await client.call(request, signal));
    return { kind: 'qr-code', text };
  },
  h5: async ({ client, body, wish, signal }) => {
    const scene = { payer_client_ip: wish.device.address, h5_info: { type: 'Wap' } };
    const request = {
      method: 'POST',
      path: '/v3/pay/transactions/h5',
      body: { ...body, scene_info: scene },
      schema: h5UrlSchema,
    } as const;
    const { h5_url: address } = contentOf(await client.call(request, signal));
    const back = wish.returnUrl === undefined ? '' : `&redirect_url=${encodeURIComponent(wish.returnUrl)}`;
    return { kind: 'redirect', url: `${address}${back}` };
  },
  jsapi: async ({ client, parties, body, wish, signal }) => {
    const request = {
      method: 'POST',
      path: '/v3/pay/transactions/jsapi',
      body: { ...body, payer: { openid: wish.device.openid } },
      schema: prepayIdSchema,
    } as const;
    const { prepay_id: prepayId } = contentOf(await client.call(request, signal));
    const { timestamp: timeStamp, nonce: nonceStr } = client.stamp();
    const packed = `prepay_id=${prepayId}`;
    const paySign = client.signLines([parties.appId, timeStamp, nonceStr, packed]);
    return {
      kind: 'parameters',
      parameters: { appId: parties.appId, timeStamp, nonceStr, package: packed, signType: 'RSA', paySign },
    };
  },
};
