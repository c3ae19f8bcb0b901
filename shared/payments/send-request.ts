import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { billLimits, providerLimits } from '../platform/limits.ts';
import { countRequest } from './count-request.ts';
import type { failuresOf } from './failures.ts';
import type { ProviderName } from './model.ts';

/** What a provider answered, whatever its status: some providers explain a refusal in the body of an error. */
export type ProviderAnswer = { status: number; headers: Headers; body: string };

type Sending = Pick<ReturnType<typeof failuresOf>, 'transientFailure'> & { fetch?: typeof fetch | undefined };

type Waiting = {
  /** Names the request in the error. */
  what: string;
  signal: AbortSignal | undefined;
};

const either = (milliseconds: number, signal: AbortSignal | undefined): AbortSignal => {
  const tooLate = AbortSignal.timeout(milliseconds);
  return signal ? AbortSignal.any([tooLate, signal]) : tooLate;
};

type ProviderRequest = Pick<RequestInit, 'method' | 'headers' | 'body'> &
  Waiting & { limit?: number | undefined };

/**
 * Sends a request to a provider; no other code of the providers calls `fetch`. It follows no redirection, because an
 * answer from another address proves nothing. Throws `TransientFailure` if there is no whole answer within `limit` milliseconds
 * (`providerLimits.request` if it is not given), or before `signal`. `read` says what the answer means, or throws: an answer that
 * means nothing counts as none. Nobody waits for a request with a limit of its own, so it counts for no alarm.
 */
export const sendRequest = <Meaning>(
  url: string,
  request: ProviderRequest,
  { provider, ...sending }: Sending & { provider: ProviderName },
  read: (answer: ProviderAnswer) => Meaning,
): Promise<Meaning> => {
  const ask = async (): Promise<Meaning> => read(await answerTo(url, request, sending));
  return request.limit === undefined ? countRequest({ provider, signal: request.signal }, ask) : ask();
};

const answerTo = async (
  url: string,
  { what, signal, limit = providerLimits.request, ...request }: ProviderRequest,
  { transientFailure, fetch: send = fetch }: Sending,
): Promise<ProviderAnswer> => {
  try {
    const response = await send(url, {
      ...request,
      redirect: 'error',
      // The limit covers the whole answer, including its body, which may come in drops.
      signal: either(limit, signal),
    });
    return { status: response.status, headers: response.headers, body: await response.text() };
  } catch (error) {
    throw transientFailure(`no answer to ${what}`, error);
  }
};

/**
 * Downloads a file of a provider, of at most `bytesMax` bytes, to a path. Throws `TransientFailure` unless the whole file comes
 * within `billLimits.download` milliseconds, and before `signal`.
 */
export const downloadFile = async (
  url: string,
  {
    what,
    signal,
    headers,
    bytesMax,
    path,
  }: Pick<RequestInit, 'headers'> & Waiting & { bytesMax: number; path: string },
  { transientFailure, fetch: send = fetch }: Sending,
): Promise<void> => {
  try {
    const response = await send(url, {
      ...(headers && { headers }),
      redirect: 'error',
      signal: either(billLimits.download, signal),
    });
    if (response.status !== 200 || !response.body) throw new Error(`status ${response.status}`);
    const chunks = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
    await pipeline(chunks, atMost(bytesMax), createWriteStream(path));
  } catch (error) {
    throw transientFailure(`no whole file for ${what}`, error);
  }
};

const atMost = (bytesMax: number): Transform => {
  let bytes = 0;
  return new Transform({
    transform: (chunk: Uint8Array, _encoding, done) => {
      bytes += chunk.length;
      if (bytes > bytesMax) done(new RangeError(`it has more than ${bytesMax} bytes`));
      else done(undefined, chunk);
    },
  });
};
