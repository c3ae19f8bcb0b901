import { failuresOf } from '../failures.ts';

export const { transientFailure, providerRefusal } = failuresOf('WeChat Pay');

/** The merchant's settings or contract are wrong: the same request never passes until a person has changed them. */
const ofTheMerchant: ReadonlySet<string> = new Set([
  'APPID_MCHID_NOT_MATCH',
  'INVALID_MCHID',
  'MCH_NOT_EXISTS',
  'NO_AUTH',
  'NOAUTH',
  'OPENID_MISMATCH',
  'PARAM_ERROR',
  'SIGN_ERROR',
]);

export const isOfTheMerchant = (code: string): boolean => ofTheMerchant.has(code);

/** There is no such transaction or refund. The interfaces spell it differently. */
const unknown: ReadonlySet<string> = new Set([
  'ORDERNOTEXIST',
  'ORDER_NOT_EXIST',
  'RESOURCE_NOT_EXISTS',
  'REFUND_NOT_EXISTS',
]);

export const isUnknown = (code: string): boolean => unknown.has(code);

/**
 * Refusals of a refund that sending the same request again cannot change. Any other may pass: the merchant tops up the
 * balance (`NOT_ENOUGH`). Source: the error codes of "Apply for a refund" in WeChat Pay's documentation.
 */
const finalDeclines: ReadonlySet<string> = new Set(['INVALID_REQUEST', 'USER_ACCOUNT_ABNORMAL']);

export const isFinalDecline = (code: string): boolean => finalDeclines.has(code);
