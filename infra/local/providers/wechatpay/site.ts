import { millisecondsOf } from '../../../../shared/platform/time.ts';
import { answerCashier, asksForJson, codeImage, press, slowDown } from '../cashier-site.ts';
import { codePage } from '../cashier-page.ts';
import { amountText } from '../formats.ts';
import { errorPage } from '../pages.ts';
import { html, redirect, type Answer, type SandboxRequest } from '../provider-sandbox.ts';
import { billFile, tradeBill } from './bill.ts';
import { signatureFault } from './authorization.ts';
import { close, codeOf, create, failed, query, tradeNow, type GatewayParts, type Reply } from './gateway.ts';
import { mchId, proofOf, type SandboxKeys } from './keys.ts';
import { queryRefund, refund } from './refund.ts';

export type SiteParts = GatewayParts & { keys: SandboxKeys };

/** WeChat Pay's API, its cashier and its codes; undefined for any other address. */
export const wechatpaySite =
  (parts: SiteParts) =>
  async (request: SandboxRequest): Promise<Answer | undefined> => {
    const [, first, ...path] = request.url.pathname.split('/').map(decodeURIComponent);
    if (first === 'v3') return callApi(request, path, parts);
    if (first !== 'wechatpay') return undefined;
    const [kind, named, action, ...rest] = path;
    if (kind === 'h5' && request.method === 'GET') return enterH5(request, parts);
    if (!named || rest.length > 0) return undefined;
    if (kind === 'code') return answerCode(request, { outTradeNo: named, action }, parts);
    if (kind === 'cashier') return answerCashier(request, { outTradeNo: named, action }, parts);
    return undefined;
  };

/** The page of the payment behind a code, an id for the page in WeChat, or an address for a phone's browser. */
export const pageOfCode = (
  text: string,
  parts: Pick<SiteParts, 'books' | 'cashier' | 'url'>,
): string | undefined => {
  const { books, cashier, url } = parts;
  const key = text.startsWith(`${url}/wechatpay/h5?`)
    ? new URL(text).searchParams.get('prepay_id')
    : text.replace(/^prepay_id=/, '');
  const outTradeNo = key ? books.note<string>(key) : undefined;
  return outTradeNo && cashier.addressOf({ outTradeNo });
};

/** The address for a phone's browser. WeChat Pay opens it only from a page of the merchant. */
const enterH5 = ({ url, headers }: SandboxRequest, parts: SiteParts): Answer => {
  const outTradeNo = parts.books.note<string>(url.searchParams.get('prepay_id') ?? '');
  const trade = outTradeNo ? parts.books.trade(outTradeNo) : undefined;
  if (!trade) return html(404, errorPage('交易不存在 This payment does not exist', ''));
  if (!headers['referer'])
    return html(
      403,
      errorPage(
        '商家参数格式有误，请联系商家解决',
        'WeChat Pay opens this address only from a page of the merchant.',
      ),
    );
  const returnUrl = url.searchParams.get('redirect_url') ?? undefined;
  if (returnUrl !== undefined) parts.books.write({ trade: { ...trade, returnUrl } });
  return redirect(parts.cashier.addressOf(trade));
};

/** The code as the shop would show it, and the app that scans it. */
const answerCode = (
  request: SandboxRequest,
  { outTradeNo, action }: { outTradeNo: string; action: string | undefined },
  parts: SiteParts,
): Answer => {
  const trade = tradeNow(outTradeNo, parts);
  const text = trade && codeOf(trade);
  if (!trade || !text) return html(404, errorPage('二维码不存在 This code does not exist', outTradeNo));
  const { cashier, merchant } = parts;
  if (action === 'pay' && request.method === 'POST')
    return press(outTradeNo, 'pay', asksForJson(request), parts);
  if (action !== undefined) return redirect(cashier.addressOf(trade), 303);
  const code = {
    address: request.url.pathname,
    image: codeImage(text),
    amount: amountText(trade.total, trade.currency),
    subject: trade.subject,
  };
  return html(200, codePage(code, merchant, cashier.heading));
};

const callApi = async (
  request: SandboxRequest,
  path: readonly string[],
  parts: SiteParts,
): Promise<Answer> => {
  const { keys, clock } = parts;
  const fault = signatureFault(request, keys, clock());
  const file =
    fault || path[0] !== 'billdownload'
      ? undefined
      : billFile(request.url.searchParams.get('token') ?? '', parts);
  if (file) return file;
  const reply = fault ? failed(401, 'SIGN_ERROR', fault) : replyTo(request, path, parts);
  if (!fault) await slowDown(numberOf(path, request), parts);
  const body = reply.body ? JSON.stringify(reply.body) : '';
  const seconds = Math.floor(millisecondsOf(clock()) / 1000);
  return {
    status: reply.status,
    headers: { 'content-type': 'application/json', ...proofOf(body, seconds, keys.signAsPlatform) },
    ...(body && { body }),
  };
};

const contentOf = ({ body }: SandboxRequest): Record<string, unknown> => {
  try {
    const content: unknown = JSON.parse(body.toString('utf8'));
    return typeof content === 'object' && content !== null ? (content as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

const numberOf = (path: readonly string[], request: SandboxRequest): string =>
  path[2] === 'out-trade-no' ? (path[3] ?? '') : String(contentOf(request)['out_trade_no'] ?? '');

const replyTo = (request: SandboxRequest, path: readonly string[], parts: SiteParts): Reply => {
  const { method, url } = request;
  const [area, kind, what, number = '', action] = path;
  const called = `${method} ${area}/${kind}${what ? `/${what}` : ''}${action ? `/${action}` : ''}`;
  switch (called) {
    case 'POST pay/transactions/native':
    case 'POST pay/transactions/h5':
    case 'POST pay/transactions/jsapi':
      return create(String(what), contentOf(request), parts);
    case 'GET pay/transactions/out-trade-no':
      return url.searchParams.get('mchid') === mchId
        ? query(tradeNow(number, parts))
        : failed(400, 'PARAM_ERROR', 'mchid');
    case 'GET pay/transactions/id':
      return query(parts.books.tradeByNumber(number));
    case 'POST pay/transactions/out-trade-no/close':
      return contentOf(request)['mchid'] === mchId
        ? close(tradeNow(number, parts), parts)
        : failed(400, 'PARAM_ERROR', 'mchid');
    case 'GET bill/tradebill':
      return tradeBill(url.searchParams, parts);
    case 'POST refund/domestic/refunds':
      return refund(contentOf(request), parts);
    case 'GET refund/domestic/refunds':
      return queryRefund(number, parts);
    default:
      return failed(404, 'NOT_FOUND');
  }
};
