import { toDecimal } from '../../platform/money.ts';
import type { Payment, PaymentAction } from '../model.ts';
import type { BeginWish, PaymentMethod, PayingDevice } from '../provider.ts';
import { isPhone } from '../device.ts';
import { providerRefusal } from './failures.ts';
import { alipayTime } from './local-time.ts';
import { alipayCurrency, precreateAnswerSchema } from './model.ts';
import type { AlipayGateway } from './request.ts';

type Begin = (
  gateway: AlipayGateway,
  payment: Payment,
  wish: BeginWish,
  signal?: AbortSignal,
) => Promise<PaymentAction>;

const subjectLengthMax = 256;
/** Removes the characters that Alipay does not accept in a subject. */
const subjectOf = (text: string): string => text.replaceAll(/[/=&]/g, ' ').slice(0, subjectLengthMax);

const contentOf = (payment: Payment, subject: string, productCode: string) => ({
  out_trade_no: payment.paymentId,
  product_code: productCode,
  total_amount: toDecimal(payment.amount),
  subject: subjectOf(subject),
  // Absolute: `timeout_express` would start again each time that the buyer reopens the cashier.
  time_expire: alipayTime(payment.expiresAt),
});

/** The signed address of a cashier for the buyer's browser. Alipay makes the trade when the browser opens it. */
const byAddress =
  (method: string, productCode: string): Begin =>
  async (gateway, payment, { subject, returnUrl, notifyUrl }) => ({
    kind: 'redirect',
    url: gateway.addressOf(method, contentOf(payment, subject, productCode), {
      notify_url: notifyUrl,
      ...(returnUrl !== undefined && { return_url: returnUrl }),
    }),
  });

/** `alipay.trade.precreate`: a code that the buyer scans with the app. Alipay makes the trade when it is scanned. */
const byCode: Begin = async (gateway, payment, { subject, notifyUrl }, signal) => {
  const reply = await gateway.call(
    'alipay.trade.precreate',
    contentOf(payment, subject, 'FACE_TO_FACE_PAYMENT'),
    precreateAnswerSchema,
    { signal, more: { notify_url: notifyUrl } },
  );
  if (reply.outcome === 'rejected') throw providerRefusal(reply.reason);
  return { kind: 'qr-code', text: reply.content.qr_code };
};

const ways = {
  page: { action: 'redirect', begin: byAddress('alipay.trade.page.pay', 'FAST_INSTANT_TRADE_PAY') },
  wap: { action: 'redirect', begin: byAddress('alipay.trade.wap.pay', 'QUICK_WAP_WAY') },
  'qr-code': { action: 'qr-code', begin: byCode },
} as const satisfies Record<string, { action: PaymentAction['kind']; begin: Begin }>;

/** The cashier in a desktop's browser, the one in a phone's browser, and a code for the app. */
export const alipayMethods: readonly PaymentMethod[] = Object.entries(ways).map(([name, { action }]) => ({
  name,
  action,
}));

export const alipayMethodFor = ({ userAgent }: PayingDevice): keyof typeof ways =>
  isPhone(userAgent) ? 'wap' : 'page';

/** What the client needs to pay. Throws if the payment is not in yuan or its method is not Alipay's. */
export const beginAlipay: Begin = async (gateway, payment, wish, signal) => {
  if (payment.amount.currency !== alipayCurrency) {
    throw new RangeError(`Alipay does not accept ${payment.amount.currency}`);
  }
  const way = Object.entries(ways).find(([name]) => name === payment.method)?.[1];
  if (!way) throw new RangeError(`Alipay has no method ${payment.method}`);
  return way.begin(gateway, payment, wish, signal);
};
