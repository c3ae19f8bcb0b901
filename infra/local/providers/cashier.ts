import { randomBytes } from 'node:crypto';
import type { Clock, Instant } from '../../../shared/platform/time.ts';
import type { Books } from './books.ts';
import type { Tell } from './delivery.ts';
import { amountText } from './formats.ts';
import { settle } from './settle.ts';
import { isPayable, paid, payingLate, type Trade } from './trade.ts';

type Parts = { books: Books; clock: Clock; tell: Tell };

/** The result of a button, as the page shows it and a program reads it. `pays` sends the buyer back to the shop. */
export type Done = { outcome: 'done'; trade: Trade; message: string; pays: boolean };
export type NotDone = { outcome: 'refused'; message: string };

export const actions = [
  'pay',
  'decline',
  'pay-late',
  'pay-notify-twice',
  'pay-notify-out-of-order',
  'pay-silently',
  'answer-slowly',
  'forge',
  'change-amount',
] as const;
export type Action = (typeof actions)[number];

export const isAction = (name: string): name is Action => (actions as readonly string[]).includes(name);

/** The number of slow answers of the gateway after somebody has pressed the button. */
const slowAnswersCount = 3;

/** What a buyer can do at the cashier, and what can go wrong around it. */
export const act = (outTradeNo: string, action: Action, { books, clock, tell }: Parts): Done | NotDone => {
  settle({ books, clock, tell });
  const trade = books.trade(outTradeNo);
  if (!trade) return { outcome: 'refused', message: 'No such trade 交易不存在' };
  const now = clock();
  if (action === 'pay-late') {
    if (trade.paidAt) return { outcome: 'refused', message: 'Already paid 已付款' };
    const after = payingLate(trade, now);
    const deliveries = after.paidAt ? tell(after, { of: 'paid' }, now) : [];
    books.write({ trade: after, deliveries });
    const message = after.paidAt
      ? 'Paid, after the deadline 超时后付款成功'
      : 'Will be paid after the deadline 将在超时后付款';
    return { outcome: 'done', trade: after, message, pays: after.paidAt !== undefined };
  }
  if (action === 'answer-slowly') {
    const after = { ...trade, slowAnswers: slowAnswersCount };
    books.write({ trade: after });
    const message = `The gateway's next ${slowAnswersCount} answers are slow 网关将变慢`;
    return { outcome: 'done', trade: after, message, pays: false };
  }
  if (!isPayable(trade, now)) return { outcome: 'refused', message: whyNotPayable(trade) };
  return actOnOpen(trade, action, { books, clock, tell });
};

const whyNotPayable = ({ paidAt }: Trade): string =>
  paidAt ? 'Already paid 已付款' : 'Closed or expired, cannot be paid 交易已关闭';

const actOnOpen = (
  trade: Trade,
  action: Exclude<Action, 'pay-late' | 'answer-slowly'>,
  { books, clock, tell }: Parts,
): Done => {
  const now = clock();
  const untouched = (message: string): Done => ({ outcome: 'done', trade, message, pays: false });
  if (action === 'decline') return untouched('Declined: the balance is too low 余额不足,付款失败');
  if (action === 'forge') {
    books.write({ deliveries: tell(trade, { of: 'paid' }, now, { forged: true, retried: false }) });
    return untouched('A forged notification is sent; nothing is paid 已发送伪造通知');
  }
  if (action === 'change-amount') {
    const total = trade.total === 1 ? 2 : 1;
    books.write({ deliveries: tell(trade, { of: 'paid', total }, now, { retried: false }) });
    return untouched(
      `A notification of ${amountText(total, trade.currency)} is sent; nothing is paid 已发送金额不符的通知`,
    );
  }
  const after = paid(trade, now);
  books.write({ trade: after, deliveries: newsOf(after, action, { clock, tell }) });
  return { outcome: 'done', trade: after, message: 'Paid 付款成功', pays: true };
};

/** The id of two notifications that are the same; the provider's ids have the same form. */
const newId = (now: Instant): string => `${now.replaceAll(/\D/g, '')}${randomBytes(10).toString('hex')}`;

const newsOf = (
  trade: Trade,
  action: 'pay' | 'pay-notify-twice' | 'pay-notify-out-of-order' | 'pay-silently',
  { clock, tell }: Pick<Parts, 'clock' | 'tell'>,
) => {
  const now = clock();
  const success = tell(trade, { of: 'paid' }, now);
  switch (action) {
    case 'pay':
      return success;
    case 'pay-silently':
      return [];
    case 'pay-notify-twice': {
      const id = newId(now);
      const once = () => tell(trade, { of: 'paid' }, now, { id });
      return [...once(), ...once()];
    }
    case 'pay-notify-out-of-order':
      // The notification that the trade waits for its buyer arrives after the notification of the payment.
      return [...success, ...tell(trade, { of: 'waiting' }, now)];
  }
};
