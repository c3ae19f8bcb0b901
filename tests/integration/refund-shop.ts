import { alipayProvider } from '../../shared/payments/alipay/provider.ts';
import { isCaptured, type CapturedPayment, type Refund } from '../../shared/payments/model.ts';
import type { PaymentProvider } from '../../shared/payments/provider.ts';
import { putRefund, readRefund } from '../../shared/payments/refunds-store.ts';
import { keyOfPayment, readPayment, takeRefundable } from '../../shared/payments/store.ts';
import { stripeProvider } from '../../shared/payments/stripe/provider.ts';
import { wechatpayProvider } from '../../shared/payments/wechatpay/provider.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { refundEntry } from '../../shared/paying/refund-entry.ts';
import { submitRefund } from '../../shared/paying/submit-refund.ts';
import { writeTogether, type Table } from '../../shared/platform/dynamo.ts';
import { money } from '../../shared/platform/money.ts';
import { listWhatNeedsAPerson } from '../../shared/upkeep/attention.ts';
import { testTables } from '../support/dynamo.ts';
import { openShop } from './alipay-sandbox-fixture.ts';
import { put } from './guards/stored.ts';
import { openStripeShop } from './stripe-sandbox-fixture.ts';
import { openWechatShop } from './wechatpay-sandbox-fixture.ts';

/** What happens to the next request of a refund: it is lost, or its answer is. */
type Loss = 'request' | 'answer' | undefined;

const openers = { alipay: openShop, wechatpay: openWechatShop, stripe: openStripeShop };
export const providersWithSandbox = Object.keys(openers) as (keyof typeof openers)[];

const isSendOfRefund = (url: string, { method, body }: RequestInit): boolean =>
  method === 'POST' &&
  (new URL(url).pathname.endsWith('/refunds') ||
    `${url}${typeof body === 'string' ? body : ''}`.includes('alipay.trade.refund'));

type Shop = Awaited<ReturnType<(typeof openers)[keyof typeof openers]>>;

/** Our providers at the sandbox, whose requests for refunds are counted and may be lost. */
const providersOf = (shop: Shop) => {
  const loss: { next: Loss } = { next: undefined };
  const sends: string[] = [];
  const losing: typeof fetch = async (url, init = {}) => {
    if (!isSendOfRefund(String(url), init)) return fetch(url, init);
    sends.push(shop.clock());
    const { next } = loss;
    loss.next = undefined;
    if (next === 'request') throw new TypeError('fetch failed');
    const answer = await fetch(url, init);
    if (next === 'answer') throw new TypeError('fetch failed');
    return answer;
  };
  const { clock } = shop;
  const makers: Record<keyof typeof openers, () => PaymentProvider> = {
    alipay: () => alipayProvider({ secret: shop.sandbox().secrets.alipay, clock, fetch: losing }),
    wechatpay: () => wechatpayProvider({ secret: shop.sandbox().secrets.wechatpay, clock, fetch: losing }),
    stripe: () => stripeProvider({ secret: shop.sandbox().secrets.stripe, clock, fetch: losing }),
  };
  return { loss, sends, makers };
};

/** What is in the tables: a payment that is captured and applied, and its refunds. */
const booksOf = (shop: Shop, bookings: Table) => {
  const { clock } = shop;
  const stands = async ({ paymentId }: Pick<CapturedPayment, 'paymentId'>) => {
    const payment = await readPayment(bookings, paymentId);
    if (!payment || !isCaptured(payment)) throw new Error(`${paymentId} has no money`);
    return payment;
  };
  return {
    stands,
    paid: async (): Promise<CapturedPayment> => {
      const payment = 'enter' in shop ? await shop.enter() : (await shop.begin()).payment;
      await shop.press(payment, 'pay');
      const asked = await shop.provider().query(payment);
      if (asked.state !== 'captured') throw new Error(`the sandbox has it ${asked.state}`);
      const { providerTrade } = asked;
      const [capturedAt, appliedAt] = [clock(), clock()];
      const { notifyUrl } = shop.notified;
      const refundable = payment.amount.amount;
      const more = { notifyUrl, state: 'captured', capturedAt, appliedAt, providerTrade, refundable };
      await put(bookings, { ...keyOfPayment(payment.paymentId), ...payment, ...more });
      return stands(payment);
    },
    request: async (payment: CapturedPayment, amount: number, what: string): Promise<Refund> => {
      const refund = {
        orderId: payment.orderId,
        paymentId: payment.paymentId,
        refundNumber: `${payment.paymentId}_${what}`,
        amount: money(amount, payment.amount.currency),
        reason: 'late-payment',
        state: 'requested',
        requestedAt: clock(),
        attempts: 0,
      } as const;
      const { outcome } = await writeTogether(bookings.client, [
        { label: 'payment', write: takeRefundable(bookings, payment.paymentId, amount) },
        { label: 'refund', write: putRefund(bookings, refund) },
        { label: 'journal', write: refundEntry(bookings, refund, clock()) },
      ]);
      if (outcome === 'refused') throw new Error('more than is left');
      return refund;
    },
    read: async ({ orderId, refundNumber }: Refund): Promise<Refund> => {
      const refund = await readRefund(bookings, orderId, refundNumber);
      if (!refund) throw new Error(`there is no ${refundNumber}`);
      return refund;
    },
    attention: async () =>
      (await listWhatNeedsAPerson(bookings, { perShardMax: 100 })).items.map(
        ({ attention: { kind, why } }) => `${kind}: ${why}`,
      ),
  };
};

/** A payment at the sandbox of a provider that is paid and booked, and its refunds by the product's own way. */
export const openRefundShop = async (at: keyof typeof openers) => {
  const shop = await openers[at]();
  const { bookings, stop } = await testTables();
  const { makers, ...counted } = providersOf(shop);
  const dependencies = { bookings, clock: shop.clock, findProvider: () => makers[at]() };
  const books = booksOf(shop, bookings);
  const submit = ({ orderId, refundNumber }: Refund) => submitRefund(dependencies)(orderId, refundNumber);
  let heard = 0;
  return {
    ...shop,
    ...counted,
    ...books,
    dependencies,
    submit,
    /** Time passes, and the refund is looked at every so often until it stands so. */
    until: async (refund: Refund, state: Refund['state'], seconds = 1200): Promise<Refund> => {
      for (let passed = 0; passed < seconds; passed += 15) {
        const now = await books.read(refund);
        if (now.state === state) return now;
        await submit(refund);
        shop.pass(15);
      }
      return books.read(refund);
    },
    /** The notifications that came since the last look reach the product. */
    hear: async (count: number): Promise<string[]> => {
      const told = (await shop.notices(heard + count)).slice(heard);
      heard += told.length;
      const kinds: string[] = [];
      for (const { reading } of told) {
        if (reading.outcome === 'rejected') throw new Error(reading.reason);
        kinds.push(reading.notification.says.kind);
        await recordNotification(dependencies)(at, reading.notification);
      }
      return kinds;
    },
    close: async () => {
      await shop.close();
      await stop();
    },
  };
};
