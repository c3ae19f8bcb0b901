import { availableParallelism } from 'node:os';
import { startEnvironment } from './lambda-environment.ts';
import type { FunctionSettings } from './function-settings.ts';
import type { FunctionError, Reply } from './lambda-messages.ts';
import { makePool } from './lambda-pool.ts';
import type { LocalLog } from '../run/local-log.ts';
import { makeTurns } from './waiting-line.ts';

/** Why a request did not even begin. */
export type Refusal = 'busy' | 'gone' | 'too large';

export type Invocation =
  { outcome: 'returned'; payload: unknown } | { outcome: 'failed'; error: FunctionError; refusal?: Refusal };

/** Somebody who waits for the answer and can be told to come again. `gone` is aborted when nobody waits any more. */
export type Caller = { gone: AbortSignal };

export type LocalFunction = {
  settings: FunctionSettings;
  /**
   * Runs it now, or as soon as an environment is free and its turn has come; its time begins only then. A caller who is
   * named is refused where too many wait already, where its turn does not come for seconds, or when it has gone before
   * that; others wait as long as it takes. Never throws: a failure is an outcome.
   */
  invoke(event: unknown, caller?: Caller): Promise<Invocation>;
  stop(): Promise<void>;
};

/** Lambda's limits of a synchronous invocation; an answer may have a hundred bytes more. */
const requestBytesMax = 6 * 1024 * 1024;
const responseBytesMax = requestBytesMax + 100;

/** So many may wait for each environment: their turn comes well before the gateway gives them up. */
const waitingPerEnvironment = 8;

/** A cold rush wants environments of many functions at once: more than the machine has cores would all be late. */
const loading = makeTurns(availableParallelism());

/**
 * Of all functions together no more work than this machine can feed: a function's time passes while others have the
 * processor, so that too many at once would all be too late. Who waits for an answer and what nobody waits for take
 * turns of their own, since the one must not keep the other from its turn.
 */
const workersMax = 2 * Math.max(2, availableParallelism());
const turns = { answered: makeTurns(workersMax), unattended: makeTurns(workersMax) };

/** What may take minutes waits for others most of them, and takes no turn. */
const longSeconds = 60;

/** Whoever waits for an answer has its turn by then, or hears that it is busy: the function still has its whole time. */
const waitMillisecondsMax = 4000;

/**
 * A function with its environments: one request at a time in each, and only so many as this machine can feed. Further
 * requests wait, some of them. Lambda would add environments up to the account's limit, and then throttle; this
 * machine's limit is what it feeds and what may wait.
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
