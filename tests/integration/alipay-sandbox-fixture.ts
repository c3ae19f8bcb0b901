import { AlipaySdk } from 'alipay-sdk';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Delivery } from '../../infra/local/providers/delivery.ts';
import type { Trade } from '../../infra/local/providers/trade.ts';
import { startSandbox, type Sandbox } from '../../infra/local/providers/sandbox.ts';
import { alipayProvider } from '../../shared/payments/alipay/provider.ts';
import type { Payment, Refund } from '../../shared/payments/model.ts';
import type { NotificationReading } from '../../shared/payments/provider.ts';
import { orderIdSchema, paymentIdOf } from '../../shared/platform/ids.ts';
import { money } from '../../shared/platform/money.ts';
import { instantOf, plusSeconds, type Instant } from '../../shared/platform/time.ts';

type Books = { trades: Partial<Trade>[]; deliveries: Partial<Delivery>[] };

type Received = { reading: NotificationReading; form: Record<string, string> };

type Notified = { received: Received[]; notifyUrl: string; answer: string; close: () => Promise<void> };

/** A server that takes notifications, reads them as our functions do, and answers what it is told to. */
const takeNotifications = async (
  read: (body: Buffer, headers: IncomingHttpHeaders) => Promise<NotificationReading>,
): Promise<Notified> => {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const form = Object.fromEntries(new URLSearchParams(body.toString()));
    received.push({ reading: await read(body, request.headers), form });
    response.end(notified.answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const notified: Notified = {
    received,
    notifyUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`,
    answer: 'success',
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return notified;
};

const sdkOf = ({ appId, privateKey, alipayPublicKey, gateway }: Sandbox['secrets']['alipay']): AlipaySdk =>
  new AlipaySdk({ appId, privateKey, keyType: 'PKCS8', alipayPublicKey, gateway });

/** A shop before the sandbox: a clock moved by hand, our provider, and a server that takes the notifications. */
export const openShop = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'keyun-alipay-'));
  let now: Instant = instantOf(Date.parse('2026-12-01T01:00:00Z'));
  const clock = () => now;
  const open = () =>
    startSandbox({ dataDir, clock, merchant: { name: '客运铁路 <Rail>', colour: '#1b4f8a' } });
  let sandbox = await open();
  const provider = () => alipayProvider({ secret: sandbox.secrets.alipay, clock });
  const notified = await takeNotifications((body, headers) =>
    provider().readNotification({ headers: headers as Record<string, string>, body, receivedAt: now }),
  );

  let attempts = 0;
  const begin = async (returnUrl?: string): Promise<{ payment: Payment; url: string }> => {
    attempts += 1;
    const payment = paymentOf(attempts, now);
    const wish = {
      subject: 'G1 <北京南→上海虹桥>',
      device: { userAgent: '' },
      returnUrl,
      notifyUrl: notified.notifyUrl,
    };
    const action = await provider().begin(payment, wish);
    return { payment, url: action.kind === 'redirect' ? action.url : '' };
  };

  return {
    dataDir,
    notified,
    provider,
    begin,
    sandbox: () => sandbox,
    sdk: () => sdkOf(sandbox.secrets.alipay),
    pass: (seconds: number) => void (now = plusSeconds(now, seconds)),
    /** A payment whose buyer has opened the cashier. */
    enter: async (returnUrl?: string): Promise<Payment> => {
      const { payment, url } = await begin(returnUrl);
      const page = await fetch(url);
      if (page.status !== 200) throw new Error(await page.text());
      return payment;
    },
    press: (
      { paymentId }: Payment,
      action: string,
      headers: Record<string, string> = {},
    ): Promise<Response> =>
      fetch(`${sandbox.url}/cashier/${paymentId}/${action}`, { method: 'POST', redirect: 'manual', headers }),
    /** Waits until so many notifications have come in. */
    notices: async (count: number): Promise<Received[]> => {
      for (let tries = 0; notified.received.length < count && tries < 100; tries += 1) await shortly();
      return notified.received.slice();
    },
    books: async () => {
      const answer = await fetch(`${sandbox.url}/books`);
      const { alipay } = (await answer.json()) as { alipay: Books };
      return alipay;
    },
    reopen: async (): Promise<void> => {
      await sandbox.stop();
      sandbox = await open();
    },
    close: async (): Promise<void> => {
      await sandbox.stop();
      await notified.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

const paymentOf = (attempt: number, now: Instant): Payment => {
  const orderId = orderIdSchema.parse('01KDA0000000000000000000RD');
  return {
    orderId,
    paymentId: paymentIdOf(orderId, attempt),
    provider: 'alipay',
    method: 'page',
    state: 'pending',
    action: { kind: 'redirect', url: 'https://cashier.example/' },
    amount: money(55_300, 'CNY'),
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
  amount: money(amount, 'CNY'),
  reason: 'late-payment',
  state: 'requested',
  requestedAt: payment.createdAt,
  attempts: 0,
});
