import { toSVG } from 'bwip-js/node';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../../shared/platform/time.ts';
import { isBillAction, tellLie, type BillAction } from './bill-lies.ts';
import type { Books } from './books.ts';
import { act, isAction } from './cashier.ts';
import { cashierPage, type Cashier } from './cashier-page.ts';
import type { Tell } from './delivery.ts';
import { errorPage, type Merchant } from './pages.ts';
import { html, json, redirect, type Answer, type SandboxRequest } from './provider-sandbox.ts';
import { isRefundTrouble, makeRefundTrouble } from './refund-troubles.ts';
import { settle } from './settle.ts';
import type { Trade } from './trade.ts';

export type CashierParts = {
  books: Books;
  clock: Clock;
  merchant: Merchant;
  tell: Tell;
  cashier: Cashier;
  /** Where the buyer's browser goes after a payment: the shop's page. */
  returnAddress: (trade: Trade) => string | undefined;
  /** The site calls this after a button, so that the sandbox sends the notifications at once. */
  changed: () => void;
  stopping: AbortSignal;
};

export const asksForJson = ({ headers }: SandboxRequest): boolean =>
  headers['accept']?.includes('application/json') ?? false;

/**
 * A provider's cashier: `GET <page>` shows the trade, `POST <page>/<action>` does what a buyer or a trouble does. Paying
 * redirects (303) to the shop, else back to the cashier; with `Accept: application/json` the answer is 200 and
 * `{ outTradeNo, status, message, returnUrl }`. 409 when the trade cannot be paid.
 *
 * The bill of the day of a paid trade can lie, with fields in the address or in a form: `POST <page>/bill-omits`, `bill-twice`,
 * `bill-amount` (`amount`, in minor units), `bill-currency` (`currency`), `bill-state` (`state`), each about the payment or, with
 * `of=refund`, about its refunds; `bill-stranger` adds a payment of another shop, `bill-damaged` and `bill-late` concern the
 * whole bill, and `bill-honest` takes it all back.
 */
export const answerCashier = (
  request: SandboxRequest,
  { outTradeNo, action }: { outTradeNo: string; action: string | undefined },
  parts: CashierParts,
): Answer | undefined => {
  if (action !== undefined && request.method !== 'POST') return undefined;
  if (action !== undefined)
    return isBillAction(action)
      ? lie(request, { outTradeNo, action }, parts)
      : press(outTradeNo, action, asksForJson(request), parts);
  if (request.method !== 'GET') return undefined;
  return show(outTradeNo, parts, request.url.searchParams.get('message') ?? undefined);
};

const show = (outTradeNo: string, parts: CashierParts, message: string | undefined, status = 200): Answer => {
  const { books, clock, merchant, cashier } = parts;
  settle(parts);
  const trade = books.trade(outTradeNo);
  if (!trade) return html(404, errorPage('交易不存在 This trade does not exist', outTradeNo));
  const shown = { trade, deliveries: books.deliveries(outTradeNo), merchant, now: clock(), message };
  return html(status, cashierPage(shown, cashier));
};

export const press = (outTradeNo: string, action: string, asJson: boolean, parts: CashierParts): Answer => {
  if (!isAction(action) && !isRefundTrouble(action))
    return html(404, errorPage('操作不存在 This action does not exist', action));
  const done = isRefundTrouble(action)
    ? makeRefundTrouble(outTradeNo, action, parts)
    : act(outTradeNo, action, parts);
  parts.changed();
  const { message } = done;
  if (done.outcome === 'refused')
    return asJson
      ? json(JSON.stringify({ outTradeNo, message }), 409)
      : show(outTradeNo, parts, message, 409);
  const returnUrl = done.pays ? parts.returnAddress(done.trade) : undefined;
  if (asJson) {
    const { status } = done.trade;
    return json(JSON.stringify({ outTradeNo, status, message, returnUrl: returnUrl ?? null }));
  }
  const back = `${parts.cashier.addressOf(done.trade)}?message=${encodeURIComponent(message)}`;
  return redirect(returnUrl ?? back, 303);
};

/** Changes what the bill of the day says about a trade; the books stay as they are. */
const lie = (
  request: SandboxRequest,
  { outTradeNo, action }: { outTradeNo: string; action: BillAction },
  parts: CashierParts,
): Answer => {
  const { books, cashier } = parts;
  const trade = books.trade(outTradeNo);
  const fields = new URLSearchParams([
    ...request.url.searchParams,
    ...new URLSearchParams(request.body.toString('utf8')),
  ]);
  const told =
    trade?.paidAt === undefined || cashier.billLacks?.includes(action)
      ? { refused: 'The bill has no place for this 账单无此项' }
      : tellLie(trade, action, fields);
  if ('refused' in told)
    return asksForJson(request)
      ? json(JSON.stringify({ outTradeNo, message: told.refused }), 409)
      : show(outTradeNo, parts, told.refused, 409);
  books.write({ trade: told.trade });
  const { status } = told.trade;
  return asksForJson(request)
    ? json(JSON.stringify({ outTradeNo, status, message: told.message, returnUrl: null }))
    : redirect(`${cashier.addressOf(told.trade)}?message=${encodeURIComponent(told.message)}`, 303);
};

/** Longer than any merchant waits. */
const slowlyMilliseconds = 5000;

/** Delays the answer to a call that has succeeded: a merchant must not take a time-out for a "no". */
export const slowDown = async (
  outTradeNo: string,
  { books, stopping }: Pick<CashierParts, 'books' | 'stopping'>,
): Promise<void> => {
  const trade = books.trade(outTradeNo);
  if (!trade?.slowAnswers) return;
  books.write({ trade: { ...trade, slowAnswers: trade.slowAnswers - 1 } });
  await wait(slowlyMilliseconds, undefined, { signal: stopping }).catch(() => undefined);
};

/** A QR code as SVG. */
export const codeImage = (text: string): string =>
  toSVG({ bcid: 'qrcode', text, scale: 4, backgroundcolor: 'FFFFFF', padding: 4 });
