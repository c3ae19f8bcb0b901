import type { PaymentAction, ProviderName } from '../../shared/payments/model.ts';
import type { PaymentMethod, RefundTerms } from '../../shared/payments/provider.ts';

/**
 * What each provider does in its own way, from what it publishes and without a line of the product: when a trade is
 * there, how long it takes money, how it reads when it is paid and when it is back, and how refunds come about.
 */
export type Character = {
  method: PaymentMethod;
  /** What a buyer gets. */
  actionFor: (paymentId: string) => PaymentAction;
  /** Whether a trade exists as soon as we ask for one, or only when its buyer comes. */
  tradeFrom: 'request' | 'buyer';
  /** A trade that we know by our number alone is found only so long after it began. */
  foundAfterSeconds: number;
  /**
   * A trade takes the money of a buyer who has begun in time so long after its deadline; without a number, until it is
   * closed.
   */
  takesAfterSeconds: number | undefined;
  /** Whether attempts fail before one succeeds, and the bank may be at work for minutes, when nothing can be closed. */
  hasAttempts: boolean;
  /** What a trade of which everything is back is said to be. */
  saysWhenBack: 'closed' | 'captured';
  /** Whether the answer to a request for a refund may say that it is done, or only that it is accepted. */
  refundAnswer: 'its-state' | 'accepted';
  /** Whether the answer to the same request again tells the state, or only that this request moved nothing. */
  repeatedAnswer: 'its-state' | 'nothing-moved';
  /** So long the same request is known as the same; later only who looks first does not pay twice. */
  knowsRepeatsSeconds: number;
  /**
   * Whether what it cannot pay out is a refund with an end of its own, which it accepts first and tells of later; `mended` is
   * an end that a person can mend at the provider.
   */
  refundsEnd: { mended?: string; failed: string } | undefined;
  /** A refund is known by its number only so long after it was asked for. */
  refundKnownAfterSeconds: number;
  /** A second request for money of one payment is refused if it comes sooner. */
  refundsApartSeconds: number;
  /** Whether a refund may fail long after it was done, when the buyer's bank has sent the money back. */
  refundsComeBack: boolean;
  /** What it calls too low a balance. */
  balanceTooLow: string;
  /** Its pauses between tries to notify, in seconds; it repeats the last one. */
  notifiesAgainAfterSeconds: readonly number[];
};

export const characters: Readonly<Record<ProviderName, Character>> = {
  alipay: {
    method: { name: 'page', action: 'redirect' },
    actionFor: (paymentId) => ({ kind: 'redirect', url: `https://cashier.example/${paymentId}` }),
    tradeFrom: 'buyer',
    foundAfterSeconds: 0,
    takesAfterSeconds: 30,
    hasAttempts: false,
    saysWhenBack: 'closed',
    refundAnswer: 'accepted',
    repeatedAnswer: 'nothing-moved',
    knowsRepeatsSeconds: Infinity,
    refundsEnd: undefined,
    refundKnownAfterSeconds: 10,
    refundsApartSeconds: 0,
    refundsComeBack: false,
    balanceTooLow: 'ACQ.SELLER_BALANCE_NOT_ENOUGH',
    notifiesAgainAfterSeconds: [240, 600],
  },
  wechatpay: {
    method: { name: 'native', action: 'qr-code' },
    actionFor: (paymentId) => ({ kind: 'qr-code', text: `weixin://wxpay/bizpayurl?pr=${paymentId}` }),
    tradeFrom: 'request',
    foundAfterSeconds: 0,
    takesAfterSeconds: 30,
    hasAttempts: false,
    saysWhenBack: 'captured',
    refundAnswer: 'accepted',
    repeatedAnswer: 'its-state',
    knowsRepeatsSeconds: Infinity,
    refundsEnd: { mended: 'ABNORMAL', failed: 'CLOSED' },
    refundKnownAfterSeconds: 0,
    refundsApartSeconds: 60,
    refundsComeBack: false,
    balanceTooLow: 'NOT_ENOUGH',
    notifiesAgainAfterSeconds: [15, 15, 30, 180, 600],
  },
  stripe: {
    method: { name: 'card', action: 'client-secret' },
    actionFor: (paymentId) => ({
      kind: 'client-secret',
      value: `pi_${paymentId}_secret_1`,
      publishableKey: 'pk_test_1',
    }),
    tradeFrom: 'request',
    foundAfterSeconds: 60,
    takesAfterSeconds: undefined,
    hasAttempts: true,
    saysWhenBack: 'captured',
    refundAnswer: 'its-state',
    repeatedAnswer: 'its-state',
    knowsRepeatsSeconds: 86_400,
    refundsEnd: { failed: 'failed' },
    refundKnownAfterSeconds: 0,
    refundsApartSeconds: 0,
    refundsComeBack: true,
    balanceTooLow: 'balance_insufficient',
    notifiesAgainAfterSeconds: [5, 60, 600],
  },
};

/** What it asks of those who want a refund: ten seconds everywhere, and longer where it wants more between two requests. */
export const termsOf = ({ refundsApartSeconds }: Character): RefundTerms => {
  const seconds = Math.max(10, refundsApartSeconds);
  return { queryAfterSeconds: seconds, sendAgainAfterSeconds: seconds };
};
