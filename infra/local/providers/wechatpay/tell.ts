import { randomUUID } from 'node:crypto';
import { millisecondsOf, plusSeconds, type Instant } from '../../../../shared/platform/time.ts';
import { newDelivery, type Delivery, type Tell, type Telling } from '../delivery.ts';
import { amountText } from '../formats.ts';
import type { Received } from '../post.ts';
import type { Trade } from '../trade.ts';
import { proofOf, type SandboxKeys } from './keys.ts';
import { refundNoticeOf, refundSeconds, transactionOf, wireTime } from './transaction.ts';

const minutes = (count: number): number => count * 60;
const hours = (count: number): number => minutes(60 * count);
/** WeChat Pay's own intervals between the attempts (source: "Payment success notification" of its documentation). */
export const retryAfterSeconds = [
  15,
  15,
  30,
  minutes(3),
  minutes(10),
  minutes(20),
  minutes(30),
  minutes(30),
  minutes(30),
  hours(1),
  hours(3),
  hours(3),
  hours(3),
  hours(6),
  hours(6),
];

/** Any 200 or 204 is enough. */
export const isTaken = ({ status }: Received): boolean => status === 200 || status === 204;

type Notice = {
  type: string;
  kind: 'transaction' | 'refund';
  content: Record<string, unknown>;
  title: string;
};

/** WeChat Pay tells of payments and refunds alone: nothing of what waits or is closed. */
const noticeOf = (trade: Trade, telling: Telling): Notice | undefined => {
  if (telling.of === 'paid') {
    const total = telling.total ?? trade.total;
    const content = { ...transactionOf(trade, total), trade_state: 'SUCCESS', transaction_id: trade.tradeNo };
    const title = `TRANSACTION.SUCCESS · ${amountText(total, trade.currency)}`;
    return { type: 'TRANSACTION.SUCCESS', kind: 'transaction', content, title };
  }
  if (telling.of !== 'refund') return undefined;
  const content = refundNoticeOf(trade, telling.refund);
  const type = `REFUND.${String(content['refund_status'])}`;
  return {
    type,
    kind: 'refund',
    content,
    title: `${type} · ${amountText(telling.refund.amount, trade.currency)}`,
  };
};

export const tell: Tell = (trade, telling, now, how = {}) => {
  const notice = noticeOf(trade, telling);
  const refundUrl =
    telling.of === 'refund' ? trade.more?.[`refund:${telling.refund.outRequestNo}`] : undefined;
  const url = telling.of === 'refund' ? refundUrl : trade.notifyUrl;
  if (!notice || !url) return [];
  const { type, kind, content, title } = notice;
  const id = how.id ?? randomUUID();
  const isUsual = telling.of === 'refund' && telling.refund.state === undefined;
  const dueAt = isUsual ? plusSeconds(telling.refund.at, refundSeconds) : now;
  return [newDelivery(trade, { url, id, title, content: { id, type, kind, content } }, dueAt, how)];
};

/** The notification, encrypted and signed again for each attempt. */
export const signedNotice = (
  { content: notice, forged }: Delivery,
  keys: Pick<SandboxKeys, 'seal' | 'signAsPlatform' | 'signAsForger'>,
  now: Instant,
): { headers: Record<string, string>; body: string } => {
  const { id, type, kind, content } = notice as { id: string; type: string; kind: string; content: unknown };
  const body = JSON.stringify({
    id,
    create_time: wireTime(now),
    resource_type: 'encrypt-resource',
    event_type: type,
    summary: type,
    resource: keys.seal(content, kind),
  });
  const seconds = Math.floor(millisecondsOf(now) / 1000);
  const signer = forged ? keys.signAsForger : keys.signAsPlatform;
  return { headers: { 'content-type': 'application/json', ...proofOf(body, seconds, signer) }, body };
};
