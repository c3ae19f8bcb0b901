const named = (name: string, message: string, cause: unknown): Error =>
  Object.assign(new Error(message, { cause }), { name });

/** Alipay could not be reached or understood: nothing is known, ask again by the same number. */
export const transientFailure = (why: string, cause?: unknown): Error =>
  named('TransientFailure', `Alipay: ${why}`, cause);

/** Alipay will not serve this request however often it is asked: keys, application or contract are not in order. */
export const providerRefusal = (code: string): Error =>
  named('ProviderRefusal', `Alipay refused the request: ${code}`, undefined);
