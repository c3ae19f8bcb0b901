import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../../shared/platform/time.ts';
import type { Books } from './alipay/books.ts';
import { act, isAction, returnAddress } from './alipay/cashier.ts';
import { answerCall, enterCashier, signedAnswer } from './alipay/gateway.ts';
import type { SandboxKeys } from './alipay/keys.ts';
import { readRequest } from './alipay/request.ts';
import { settle } from './alipay/settle.ts';
import { cashierPage, errorPage, tradesPage, type Merchant } from './cashier-pages.ts';

export type SiteParts = {
  books: Books;
  keys: SandboxKeys;
  clock: Clock;
  merchant: Merchant;
  /** The site calls this after a button, so that the sandbox sends the notifications at once. */
  changed: () => void;
  stopping: AbortSignal;
};

export type Answer = { status: number; headers: Record<string, string>; body?: string };

/** Longer than any merchant waits. */
const slowlyMilliseconds = 5000;
const bodyBytesMax = 1024 * 1024;
const listedTradesMax = 50;

/** All HTTP answers of the sandbox; `startSandbox` lists the addresses. */
export const sandboxSite =
  (parts: SiteParts) =>
  async (request: IncomingMessage): Promise<Answer> => {
    const { books, clock } = parts;
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const [, first, outTradeNo, action, ...rest] = url.pathname.split('/').map(decodeURIComponent);
    if (url.pathname === '/gateway.do') {
      const form = new URLSearchParams(request.method === 'POST' ? await bodyOf(request) : '');
      return callGateway(Object.fromEntries([...url.searchParams, ...form]), parts);
    }
    if (first === 'cashier' && outTradeNo && rest.length === 0) {
      if (action && request.method === 'POST') {
        const asJson = request.headers.accept?.includes('application/json') ?? false;
        return press(outTradeNo, action, asJson, parts);
      }
      if (!action && request.method === 'GET') {
        return showCashier(outTradeNo, parts, url.searchParams.get('message') ?? undefined);
      }
    }
    if (request.method === 'GET' && url.pathname === '/') {
      settle({ books, clock });
      return html(200, tradesPage(books.trades(listedTradesMax).toReversed()));
    }
    if (request.method === 'GET' && url.pathname === '/books') {
      settle({ books, clock });
      return json(JSON.stringify({ trades: books.trades(), deliveries: books.deliveries() }, undefined, 2));
    }
    return html(404, errorPage('页面不存在 This page does not exist', url.pathname));
  };

export const unreadable = (): Answer =>
  html(400, errorPage('无法读取请求 We could not read the request', ''));

const callGateway = async (fields: Record<string, string>, parts: SiteParts): Promise<Answer> => {
  const { keys, clock } = parts;
  const read = readRequest(fields, keys, clock());
  // A browser uses page payment, so that method answers with pages. A program uses everything else.
  if (read.method === 'alipay.trade.page.pay') {
    const entered = 'subCode' in read ? read : enterCashier(read, parts);
    if ('subCode' in entered) return html(400, errorPage('无法付款 You cannot pay here', entered.subCode));
    return { status: 302, headers: { location: `/cashier/${entered.outTradeNo}` } };
  }
  if ('subCode' in read) return json(signedAnswer(read.method, read, keys));
  const unknown = { method: read.method, code: '40002', subCode: 'isv.invalid-method' } as const;
  const answer = json(signedAnswer(read.method, answerCall(read, parts) ?? unknown, keys));
  await slowDown(String(read.content['out_trade_no'] ?? ''), parts);
  return answer;
};

/** Delays the answer to a call that has succeeded: a merchant must not take a time-out for a "no". */
const slowDown = async (outTradeNo: string, { books, stopping }: SiteParts): Promise<void> => {
  const trade = books.trade(outTradeNo);
  if (!trade?.slowAnswers) return;
  books.write({ trade: { ...trade, slowAnswers: trade.slowAnswers - 1 } });
  await wait(slowlyMilliseconds, undefined, { signal: stopping }).catch(() => undefined);
};

const showCashier = (
  outTradeNo: string,
  { books, clock, merchant }: SiteParts,
  message?: string,
  status = 200,
): Answer => {
  settle({ books, clock });
  const trade = books.trade(outTradeNo);
  if (!trade) return html(404, errorPage('交易不存在 This trade does not exist', outTradeNo));
  const news = books.deliveries(outTradeNo);
  return html(status, cashierPage(trade, news, merchant, clock(), message));
};

const press = (outTradeNo: string, action: string, asJson: boolean, parts: SiteParts): Answer => {
  if (!isAction(action)) return html(404, errorPage('操作不存在 This action does not exist', action));
  const done = act(outTradeNo, action, parts);
  parts.changed();
  const { message } = done;
  if (done.outcome === 'refused') {
    return asJson
      ? json(JSON.stringify({ outTradeNo, message }), 409)
      : showCashier(outTradeNo, parts, message, 409);
  }
  const returnUrl = done.pays ? returnAddress(done.trade, parts.keys, parts.clock) : undefined;
  if (asJson) {
    const { status } = done.trade;
    return json(JSON.stringify({ outTradeNo, status, message, returnUrl: returnUrl ?? null }));
  }
  const back = `/cashier/${outTradeNo}?message=${encodeURIComponent(message)}`;
  return { status: 303, headers: { location: returnUrl ?? back } };
};

const html = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body,
});

const json = (body: string, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body,
});

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new RangeError('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};
