const named = (name: string, message: string, cause: unknown): Error =>
  Object.assign(new Error(message, { cause }), { name });

/** We could not reach or understand Alipay, and learnt nothing: ask again with the same number. */
export const transientFailure = (why: string, cause?: unknown): Error =>
  named('TransientFailure', `Alipay: ${why}`, cause);

/** Alipay refuses this request however often we send it: keys, application or contract are wrong. */
export const providerRefusal = (code: string): Error =>
  named('ProviderRefusal', `Alipay refused the request: ${code}`, undefined);

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
