import { availableParallelism } from 'node:os';
import { startEnvironment } from './lambda-environment.ts';
import type { FunctionSettings } from './function-settings.ts';
import type { FunctionError, Reply } from './lambda-messages.ts';
import { makePool } from './lambda-pool.ts';
import type { LocalLog } from '../run/local-log.ts';
import { makeTurns } from './waiting-line.ts';

/** Why a request did not even start. */
export type Refusal = 'busy' | 'gone' | 'too large';

export type Invocation =
  { outcome: 'returned'; payload: unknown } | { outcome: 'failed'; error: FunctionError; refusal?: Refusal };

/** A caller who waits for the answer and can be asked to retry. `gone` aborts when this caller no longer waits. */
export type Caller = { gone: AbortSignal };

export type LocalFunction = {
  settings: FunctionSettings;
  /**
   * Runs it now, or as soon as an environment is free and its turn has come; its time starts only then. A request with
   * a caller is refused if too many already wait, if its turn takes more than a few seconds, or if the caller leaves
   * first; other requests wait as long as it takes. Never throws: a failure is an outcome.
   */
  invoke(event: unknown, caller?: Caller): Promise<Invocation>;
  stop(): Promise<void>;
};

/** Lambda's limits for a synchronous invocation; an answer may have a hundred bytes more. */
const requestBytesMax = 6 * 1024 * 1024;
const responseBytesMax = requestBytesMax + 100;

/** The number of requests that may wait for each environment. Their turn comes well before the gateway's time limit. */
const waitingPerEnvironment = 8;

/**
 * A cold rush needs environments of many functions at once. If more start than the machine has cores, all of them are
 * late.
 */
const loading = makeTurns(availableParallelism());

/**
 * Limits the work of all functions together to what this machine can run. A function's time passes while others use the
 * processor, so with too many at once all would miss their limit. Requests with a waiting caller and background
 * requests take separate turns, so that neither delays the other.
 */
const workersMax = 2 * Math.max(2, availableParallelism());
const turns = { answered: makeTurns(workersMax), unattended: makeTurns(workersMax) };

/** Work that may take minutes mostly waits for others, so it takes no turn. */
const longSeconds = 60;

/**
 * A waiting caller gets its turn within this time or the answer that the function is busy. The function still has its
 * whole time.
 */
const waitMillisecondsMax = 4000;

/**
 * A function with its environments: one request at a time in each, and only as many as this machine can run. Some
 * further requests wait. Lambda would add environments up to the account's limit and then throttle; here, the limits
 * are what this machine can run and how many may wait.
 */
export const makeFunction = (
  settings: FunctionSettings,
  log: LocalLog,
  environmentsMax = Math.min(10, 2 * Math.max(2, availableParallelism())),
  waitMilliseconds = waitMillisecondsMax,
): LocalFunction => {
  const pool = makePool(() => startEnvironment(settings, (text) => log.functions(text)), {
    max: environmentsMax,
    waitingMax: waitingPerEnvironment * environmentsMax,
    loading,
  });
  let stopped = false;

  const turnFor = async (caller: Caller | undefined, tired: AbortSignal | undefined) => {
    if (settings.timeoutSeconds > longSeconds) return () => undefined;
    return (caller ? turns.answered : turns.unattended).take(tired);
  };

  const run = async (event: string, caller?: Caller): Promise<Reply | 'busy' | 'gone'> => {
    const tired = caller && AbortSignal.any([caller.gone, AbortSignal.timeout(waitMilliseconds)]);
    const refusal = () => (caller?.gone.aborted ? 'gone' : 'busy');
    const environment = await pool.acquire(tired);
    if (typeof environment === 'string') return environment === 'gone' ? refusal() : environment;
    const endTurn = await turnFor(caller, tired);
    try {
      return endTurn === 'gone' ? refusal() : await environment.handle(event);
    } finally {
      if (endTurn !== 'gone') endTurn();
      pool.release(environment);
    }
  };

  return {
    settings,
    invoke: async (event, caller) => {
      const text = JSON.stringify(event);
      if (stopped) return tooLate;
      if (Buffer.byteLength(text) > requestBytesMax) return requestTooLarge;
      const reply = await run(text, caller);
      if (typeof reply === 'string') return refused[reply];
      if (reply.kind === 'failed') {
        if (!stopped) log.failed(settings.title, reply.error);
        return { outcome: 'failed', error: reply.error };
      }
      if (Buffer.byteLength(reply.payload) > responseBytesMax) return responseTooLarge;
      return { outcome: 'returned', payload: JSON.parse(reply.payload) as unknown };
    },
    stop: async () => {
      stopped = true;
      await pool.stop();
    },
  };
};

const requestTooLarge: Invocation = {
  outcome: 'failed',
  refusal: 'too large',
  error: {
    errorType: 'RequestEntityTooLargeException',
    errorMessage: `Request must be smaller than ${requestBytesMax} bytes for the InvokeFunction operation`,
  },
};

const responseTooLarge: Invocation = {
  outcome: 'failed',
  error: {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${responseBytesMax} bytes).`,
  },
};

const refused: Record<'busy' | 'gone', Invocation> = {
  busy: {
    outcome: 'failed',
    refusal: 'busy',
    error: { errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' },
  },
  gone: {
    outcome: 'failed',
    refusal: 'gone',
    error: { errorType: 'Local.CallerGone', errorMessage: 'the caller no longer waits for the answer' },
  },
};

const tooLate: Invocation = {
  outcome: 'failed',
  error: { errorType: 'Lambda.ServiceException', errorMessage: 'the local run is stopping' },
};
