import type { Instant } from '../../../shared/platform/time.ts';
import { billSection } from './bill-buttons.ts';
import type { BillAction } from './bill-lies.ts';
import type { Action } from './cashier.ts';
import type { Delivery } from './delivery.ts';
import { amountText, chinaTime } from './formats.ts';
import { button, escaped, page, row, type Button, type Listed, type Merchant } from './pages.ts';
import { isPayable, refundedOf, type Trade } from './trade.ts';

/** A provider's cashier: its names, and the address of the page of a trade. */
export type Cashier = {
  name: string;
  heading: string;
  addressOf: (trade: Pick<Trade, 'outTradeNo'>) => string;
  /** The lies for which the provider's bill has no place. */
  billLacks?: readonly BillAction[];
};

const stateNames = {
  waiting: '等待付款 waiting',
  paid: '付款成功 paid',
  closed: '交易关闭 closed',
} as const;

const stateOf = ({ status }: Trade): string => `<span class="state ${status}">${stateNames[status]}</span>`;

type CashierButton = Button & { action: Action };

/** For a trade that is paid. */
const refundTroubles: readonly Button[] = [
  {
    action: 'refund-declined',
    title: '下次退款失败 Decline the next refund',
    hint: 'The merchant’s balance is too low, once',
  },
  { action: 'refund-waits', title: '下次退款处理中 Delay the next refund', hint: 'It stays under way' },
  { action: 'refund-done', title: '退款成功 Finish the refund', hint: 'The latest refund is done' },
  { action: 'refund-abnormal', title: '退款异常 Refuse the refund', hint: 'The buyer’s card takes no money' },
  { action: 'refund-closed', title: '退款关闭 Close the refund', hint: 'The merchant keeps the money' },
  {
    action: 'refund-failed',
    title: '退款退回 Return the refund',
    hint: 'The buyer’s bank sends the money of the latest refund back',
  },
];

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
    hint: 'A “paid” notification that the provider never signed',
  },
  {
    action: 'change-amount',
    title: '篡改付款金额 Change the amount',
    hint: 'A valid signature, but a different amount',
  },
];

const totalOf = ({ total, currency }: Trade): string => amountText(total, currency);

const buttonsOf = (trade: Trade, now: Instant, address: string): string => {
  if (trade.paidAt) {
    const troubles = refundTroubles.map((each) => button(address, each)).join('\n');
    return `<section><h2>退款 Refunds</h2>${troubles}</section>`;
  }
  const payable = isPayable(trade, now);
  const shown = payable ? unkind : unkind.filter(({ action }) => action === 'pay-late');
  const pay = payable
    ? `<section>${button(address, { action: 'pay', title: `付款 Pay ${totalOf(trade)}` }, true)}</section>`
    : '';
  const others = shown.map((each) => button(address, each)).join('\n');
  return `${pay}<section><h2>异常情况 When things go wrong</h2>${others}</section>`;
};

const newsOf = (deliveries: readonly Delivery[]): string => {
  if (deliveries.length === 0) return '';
  const items = deliveries.map(({ title, forged, state, attempts, dueAt }) => {
    const last = attempts.at(-1);
    const answer = last ? ` · ${last.status ?? '–'} ${escaped(last.answer.slice(0, 60))}` : '';
    const next = state === 'pending' ? ` · next ${chinaTime(dueAt)}` : '';
    return `<li><div>${escaped(title)}${forged ? ' (forged)' : ''}<br>
<small>${state} · ${attempts.length}×${answer}${next}</small></div></li>`;
  });
  return `<section><h2>通知 Notifications</h2><ul>${items.join('')}</ul></section>`;
};

export type Shown = {
  trade: Trade;
  deliveries: readonly Delivery[];
  merchant: Merchant;
  now: Instant;
  message: string | undefined;
};

/** The cashier: the amount, the deadline, and a form for each thing that can happen. */
export const cashierPage = (
  { trade, deliveries, merchant, now, message }: Shown,
  { name, heading, addressOf, billLacks = [] }: Cashier,
): string =>
  page(
    `${totalOf(trade)} · ${trade.subject}`,
    `${message ? `<section class="message">${escaped(message)}</section>` : ''}
<section${merchant.colour ? ` style="border-top: 4px solid ${merchant.colour}"` : ''}>
${stateOf(trade)}
<p class="amount">${totalOf(trade)}</p>
<div>${escaped(trade.subject)}</div>
<dl>
${row('商户 Merchant', merchant.name)}
${row('付款截止时间 Pay by', chinaTime(trade.expiresAt))}
${trade.paidAt ? row('付款时间 Paid at', chinaTime(trade.paidAt)) : row('当前时间 Now', chinaTime(now))}
${trade.paysLateAt ? row('预计付款时间 Will pay at', chinaTime(trade.paysLateAt)) : ''}
${trade.refunds.length > 0 ? row('已退款 Refunded', amountText(refundedOf(trade), trade.currency)) : ''}
${row('商户订单号 Merchant’s order number', trade.outTradeNo)}
${row(`${name} 交易号 number`, trade.tradeNo)}
</dl>
</section>
${buttonsOf(trade, now, addressOf(trade))}
${trade.paidAt ? billSection(addressOf(trade), billLacks) : ''}
${newsOf(deliveries)}
<nav><a href="/">全部交易 All payments</a></nav>`,
    heading,
  );

/** A code that the shop shows; the buyer's app would scan it from another screen. `image` is an SVG. */
export const codePage = (
  code: { address: string; image: string; amount: string; subject: string },
  merchant: Merchant,
  heading: string,
): string =>
  page(
    '扫码付款 Scan to pay',
    `<section>
<p class="amount">${escaped(code.amount)}</p>
<div>${escaped(code.subject)}</div>
<div class="code">${code.image}</div>
<dl>${row('商户 Merchant', merchant.name)}</dl>
</section>
<section>${button(code.address, { action: 'pay', title: '已扫码并付款 Scanned and paid' }, true)}
${button(code.address, { action: 'scan', title: '只扫码 Scan only', hint: 'Opens the cashier with every other button' })}</section>`,
    heading,
  );

/** A trade in the list of all providers. */
export const listedOf = (trade: Trade, { name, addressOf }: Cashier): Listed => ({
  at: trade.createdAt,
  address: addressOf(trade),
  provider: name,
  subject: trade.subject,
  amount: totalOf(trade),
  state: stateOf(trade),
});
