import { providerLimits } from '../platform/limits.ts';
import type { failuresOf } from './failures.ts';

/** What a provider answered, whatever its status: some providers explain a refusal in the body of an error. */
export type ProviderAnswer = { status: number; headers: Headers; body: string };

/**
 * Sends a request to a provider; no other code of the providers calls `fetch`. It follows no redirection, because an
 * answer from another address proves nothing. Throws `TransientFailure` if there is no whole answer within
 * `providerLimits.request` milliseconds, or before `signal`; `what` names the request in that error.
 */
export const sendRequest = async (
  url: string,
  {
    what,
    signal,
    ...request
  }: Pick<RequestInit, 'method' | 'headers' | 'body'> & {
    what: string;
    signal: AbortSignal | undefined;
  },
  {
    transientFailure,
    fetch: send = fetch,
  }: Pick<ReturnType<typeof failuresOf>, 'transientFailure'> & { fetch?: typeof fetch | undefined },
): Promise<ProviderAnswer> => {
  const tooLate = AbortSignal.timeout(providerLimits.request);
  try {
    const response = await send(url, {
      ...request,
      redirect: 'error',
      // The limit covers the whole answer, including its body, which may come in drops.
      signal: signal ? AbortSignal.any([tooLate, signal]) : tooLate,
    });
    return { status: response.status, headers: response.headers, body: await response.text() };
  } catch (error) {
    throw transientFailure(`no answer to ${what}`, error);
  }
};
