const named = (name: string, message: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { name });

/** The errors that a provider's implementation throws; `title` names the provider in the log. */
export const failuresOf = (title: string) => ({
  /** We could not reach or understand the provider, and learnt nothing: ask again with the same number. */
  transientFailure: (why: string, cause?: unknown): Error =>
    named('TransientFailure', `${title}: ${why}`, cause),
  /** The provider refuses this request however often we send it: keys, application or contract are wrong. */
  providerRefusal: (code: string): Error => named('ProviderRefusal', `${title} refused the request: ${code}`),
});
