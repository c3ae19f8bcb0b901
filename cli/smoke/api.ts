import { CommandFailure } from '../connect.ts';

export type Answer<Body> = { status: number; body: Body };
export type Order = {
  orderId: string;
  state: string;
  runId: string;
  expiresAt: string;
  items: { ticketId?: string }[];
};
type Problem = { type?: string };

/** The API of a deployment, as a passenger's app calls it. */
export type Api = {
  get<Body>(path: string): Promise<Answer<Body>>;
  post<Body>(path: string, body?: object): Promise<Answer<Body & Problem>>;
};

const answerMillisecondsMax = 30_000;

/** Requests end at the signal. Throws a `CommandFailure` if the API does not answer in time, or not in JSON. */
export const openApi = ({
  address,
  token,
  mark,
  signal,
}: {
  address: string;
  token: string | undefined;
  mark: string;
  signal: AbortSignal;
}): Api => {
  let requests = 0;
  const send = async <Body>(method: string, path: string, body?: object): Promise<Answer<Body>> => {
    const timeOut = AbortSignal.timeout(answerMillisecondsMax);
    requests += 1;
    const request = {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(method === 'POST' && { 'idempotency-key': `${mark}-${requests}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, timeOut]),
    };
    try {
      const response = await fetch(address + path, request);
      return { status: response.status, body: (await response.json()) as Body };
    } catch (error) {
      if (signal.aborted) throw error;
      if (timeOut.aborted) throw new CommandFailure(`${method} ${path}: no answer within half a minute`);
      const { message, cause } = error as Error;
      const why = cause instanceof Error ? cause.message : message;
      throw new CommandFailure(`${method} ${address}${path}: ${why}`);
    }
  };
  return {
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
  };
};

/** What an answer says, for a person: its status, and the reason of its problem. */
export const told = ({ status, body }: Answer<unknown>): string => {
  const { type } = body as Problem;
  return type ? `${status} ${type}` : `${status}`;
};

export const isProblem = ({ body }: Answer<Problem>, reasons: readonly string[]): boolean =>
  reasons.some((reason) => body.type?.endsWith(`:${reason}`));
