import { cashierStyle } from './cashier-style.ts';
import type { Instant } from '../../../shared/platform/time.ts';
import type { Action } from './alipay/cashier.ts';
import type { Delivery } from './alipay/delivery.ts';
import { chinaTime, yuan } from './alipay/formats.ts';
import { isPayable, refundedOf, type Trade } from './alipay/trade.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');

/** Who gets the money, as the buyer sees it; the colour as `#rrggbb`. */
export type Merchant = { name: string; colour?: string | undefined };

/** Alipay's own pages are Chinese; these say the same in English too. */
const page = (title: string, content: string): string => `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${cashierStyle}</style>
</head>
<body><main>
<header><h1>支付宝沙箱 · Alipay sandbox</h1>
<p>仅在本机模拟，不会产生真实扣款 · Runs on this machine; no real money moves</p></header>
${content}
</main></body>
</html>
`;

const stateNames = {
  WAIT_BUYER_PAY: '等待付款 waiting',
  TRADE_SUCCESS: '付款成功 paid',
  TRADE_CLOSED: '交易关闭 closed',
} as const;

const stateOf = ({ status }: Trade): string => `<span class="state ${status}">${stateNames[status]}</span>`;

type Button = { action: Action; title: string; hint?: string };
const button = ({ outTradeNo }: Trade, { action, title, hint }: Button, main = false): string =>
  `<form method="post" action="/cashier/${encodeURIComponent(outTradeNo)}/${action}">` +
  `<button${main ? ' class="main"' : ''}><span>${title}</span>${hint ? `<small>${hint}</small>` : ''}</button></form>`;

const unkind: readonly Button[] = [
  { action: 'decline', title: '余额不足 Decline', hint: 'The payment fails; the buyer can try again' },
  {
    action: 'pay-late',
    title: '超时后才付款 Pay after the deadline',
    hint: 'The money arrives late',
  },
  {
    action: 'pay-notify-twice',
    title: '付款，通知重复发送 Pay and notify twice',
    hint: 'The sandbox sends the same notification twice',
  },
  {
    action: 'pay-notify-out-of-order',
    title: '付款，通知顺序颠倒 Pay and notify out of order',
    hint: '“Paid” arrives before “waiting”',
  },
  {
    action: 'pay-silently',
    title: '付款，但不发送通知 Pay and go silent',
    hint: 'The merchant must query the payment',
  },
  {
    action: 'answer-slowly',
    title: '网关响应变慢 Answer slowly',
    hint: 'The gateway’s next three answers take too long',
  },
  {
    action: 'forge',
    title: '伪造通知签名 Forge a signature',
    hint: 'A “paid” notification that Alipay never signed',
  },
  {
    action: 'change-amount',
    title: '篡改付款金额 Change the amount',
    hint: 'A valid signature, but a different amount',
  },
];

const buttonsOf = (trade: Trade, now: Instant): string => {
  const shown = isPayable(trade, now) ? unkind : unkind.filter(({ action }) => action === 'pay-late');
  if (trade.paidAt) return '';
  const pay = isPayable(trade, now)
    ? `<section>${button(trade, { action: 'pay', title: `付款 Pay ¥${yuan(trade.total)}` }, true)}</section>`
    : '';
  const others = shown.map((each) => button(trade, each)).join('\n');
  return `${pay}<section><h2>异常情况 When things go wrong</h2>${others}</section>`;
};

const row = (name: string, value: string): string => `<dt>${name}</dt><dd>${escaped(value)}</dd>`;

const newsOf = (deliveries: readonly Delivery[]): string => {
  if (deliveries.length === 0) return '';
  const items = deliveries.map(({ fields, forged, state, attempts, dueAt }) => {
    const last = attempts.at(-1);
    const answer = last ? ` · ${last.status ?? '–'} ${escaped(last.answer.slice(0, 60))}` : '';
    const next = state === 'pending' ? ` · next ${chinaTime(dueAt)}` : '';
    const what = `${fields['trade_status']}${fields['refund_fee'] ? ` (refund ${fields['refund_fee']})` : ''}`;
    return `<li><div>${escaped(what)}${forged ? ' (forged)' : ''} · ${escaped(fields['total_amount'] ?? '')}<br>
<small>${state} · ${attempts.length}×${answer}${next}</small></div></li>`;
  });
  return `<section><h2>通知 Notifications</h2><ul>${items.join('')}</ul></section>`;
};

/** The cashier: the amount, the deadline, and a form for each thing that can happen. */
export const cashierPage = (
  trade: Trade,
  deliveries: readonly Delivery[],
  merchant: Merchant,
  now: Instant,
  message?: string,
): string =>
  page(
    `¥${yuan(trade.total)} · ${trade.subject}`,
    `${message ? `<section class="message">${escaped(message)}</section>` : ''}
<section${merchant.colour ? ` style="border-top: 4px solid ${merchant.colour}"` : ''}>
${stateOf(trade)}
<p class="amount">¥${yuan(trade.total)}</p>
<div>${escaped(trade.subject)}</div>
<dl>
${row('商户 Merchant', merchant.name)}
${row('付款截止时间 Pay by', chinaTime(trade.expiresAt))}
${trade.paidAt ? row('付款时间 Paid at', chinaTime(trade.paidAt)) : row('当前时间 Now', chinaTime(now))}
${trade.paysLateAt ? row('预计付款时间 Will pay at', chinaTime(trade.paysLateAt)) : ''}
${trade.refunds.length > 0 ? row('已退款 Refunded', `¥${yuan(refundedOf(trade))}`) : ''}
${row('商户订单号 Merchant’s order number', trade.outTradeNo)}
${row('支付宝交易号 Alipay trade number', trade.tradeNo)}
</dl>
</section>
${buttonsOf(trade, now)}
${newsOf(deliveries)}
<nav><a href="/">全部交易 All trades</a></nav>`,
  );

/** The latest trades, newest first. */
export const tradesPage = (trades: readonly Trade[]): string => {
  const items = trades.map(
    (trade) =>
      `<li><a href="/cashier/${encodeURIComponent(trade.outTradeNo)}">
<span>${escaped(trade.subject)}<br><small>${chinaTime(trade.createdAt)}</small></span>
<span>¥${yuan(trade.total)}<br>${stateOf(trade)}</span></a></li>`,
  );
  const none = '<p class="soft">暂无交易 A trade appears here when a buyer opens a payment link.</p>';
  return page(
    'Alipay sandbox',
    `<section><h2>最近交易 Recent trades</h2>${items.length > 0 ? `<ul>${items.join('')}</ul>` : none}</section>
<nav><a href="/books">账本 Books (JSON)</a></nav>`,
  );
};

export const errorPage = (title: string, detail: string): string =>
  page(
    title,
    `<section class="message"><h2>${escaped(title)}</h2><div>${escaped(detail)}</div></section>
<nav><a href="/">全部交易 All trades</a></nav>`,
  );
