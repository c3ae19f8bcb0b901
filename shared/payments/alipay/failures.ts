import { failuresOf } from '../failures.ts';

export const { transientFailure, providerRefusal } = failuresOf('Alipay');

/**
 * Refusals of a refund that sending the same request again cannot change: the trade is over, or Alipay does not accept
 * such a request. Any other refusal may pass: the seller tops up the balance (`ACQ.SELLER_BALANCE_NOT_ENOUGH`), or a
 * frozen trade or account is released (`ACQ.REASON_TRADE_BEEN_FREEZEN`). Source: the business error codes of
 * `alipay.trade.refund`, with their solutions, in the documentation of Alipay's open platform.
 */
const finalDeclines: ReadonlySet<string> = new Set([
  'ACQ.BUYER_NOT_EXIST',
  'ACQ.CURRENCY_NOT_SUPPORT',
  'ACQ.DISCORDANT_REPEAT_REQUEST',
  'ACQ.INVALID_PARAMETER',
  'ACQ.NOT_ALLOW_PARTIAL_REFUND',
  'ACQ.ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND',
  'ACQ.REASON_TRADE_REFUND_FEE_ERR',
  'ACQ.REFUND_ACCOUNT_NOT_EXIST',
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
  'ACQ.REFUND_FEE_ERROR',
  'ACQ.TRADE_HAS_FINISHED',
  'ACQ.TRADE_NOT_ALLOW_REFUND',
]);

export const isFinalDecline = (code: string): boolean => finalDeclines.has(code);
