import {
  answerCashier,
  asksForJson,
  codeImage,
  press,
  slowDown,
  type CashierParts,
} from '../cashier-site.ts';
import { codePage } from '../cashier-page.ts';
import { errorPage } from '../pages.ts';
import { html, json, redirect, type Answer, type SandboxRequest } from '../provider-sandbox.ts';
import { billFile, billPath } from './bill.ts';
import type { Code } from './code.ts';
import { enterCashier, isByBrowser, scan } from './enter.ts';
import { answerCall, signedAnswer } from './gateway.ts';
import type { SandboxKeys } from './keys.ts';
import { readRequest } from './request.ts';

export type SiteParts = CashierParts & {
  keys: SandboxKeys;
  /** The start of the sandbox's addresses. */
  url: string;
};

/** Alipay's gateway, its cashier and its codes; undefined for any other address. */
export const alipaySite =
  (parts: SiteParts) =>
  async (request: SandboxRequest): Promise<Answer | undefined> => {
    const { method, url, body } = request;
    const [, first, named, action, ...rest] = url.pathname.split('/').map(decodeURIComponent);
    if (url.pathname === '/gateway.do') {
      const form = new URLSearchParams(method === 'POST' ? body.toString('utf8') : '');
      return callGateway(Object.fromEntries([...url.searchParams, ...form]), parts);
    }
    if (url.pathname === billPath && method === 'GET') return billFile(url.searchParams, parts);
    if (!named || rest.length > 0) return undefined;
    if (first === 'qr') return answerCode(request, { named, action }, parts);
    if (first === 'cashier') return answerCashier(request, { outTradeNo: named, action }, parts);
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
  request: SandboxRequest,
  { named, action }: { named: string; action: string | undefined },
  parts: SiteParts,
): Answer => {
  const code = parts.books.note<Code>(`${parts.url}/qr/${named}`);
  if (!code) return html(404, errorPage('二维码不存在 This code does not exist', named));
  if (action === undefined) return html(200, pageOf(code, parts));
  if (action !== 'scan' && action !== 'pay')
    return html(404, errorPage('操作不存在 This action does not exist', action));
  const trade = scan(code, parts);
  if ('subCode' in trade) return html(400, errorPage('无法付款 You cannot pay here', trade.subCode));
  const isPost = request.method === 'POST';
  return action === 'pay' && isPost
    ? press(trade.outTradeNo, 'pay', asksForJson(request), parts)
    : redirect(parts.cashier.addressOf(trade), isPost ? 303 : 302);
};

const pageOf = ({ code, request: { content } }: Code, { merchant, cashier }: SiteParts): string =>
  codePage(
    {
      address: new URL(code).pathname,
      image: codeImage(code),
      amount: `¥${String(content['total_amount'])}`,
      subject: String(content['subject']),
    },
    merchant,
    cashier.heading,
  );

const callGateway = async (fields: Record<string, string>, parts: SiteParts): Promise<Answer> => {
  const { keys, clock, cashier } = parts;
  const read = readRequest(fields, keys, clock());
  // A browser opens some methods, so these answer with pages. A program uses everything else.
  if (isByBrowser(read.method)) {
    const entered = 'subCode' in read ? read : enterCashier(read, parts);
    if ('subCode' in entered) return html(400, errorPage('无法付款 You cannot pay here', entered.subCode));
    return redirect(cashier.addressOf(entered));
  }
  if ('subCode' in read) return json(signedAnswer(read.method, read, keys));
  const unknown = { method: read.method, code: '40002', subCode: 'isv.invalid-method' } as const;
  const answer = json(signedAnswer(read.method, answerCall(read, parts) ?? unknown, keys));
  await slowDown(String(read.content['out_trade_no'] ?? ''), parts);
  return answer;
};
