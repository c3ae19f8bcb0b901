import { toSVG } from 'bwip-js/node';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../../../shared/platform/time.ts';
import { errorPage, type Merchant } from '../pages.ts';
import { html, json, redirect, type Answer, type SandboxRequest } from '../provider-sandbox.ts';
import type { Books } from './books.ts';
import { act, isAction, returnAddress } from './cashier.ts';
import type { Code } from './code.ts';
import { enterCashier, isByBrowser, scan } from './enter.ts';
import { answerCall, signedAnswer } from './gateway.ts';
import type { SandboxKeys } from './keys.ts';
import { cashierPage, codePage } from './pages.ts';
import { readRequest } from './request.ts';
import { settle } from './settle.ts';

export type SiteParts = {
  books: Books;
  keys: SandboxKeys;
  clock: Clock;
  merchant: Merchant;
  /** The start of the sandbox's addresses. */
  url: string;
  /** The site calls this after a button, so that the sandbox sends the notifications at once. */
  changed: () => void;
  stopping: AbortSignal;
};

/** Longer than any merchant waits. */
const slowlyMilliseconds = 5000;

/** Alipay's gateway, its cashier and its codes; undefined for any other address. */
export const alipaySite =
  (parts: SiteParts) =>
  async ({ method, url, headers, body }: SandboxRequest): Promise<Answer | undefined> => {
    const [, first, named, action, ...rest] = url.pathname.split('/').map(decodeURIComponent);
    if (url.pathname === '/gateway.do') {
      const form = new URLSearchParams(method === 'POST' ? body.toString('utf8') : '');
      return callGateway(Object.fromEntries([...url.searchParams, ...form]), parts);
    }
    if (!named || rest.length > 0) return undefined;
    const asJson = headers['accept']?.includes('application/json') ?? false;
    if (first === 'qr') return answerCode(named, { method, action, asJson }, parts);
    if (first !== 'cashier') return undefined;
    if (action && method === 'POST') return press(named, action, asJson, parts);
    if (!action && method === 'GET')
      return showCashier(named, parts, url.searchParams.get('message') ?? undefined);
    return undefined;
  };

/** The page that a code opens in the buyer's app, or undefined if Alipay has made no such code. */
export const pageOfCode = (
  text: string,
  { books, url }: Pick<SiteParts, 'books' | 'url'>,
): string | undefined => {
  if (text.startsWith(`${url}/gateway.do?`)) return text;
  const code = books.note<Code>(text);
  return code && `${code.code}/scan`;
};

const answerCode = (
  named: string,
  { method, action, asJson }: { method: string; action: string | undefined; asJson: boolean },
  parts: SiteParts,
): Answer => {
  const code = parts.books.note<Code>(`${parts.url}/qr/${named}`);
  if (!code) return html(404, errorPage('二维码不存在 This code does not exist', named));
  if (action === undefined) return html(200, codePage(code, imageOf(code), parts.merchant));
  if (action !== 'scan' && action !== 'pay')
    return html(404, errorPage('操作不存在 This action does not exist', action));
  const trade = scan(code, parts);
  if ('subCode' in trade) return html(400, errorPage('无法付款 You cannot pay here', trade.subCode));
  const address = `/cashier/${trade.outTradeNo}`;
  return action === 'pay' && method === 'POST'
    ? press(trade.outTradeNo, 'pay', asJson, parts)
    : redirect(address, method === 'POST' ? 303 : 302);
};

const imageOf = ({ code }: Code): string =>
  toSVG({ bcid: 'qrcode', text: code, scale: 4, backgroundcolor: 'FFFFFF', padding: 4 });

const callGateway = async (fields: Record<string, string>, parts: SiteParts): Promise<Answer> => {
  const { keys, clock } = parts;
  const read = readRequest(fields, keys, clock());
  // A browser opens some methods, so these answer with pages. A program uses everything else.
  if (isByBrowser(read.method)) {
    const entered = 'subCode' in read ? read : enterCashier(read, parts);
    if ('subCode' in entered) return html(400, errorPage('无法付款 You cannot pay here', entered.subCode));
    return redirect(`/cashier/${entered.outTradeNo}`);
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
  return redirect(returnUrl ?? back, 303);
};
