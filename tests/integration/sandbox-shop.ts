import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Delivery } from '../../infra/local/providers/delivery.ts';
import type { Trade } from '../../infra/local/providers/trade.ts';
import { startSandbox, type Sandbox } from '../../infra/local/providers/sandbox.ts';
import type { Payment, PaymentAction, Refund } from '../../shared/payments/model.ts';
import type { NotificationReading, PayingDevice, PaymentProvider } from '../../shared/payments/provider.ts';
import { orderIdSchema, paymentIdOf } from '../../shared/platform/ids.ts';
import { money } from '../../shared/platform/money.ts';
import { instantOf, plusSeconds, type Clock, type Instant } from '../../shared/platform/time.ts';

export type Books = { trades: Partial<Trade>[]; deliveries: Partial<Delivery>[] };

export type Received = { reading: NotificationReading; body: string };

/** What a test can make the shop answer to a notification. */
export type ShopAnswer = { status: number; body: string };

type Notified = { received: Received[]; notifyUrl: string; answer: ShopAnswer; close: () => Promise<void> };

/** A server that takes notifications, reads them as our functions do, and answers what it is told to. */
const takeNotifications = async (
  read: (body: Buffer, headers: IncomingHttpHeaders) => Promise<NotificationReading>,
  answer: ShopAnswer,
): Promise<Notified> => {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    received.push({ reading: await read(body, request.headers), body: body.toString() });
    response.writeHead(notified.answer.status).end(notified.answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const notified: Notified = {
    received,
    notifyUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`,
    answer,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return notified;
};

export type ShopOf = {
  at: Payment['provider'];
  /** The method of a payment, if a test does not say. */
  method: string;
  currency?: string;
  open: (sandbox: Sandbox, clock: Clock) => PaymentProvider;
  /** The page of a payment at the cashier. */
  pageOf: (payment: Payment) => string;
  /** What the provider takes as an answer. */
  answer: ShopAnswer;
};

type BeginWith = { method?: string; device?: PayingDevice; returnUrl?: string | undefined };

/** A shop before the sandbox: a clock moved by hand, our provider, and a server that takes the notifications. */
export const openSandboxShop = async (of: ShopOf) => {
  const dataDir = mkdtempSync(join(tmpdir(), `keyun-${of.at}-`));
  let now: Instant = instantOf(Date.parse('2026-12-01T01:00:00Z'));
  const clock = () => now;
  const notified = await takeNotifications(
    (body, headers) =>
      provider().readNotification({ headers: headers as Record<string, string>, body, receivedAt: now }),
    of.answer,
  );
  const open = () =>
    startSandbox({
      dataDir,
      clock,
      merchant: { name: '客运铁路 <Rail>', colour: '#1b4f8a' },
      webhookUrlOf: () => notified.notifyUrl,
    });
  let sandbox = await open();
  const provider = () => of.open(sandbox, clock);

  let attempts = 0;
  const begin = async ({
    method = of.method,
    device = { userAgent: '' },
    returnUrl,
  }: BeginWith = {}): Promise<{
    payment: Payment;
    action: PaymentAction;
  }> => {
    attempts += 1;
    const payment = paymentOf(of, method, attempts, now);
    const wish = { subject: 'G1 <北京南→上海虹桥>', device, returnUrl, notifyUrl: notified.notifyUrl };
    return { payment, action: await provider().begin(payment, wish) };
  };
  const books = async (): Promise<Books> => {
    const answer = await fetch(`${sandbox.url}/books`);
    return ((await answer.json()) as Record<string, Books>)[of.at] ?? { trades: [], deliveries: [] };
  };

  return {
    dataDir,
    notified,
    provider,
    begin,
    books,
    sandbox: () => sandbox,
    clock,
    pass: (seconds: number) => void (now = plusSeconds(now, seconds)),
    press: (payment: Payment, action: string, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${sandbox.url}${of.pageOf(payment)}/${action}`, { method: 'POST', redirect: 'manual', headers }),
    scan: (code: string): Promise<Response> => fetch(`${sandbox.url}/scan?${new URLSearchParams({ code })}`),
    /** Waits until so many notifications have come in. */
    notices: async (count: number): Promise<Received[]> => {
      for (let tries = 0; notified.received.length < count && tries < 100; tries += 1) await shortly();
      return notified.received.slice();
    },
    /** What has gone back to the buyer, in minor units. */
    backOf: async ({ paymentId }: Payment): Promise<number> => {
      const { refunds = [] } =
        (await books()).trades.find(({ outTradeNo }) => outTradeNo === paymentId) ?? {};
      return refunds.reduce((sum, { amount }) => sum + amount, 0);
    },
    reopen: async (): Promise<void> => sandbox.stop().then(async () => void (sandbox = await open())),
    close: async (): Promise<void> => {
      await sandbox.stop();
      await notified.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

const paymentOf = (
  { at, currency = 'CNY' }: ShopOf,
  method: string,
  attempt: number,
  now: Instant,
): Payment => {
  const orderId = orderIdSchema.parse('01KDA0000000000000000000RD');
  return {
    orderId,
    paymentId: paymentIdOf(orderId, attempt),
    provider: at,
    method,
    state: 'pending',
    action: { kind: 'redirect', url: 'https://cashier.example/' },
    amount: money(55_300, currency),
    createdAt: now,
    expiresAt: plusSeconds(now, 900),
  };
};

export const shortly = (milliseconds = 50): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

export const refundOf = (payment: Payment, amount = payment.amount.amount, of = 'whole'): Refund => ({
  orderId: payment.orderId,
  paymentId: payment.paymentId,
  refundNumber: `${payment.paymentId}-${of}`,
  amount: money(amount, payment.amount.currency),
  reason: 'late-payment',
  state: 'requested',
  requestedAt: payment.createdAt,
  attempts: 0,
});
