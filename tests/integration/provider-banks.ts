import { codeOf } from '../../cli/demo/code-of.ts';
import { providerNames } from '../../shared/payments/known-providers.ts';
import type { Payment, PaymentAction, ProviderName } from '../../shared/payments/model.ts';
import type { PayingDevice, PaymentProvider, ProviderPayment } from '../../shared/payments/provider.ts';
import { instantSchema, plusSeconds } from '../../shared/platform/time.ts';
import { openBooks } from '../simulation/books.ts';
import { characters } from '../simulation/characters.ts';
import { makeGate } from '../simulation/gate.ts';
import { laterProviders } from '../simulation/later-provider.ts';
import { makeScheduler } from '../simulation/scheduler.ts';
import { seeded } from '../simulation/seeded.ts';
import { simulatedProvider } from '../simulation/simulated-provider.ts';
import { bookKeepingProvider } from '../support/book-keeping-provider.ts';
import { openShop } from './alipay-sandbox-fixture.ts';
import { openStripeShop } from './stripe-sandbox-fixture.ts';
import { openWechatShop } from './wechatpay-sandbox-fixture.ts';

/** A provider, and what a test can do there as its buyer, or as time. Amounts are in minor units. */
export type Bank = {
  provider: () => PaymentProvider;
  method: string;
  /** The provider's name. */
  at: Payment['provider'];
  device?: PayingDevice;
  currency?: string;
  /** Whether a trade exists before its buyer comes. */
  existsAtOnce?: true;
  /** The buyer does what `begin` answered: opens its address, or scans its code. */
  enter(payment: Payment, action: PaymentAction): Promise<void>;
  /** The buyer's money arrives; nothing happens where the trade takes none. */
  pay(payment: Payment): Promise<void>;
  /** So much time passes that a refund may be asked for again, where that must not happen at once. */
  waitToSendAgain?(): Promise<void>;
  /** So much time passes that a refund that is under way is confirmed. */
  waitForRefunds(): Promise<void>;
  /** A day passes, and the morning in which its bill is made. */
  waitForBill(): Promise<void>;
  fallSilent(): Promise<void>;
  speakAgain(): Promise<void>;
  /** What has gone back to the buyer. */
  backOf(payment: Payment): Promise<number>;
  close(): Promise<void>;
};

/** From the morning of a day to the evening of the next. */
const billSeconds = 34 * 3600;

const nothing = (): Promise<void> => Promise.resolve();

/** A buyer of Alipay opens its cashier, or scans its code. */
const openAlipay = async (action: PaymentAction, scan: (code: string) => string): Promise<void> => {
  if (action.kind !== 'redirect' && action.kind !== 'qr-code')
    throw new Error(`a buyer of Alipay gets no ${action.kind}`);
  const page = await fetch(action.kind === 'redirect' ? action.url : scan(action.text));
  if (page.status !== 200) throw new Error(await page.text());
};

const alipaySandbox = (method: string) => async (): Promise<Bank> => {
  const shop = await openShop();
  return {
    provider: shop.provider,
    method,
    at: 'alipay',
    enter: (_payment, action) =>
      openAlipay(action, (code) => `${shop.sandbox().url}/scan?${new URLSearchParams({ code })}`),
    pay: async (payment) => void (await shop.press(payment, 'pay')),
    waitForRefunds: nothing,
    waitForBill: async () => shop.pass(billSeconds),
    fallSilent: () => shop.sandbox().stop(),
    speakAgain: shop.reopen,
    backOf: shop.backOf,
    close: shop.close,
  };
};

const devices: Readonly<Record<string, PayingDevice>> = {
  native: { userAgent: '' },
  h5: { userAgent: 'Mobile', address: '203.0.113.9' },
  jsapi: { userAgent: 'Mobile MicroMessenger', openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
};

const wechatpaySandbox = (method: string) => async (): Promise<Bank> => {
  const shop = await openWechatShop();
  return {
    provider: shop.provider,
    method,
    at: 'wechatpay',
    existsAtOnce: true,
    ...(devices[method] && { device: devices[method] }),
    enter: async (_payment, action) => {
      const page = await fetch(`${shop.sandbox().url}/scan?${new URLSearchParams({ code: codeOf(action) })}`);
      if (page.status !== 200) throw new Error(await page.text());
    },
    pay: async (payment) => void (await shop.press(payment, 'pay')),
    waitForRefunds: async () => shop.pass(10),
    waitForBill: async () => shop.pass(billSeconds),
    waitToSendAgain: async () => shop.pass(60),
    fallSilent: () => shop.sandbox().stop(),
    speakAgain: shop.reopen,
    backOf: shop.backOf,
    close: shop.close,
  };
};

const stripeSandbox = async (): Promise<Bank> => {
  const shop = await openStripeShop();
  return {
    provider: shop.provider,
    method: 'card',
    at: 'stripe',
    currency: 'EUR',
    existsAtOnce: true,
    enter: async (_payment, action) => {
      if (action.kind !== 'client-secret') throw new Error(`a buyer of Stripe gets no ${action.kind}`);
      const page = await shop.scan(action.value);
      if (page.status !== 200) throw new Error(await page.text());
    },
    pay: async (payment) => void (await shop.press(payment, 'pay')),
    waitForRefunds: nothing,
    waitForBill: async () => shop.pass(billSeconds),
    fallSilent: () => shop.sandbox().stop(),
    speakAgain: shop.reopen,
    backOf: shop.backOf,
    close: shop.close,
  };
};

const ofTests = (): Promise<Bank> => {
  let now = instantSchema.parse('2026-12-01T01:00:00.000Z');
  const { provider, trades, state, backOf } = bookKeepingProvider({ clock: () => now });
  const set = ({ paymentId }: Payment, trade: ProviderPayment) => void trades.set(paymentId, trade);
  return Promise.resolve({
    provider: () => provider,
    method: 'page',
    at: 'alipay',
    enter: async (payment) => {
      if (!trades.has(payment.paymentId)) set(payment, { state: 'pending' });
    },
    pay: async (payment) => {
      if (trades.get(payment.paymentId)?.state === 'pending')
        set(payment, { state: 'captured', providerTrade: 'trade', paid: payment.amount });
    },
    waitForRefunds: nothing,
    waitForBill: async () => void (now = plusSeconds(now, billSeconds)),
    fallSilent: async () => void (state.silent = true),
    speakAgain: async () => void (state.silent = false),
    backOf: async ({ paymentId }) => backOf(paymentId),
    close: nothing,
  });
};

const ofTheSimulation = (at: ProviderName) => (): Promise<Bank> => {
  const scheduler = makeScheduler(seeded(1), Date.parse('2026-12-01T01:00:00Z'));
  const books = openBooks(scheduler, () => false);
  const gate = makeGate(scheduler, { profile: () => undefined, onWrite: () => undefined });
  const actor = { name: 'contract', crashed: false, frozenUntil: 0 };
  const provider = simulatedProvider(gate, actor, books, at);
  /** Lets everything happen until the answer is there. */
  const driven = async <Answer>(ask: Promise<Answer>): Promise<Answer> => {
    let settled = false;
    const noted = ask.finally(() => (settled = true));
    noted.catch(() => undefined); // It is awaited below, once time has gone on.
    while (!settled) if (!(await scheduler.step())) await new Promise((resolve) => setImmediate(resolve));
    return noted;
  };
  const pass = async (seconds: number): Promise<void> => {
    const until = scheduler.now() + seconds * 1000;
    scheduler.after(seconds * 1000, () => undefined);
    while (scheduler.now() < until) await scheduler.step();
  };
  return Promise.resolve({
    provider: () => ({
      ...provider,
      begin: (...wish) => driven(provider.begin(...wish)),
      query: (payment) => driven(provider.query(payment)),
      close: (payment) => driven(provider.close(payment)),
      refund: (payment, refund) => driven(provider.refund(payment, refund)),
      queryRefund: (payment, refund) => driven(provider.queryRefund(payment, refund)),
    }),
    method: characters[at].method.name,
    at,
    ...(characters[at].tradeFrom === 'request' && { existsAtOnce: true }),
    enter: async (payment) => books.enter(payment),
    pay: async ({ paymentId, amount }) => void books.pay(paymentId, amount),
    waitToSendAgain: () => pass(60),
    waitForRefunds: () => pass(3600),
    waitForBill: () => pass(billSeconds),
    fallSilent: async () => books.fallSilent(at, 600),
    speakAgain: () => pass(600),
    backOf: async ({ paymentId }) => books.refunds.backOf(paymentId),
    close: nothing,
  });
};

/** It sells nothing any more: money is there without a buyer at a cashier. */
const ofLaterYears = (at: ProviderName) => (): Promise<Bank> => {
  let now = instantSchema.parse('2029-12-01T01:00:00.000Z');
  const { findProvider, take, backOf } = laterProviders(() => now);
  return Promise.resolve({
    provider: () => findProvider(at),
    method: characters[at].method.name,
    at,
    enter: nothing,
    pay: async ({ paymentId, amount }) =>
      void take(paymentId, { state: 'captured', providerTrade: 'late', paid: amount }),
    waitToSendAgain: async () => void (now = plusSeconds(now, 60)),
    waitForRefunds: async () => void (now = plusSeconds(now, 2 * 86_400)),
    waitForBill: async () => void (now = plusSeconds(now, billSeconds)),
    fallSilent: nothing,
    speakAgain: nothing,
    backOf: async ({ paymentId }) => backOf(paymentId),
    close: nothing,
  });
};

type NamedBank = { name: string; open: () => Promise<Bank> };

/** Those that sell; the real provider comes first. */
export const sellingBanks: readonly NamedBank[] = [
  { name: 'Alipay over its sandbox', open: alipaySandbox('page') },
  { name: 'Alipay in a phone’s browser', open: alipaySandbox('wap') },
  { name: 'Alipay by a code', open: alipaySandbox('qr-code') },
  { name: 'WeChat Pay by a code', open: wechatpaySandbox('native') },
  { name: 'WeChat Pay in a phone’s browser', open: wechatpaySandbox('h5') },
  { name: 'WeChat Pay inside WeChat', open: wechatpaySandbox('jsapi') },
  { name: 'Stripe over its sandbox', open: stripeSandbox },
  { name: 'the provider of tests and of the bench', open: ofTests },
  ...providerNames.map((at) => ({ name: `${at} of the simulation`, open: ofTheSimulation(at) })),
];

export const refundingBanks: readonly NamedBank[] = [
  ...sellingBanks,
  ...providerNames.map((at) => ({ name: `${at} of later years`, open: ofLaterYears(at) })),
];
