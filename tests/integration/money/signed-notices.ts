import type { Delivery, How, Telling } from '../../../infra/local/providers/delivery.ts';
import { sandboxKeys as alipayKeys } from '../../../infra/local/providers/alipay/keys.ts';
import { signedForm, tell as tellAlipay } from '../../../infra/local/providers/alipay/tell.ts';
import { sandboxKeys as stripeKeys } from '../../../infra/local/providers/stripe/keys.ts';
import { signedEvent, teller } from '../../../infra/local/providers/stripe/tell.ts';
import type { Trade } from '../../../infra/local/providers/trade.ts';
import { sandboxKeys as wechatpayKeys } from '../../../infra/local/providers/wechatpay/keys.ts';
import { signedNotice, tell as tellWechatpay } from '../../../infra/local/providers/wechatpay/tell.ts';
import type { Payment, ProviderName } from '../../../shared/payments/model.ts';
import { plusSeconds, type Instant } from '../../../shared/platform/time.ts';

type Content = Record<string, unknown>;
export type Signed = { headers: Record<string, string>; body: string };

/** What a notification says about a payment, and how it differs from a usual one. */
export type Notice = {
  telling?: Telling;
  /** Changes of the content that the provider then signs. */
  change?: (content: Content) => Content;
  /** When the provider signs it. */
  at?: Instant;
} & Pick<How, 'id' | 'forged'>;

/** The notifications of each provider, signed with the keys of the sandbox in this folder. */
export const noticesOf = (
  folder: string,
  clock: () => Instant,
): Record<ProviderName, (payment: Payment, notice?: Notice) => Signed> => {
  const keys = {
    alipay: alipayKeys(folder),
    wechatpay: wechatpayKeys(folder),
    stripe: stripeKeys(folder),
  };
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const parts = {
    alipay: {
      tell: tellAlipay,
      sign: (delivery: Delivery, at: Instant): Signed => ({
        headers: form,
        body: signedForm(delivery, keys.alipay, at).toString(),
      }),
    },
    wechatpay: {
      tell: tellWechatpay,
      sign: (delivery: Delivery, at: Instant) => signedNotice(delivery, keys.wechatpay, at),
    },
    stripe: {
      tell: teller(undefined),
      sign: (delivery: Delivery, at: Instant) => signedEvent(delivery, keys.stripe, at),
    },
  };
  const made =
    (name: ProviderName) =>
    (payment: Payment, { telling = { of: 'paid' }, change, at = clock(), ...how }: Notice = {}): Signed => {
      const { tell, sign } = parts[name];
      const [delivery] = tell(tradeOf(payment, telling, clock()), telling, clock(), how);
      if (!delivery) throw new Error(`${name} tells nothing of that`);
      const content = { ...delivery.content, ...personal[name] };
      return sign({ ...delivery, content: change ? change(content) : content }, at);
    };
  return { alipay: made('alipay'), wechatpay: made('wechatpay'), stripe: made('stripe') };
};

const nowhere = 'https://keyun.example/';

/** The trade as the provider's books have it, with texts that name a person. */
const tradeOf = (
  { paymentId, amount, createdAt, expiresAt }: Payment,
  telling: Telling,
  now: Instant,
): Trade => {
  const refunds = telling.of === 'refund' ? [telling.refund] : [];
  return {
    outTradeNo: paymentId,
    tradeNo: `trade-${paymentId}`,
    subject: planted.name,
    total: amount.amount,
    currency: amount.currency,
    createdAt,
    expiresAt,
    notifyUrl: nowhere,
    returnUrl: undefined,
    status: telling.of === 'waiting' ? 'waiting' : telling.of === 'closed' ? 'closed' : 'paid',
    ...(telling.of === 'closed' ? { closedAt: now } : { paidAt: plusSeconds(now, -1) }),
    slowAnswers: 0,
    refunds,
    more: {
      metadata: JSON.stringify({ payment: paymentId, passenger: planted.name }),
      openid: planted.buyer,
      ...Object.fromEntries(
        refunds.flatMap(({ outRequestNo }) => [
          [`refund:${outRequestNo}`, nowhere],
          [outRequestNo, JSON.stringify({ payment: paymentId, refund: outRequestNo })],
        ]),
      ),
    },
  };
};

/** What may stand in no log and in no item: a name, a phone number, an address, a document, and the buyer's id. */
export const planted = {
  name: '欧阳种树',
  phone: '13800138000',
  email: 'planted@example.org',
  document: '11010519491231002X',
  buyer: '2088777766665555',
};

/** What a provider tells of the payer in the open. */
const personal: Readonly<Record<ProviderName, Content>> = {
  alipay: {
    buyer_id: planted.buyer,
    buyer_logon_id: planted.email,
    body: `${planted.phone} ${planted.document}`,
  },
  wechatpay: {},
  stripe: { account: planted.buyer, request: { id: planted.email, idempotency_key: planted.phone } },
};
