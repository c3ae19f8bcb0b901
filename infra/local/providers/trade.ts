import { plusSeconds, type Instant } from '../../../shared/platform/time.ts';

/** A trade in the sandbox's own books. Amounts are in minor units. */
export type Trade = {
  /** The merchant's number. */
  outTradeNo: string;
  /** The provider's number. */
  tradeNo: string;
  subject: string;
  total: number;
  currency: string;
  createdAt: Instant;
  expiresAt: Instant;
  notifyUrl: string | undefined;
  returnUrl: string | undefined;
  status: 'waiting' | 'paid' | 'closed';
  /** It stays when all of the money has gone back and the trade is closed. */
  paidAt?: Instant;
  closedAt?: Instant;
  /** The buyer has pressed "pay after the deadline", and the money comes at this moment. */
  paysLateAt?: Instant;
  /** The number of the provider's next answers about this trade that take longer than any caller waits. */
  slowAnswers: number;
  refunds: TradeRefund[];
  /** The trouble that the next refund has. */
  nextRefund?: 'declined' | 'waits';
  /** The provider keeps no deadline: only the merchant ends it. */
  neverExpires?: true;
  /** What only this provider has, such as the buyer's id. */
  more?: Readonly<Record<string, string>>;
  bill?: BillLies;
};

/** What the bill says otherwise of a trade's payment, or of its refunds. The books stay as they are. */
export type BillLie = { omits?: true; twice?: true; amount?: number; currency?: string; state?: string };

export type BillLies = {
  payment?: BillLie;
  refund?: BillLie;
  /** Beside this payment is one of another shop. */
  stranger?: true;
  /** The bill of the day of this payment cannot be read, or is not there yet. */
  damaged?: true;
  late?: true;
};

export type TradeRefund = {
  outRequestNo: string;
  amount: number;
  at: Instant;
  /** How it stands, if it does not go the provider's usual way. The money of `closed` and `failed` is the merchant's again. */
  state?: 'waits' | 'done' | 'abnormal' | 'closed' | 'failed';
};

/** How long after the deadline late money comes, if the buyer chose this before the deadline. */
const lateBySeconds = 30;

export const refundedOf = ({ refunds }: Trade): number =>
  refunds.reduce(
    (sum, { amount, state }) => (state === 'closed' || state === 'failed' ? sum : sum + amount),
    0,
  );

export const isPayable = (trade: Trade, now: Instant): boolean =>
  trade.status === 'waiting' && (trade.neverExpires === true || now < trade.expiresAt);

/** Whether it may still change with time alone. */
export const isUnsettled = ({ status, paysLateAt, paidAt }: Trade): boolean =>
  status === 'waiting' || (paysLateAt !== undefined && paidAt === undefined);

export const paid = (trade: Trade, now: Instant): Trade => {
  const { closedAt: _, paysLateAt: __, ...rest } = trade;
  return { ...rest, status: 'paid', paidAt: now };
};

export const closed = (trade: Trade, now: Instant): Trade => ({ ...trade, status: 'closed', closedAt: now });

/** After the deadline, late money arrives at once; before it, the money is on its way. */
export const payingLate = (trade: Trade, now: Instant): Trade =>
  now >= trade.expiresAt || trade.status === 'closed'
    ? paid(trade, now)
    : { ...trade, paysLateAt: plusSeconds(trade.expiresAt, lateBySeconds) };

/** The trade after the changes that come with time alone; the same trade if there are none. */
export const settled = (trade: Trade, now: Instant): Trade => {
  if (trade.paysLateAt !== undefined && now >= trade.paysLateAt && trade.paidAt === undefined) {
    return paid(trade, now);
  }
  return trade.status === 'waiting' && !isPayable(trade, now) ? closed(trade, now) : trade;
};
