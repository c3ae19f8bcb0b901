import { button, escaped, page, row, type Button, type Listed, type Merchant } from '../pages.ts';
import type { Code } from './code.ts';
import type { Instant } from '../../../../shared/platform/time.ts';
import type { Action } from './cashier.ts';
import type { Delivery } from './delivery.ts';
import { chinaTime, yuan } from './formats.ts';
import { isPayable, refundedOf, type Trade } from './trade.ts';

const heading = '支付宝沙箱 · Alipay sandbox';
const pageOf = (title: string, content: string): string => page(title, content, heading);

const stateNames = {
  WAIT_BUYER_PAY: '等待付款 waiting',
  TRADE_SUCCESS: '付款成功 paid',
  TRADE_CLOSED: '交易关闭 closed',
} as const;

const stateOf = ({ status }: Trade): string => `<span class="state ${status}">${stateNames[status]}</span>`;

const addressOf = ({ outTradeNo }: Pick<Trade, 'outTradeNo'>): string =>
  `/cashier/${encodeURIComponent(outTradeNo)}`;

type CashierButton = Button & { action: Action };

const unkind: readonly CashierButton[] = [
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
    ? `<section>${button(addressOf(trade), { action: 'pay', title: `付款 Pay ¥${yuan(trade.total)}` }, true)}</section>`
    : '';
  const others = shown.map((each) => button(addressOf(trade), each)).join('\n');
  return `${pay}<section><h2>异常情况 When things go wrong</h2>${others}</section>`;
};

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
  pageOf(
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
<nav><a href="/">全部交易 All payments</a></nav>`,
  );

/** A code that the shop shows: the buyer's app would scan it from another screen. */
export const codePage = (code: Code, image: string, merchant: Merchant): string =>
  pageOf(
    '扫码付款 Scan to pay',
    `<section>
<p class="amount">¥${escaped(String(code.request.content['total_amount']))}</p>
<div>${escaped(String(code.request.content['subject']))}</div>
<div class="code">${image}</div>
<dl>${row('商户 Merchant', merchant.name)}</dl>
</section>
<section>${button(new URL(code.code).pathname, { action: 'pay', title: '已扫码并付款 Scanned and paid' }, true)}
${button(new URL(code.code).pathname, { action: 'scan', title: '只扫码 Scan only', hint: 'Opens the cashier with every other button' })}</section>`,
  );

/** A trade in the list of all providers. */
export const listedOf = (trade: Trade): Listed => ({
  at: trade.createdAt,
  address: addressOf(trade),
  provider: '支付宝 Alipay',
  subject: trade.subject,
  amount: `¥${yuan(trade.total)}`,
  state: stateOf(trade),
});
