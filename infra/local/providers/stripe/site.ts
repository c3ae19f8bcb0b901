import { answerCashier, slowDown, type CashierParts } from '../cashier-site.ts';
import { json, type Answer, type SandboxRequest } from '../provider-sandbox.ts';
import {
  cancelIntent,
  createIntent,
  createRefund,
  failed,
  getIntent,
  listRefunds,
  onceFor,
  searchIntents,
  type Reply,
} from './api.ts';
import { getCharge, listMovements } from './bill.ts';
import type { SandboxKeys } from './keys.ts';

export type SiteParts = CashierParts & { keys: SandboxKeys };

/** Stripe's API and the cashier; undefined for any other address. */
export const stripeSite =
  (parts: SiteParts) =>
  async (request: SandboxRequest): Promise<Answer | undefined> => {
    const [, first, ...path] = request.url.pathname.split('/').map(decodeURIComponent);
    if (first === 'v1') return callApi(request, path, parts);
    const [kind, named, action, ...rest] = path;
    if (first !== 'stripe' || kind !== 'cashier' || !named || rest.length > 0) return undefined;
    return answerCashier(request, { outTradeNo: named, action }, parts);
  };

/** The page of the payment behind a client secret. */
export const pageOfSecret = (text: string, { books, cashier }: CashierParts): string | undefined => {
  const outTradeNo = books.note<string>(text);
  return outTradeNo && text.includes('_secret_') ? cashier.addressOf({ outTradeNo }) : undefined;
};

const callApi = async (
  request: SandboxRequest,
  path: readonly string[],
  parts: SiteParts,
): Promise<Answer> => {
  const reply = isSignedIn(request, parts.keys)
    ? replyTo(request, path, parts)
    : failed(401, 'api_key_invalid');
  const trade = path[0] === 'payment_intents' && path[1] ? parts.books.tradeByNumber(path[1]) : undefined;
  if (trade) await slowDown(trade.outTradeNo, parts);
  return json(JSON.stringify(reply.body), reply.status);
};

/** The key comes as a bearer token or as the user of basic authentication. */
const isSignedIn = ({ headers }: SandboxRequest, { secretKey }: SandboxKeys): boolean => {
  const [scheme, credentials = ''] = (headers['authorization'] ?? '').split(' ');
  if (scheme === 'Bearer') return credentials === secretKey;
  return scheme === 'Basic' && Buffer.from(credentials, 'base64').toString().split(':')[0] === secretKey;
};

const replyTo = (request: SandboxRequest, path: readonly string[], parts: SiteParts): Reply => {
  const { method, url, body, headers } = request;
  const form = new URLSearchParams(body.toString('utf8'));
  const once = (work: () => Reply): Reply =>
    onceFor(headers['idempotency-key'], `${url.pathname}?${form}`, parts, work);
  const [what, id, action] = path;
  const called = `${method} ${what}${id ? (id === 'search' ? '/search' : '/id') : ''}${action ? `/${action}` : ''}`;
  switch (called) {
    case 'POST payment_intents':
      return once(() => createIntent(form, parts));
    case 'GET payment_intents/search':
      return searchIntents(url.searchParams, parts);
    case 'GET payment_intents/id':
      return getIntent(id ?? '', url.searchParams, parts);
    case 'POST payment_intents/id/cancel':
      return once(() => cancelIntent(id ?? '', parts));
    case 'GET charges/id':
      return getCharge(id ?? '', url.searchParams, parts);
    case 'GET balance_transactions':
      return listMovements(url.searchParams, parts);
    case 'POST refunds':
      return once(() => createRefund(form, parts));
    case 'GET refunds':
      return listRefunds(url.searchParams.get('payment_intent') ?? '', parts);
    default:
      return failed(404, 'resource_missing');
  }
};
