/**
 * The limits of one call to AWS: the number of attempts, and for each a limit for connecting and one for the whole
 * answer, whether that answer never comes, stops half-way or arrives in drops.
 */
export type CallLimits = { attempts: number; attemptMilliseconds: number; connectMilliseconds: number };

/**
 * For functions. The shortest function has ten seconds: after a call whose attempts all fail, it still has time to
 * report that (tests/infra/time-limits.checks.ts).
 */
export const functionLimits: CallLimits = {
  attempts: 3,
  attemptMilliseconds: 2500,
  connectMilliseconds: 1000,
};

/** For sending mail, which takes longer: the queue's functions have half a minute. */
export const mailLimits: CallLimits = { attempts: 3, attemptMilliseconds: 6000, connectMilliseconds: 1000 };

/** For the command line and the local run: no time-out is near, a busy machine is slow, and pollers wait. */
export const patientLimits: CallLimits = {
  attempts: 6,
  attemptMilliseconds: 30_000,
  connectMilliseconds: 5000,
};

type Body = { once(event: string, then: () => void): unknown; destroy(error: Error): unknown };
type Options = { abortSignal?: AbortSignal };
type Handler = { handle(request: unknown, options?: Options): Promise<{ response: { body?: unknown } }> };
type ClientClass<Client, Settings> = new (settings: Settings) => Client;

const tooLate = (): Error =>
  Object.assign(new Error('the service did not answer in time'), { name: 'TimeoutError' });

const isStream = (body: unknown): body is Body =>
  typeof body === 'object' && body !== null && 'once' in body && 'destroy' in body;

/**
 * The SDK's own time-out covers only the head of an answer; this one covers its last byte. It closes the socket, so
 * that nothing of the attempt goes on.
 */
const limitAttempts = (handler: Handler, milliseconds: number): void => {
  const handle = handler.handle.bind(handler);
  handler.handle = async (request, options = {}) => {
    const over = new AbortController();
    const { abortSignal: callerSignal } = options;
    const abortSignal = callerSignal ? AbortSignal.any([callerSignal, over.signal]) : over.signal;
    let giveUp = (error: Error): void => over.abort(error);
    const timer = setTimeout(() => giveUp(tooLate()), milliseconds);
    const done = (): void => clearTimeout(timer);
    try {
      const answer = await handle(request, { ...options, abortSignal });
      const { body } = answer.response;
      if (!isStream(body)) {
        done();
        return answer;
      }
      giveUp = (error) => body.destroy(error);
      for (const end of ['end', 'error', 'close']) body.once(end, done);
      callerSignal?.addEventListener('abort', () => body.destroy(tooLate()), { once: true });
      return answer;
    } catch (error) {
      done();
      throw over.signal.aborted ? tooLate() : error;
    }
  };
};

/** Makes every client of AWS, so that none lacks limits. */
export const awsClient = <
  Client extends { config: { requestHandler: unknown } },
  Settings extends object = object,
>(
  Class: ClientClass<Client, Settings>,
  { attempts, attemptMilliseconds, connectMilliseconds }: CallLimits,
  settings?: Settings,
): Client => {
  const client = new Class({
    ...settings,
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: connectMilliseconds },
  } as unknown as Settings);
  limitAttempts(client.config.requestHandler as Handler, attemptMilliseconds);
  return client;
};
