import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { billLimits, providerLimits } from '../platform/limits.ts';
import type { failuresOf } from './failures.ts';

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

/**
 * Sends a request to a provider; no other code of the providers calls `fetch`. It follows no redirection, because an
 * answer from another address proves nothing. Throws `TransientFailure` if there is no whole answer within `limit` milliseconds
 * (`providerLimits.request` if it is not given), or before `signal`.
 */
export const sendRequest = async (
  url: string,
  {
    what,
    signal,
    limit = providerLimits.request,
    ...request
  }: Pick<RequestInit, 'method' | 'headers' | 'body'> & Waiting & { limit?: number | undefined },
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
