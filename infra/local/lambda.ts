import { availableParallelism } from 'node:os';
import { startEnvironment } from './lambda-environment.ts';
import type { FunctionSettings } from './function-settings.ts';
import type { FunctionError, Reply } from './lambda-messages.ts';
import { makePool } from './lambda-pool.ts';
import type { LocalLog } from './local-log.ts';

export type Invocation =
  { outcome: 'returned'; payload: unknown } | { outcome: 'failed'; error: FunctionError };

export type LocalFunction = {
  settings: FunctionSettings;
  /** Runs it now, or as soon as an environment is free. Never throws: a failure is an outcome. */
  invoke(event: unknown): Promise<Invocation>;
  stop(): Promise<void>;
};

/** Lambda's limit of a synchronous invocation, each way. */
const payloadBytesMax = 6 * 1024 * 1024;

/**
 * A function with its environments: one request at a time in each, and only so many as this machine can feed; further
 * requests wait. (Lambda would go on to the account's limit, and then throttle.)
 */
export const makeFunction = (
  settings: FunctionSettings,
  log: LocalLog,
  environmentsMax = Math.min(10, 2 * Math.max(2, availableParallelism())),
): LocalFunction => {
  const pool = makePool(() => startEnvironment(settings, (text) => log.functions(text)), environmentsMax);
  let stopped = false;

  const run = async (event: string): Promise<Reply> => {
    const environment = await pool.acquire();
    try {
      return await environment.handle(event);
    } finally {
      pool.release(environment);
    }
  };

  return {
    settings,
    invoke: async (event) => {
      const text = JSON.stringify(event);
      if (stopped) return tooLate;
      if (Buffer.byteLength(text) > payloadBytesMax) return tooLarge('Request', 'request');
      const reply = await run(text);
      if (reply.kind === 'failed') {
        if (!stopped) log.failed(settings.title, reply.error);
        return { outcome: 'failed', error: reply.error };
      }
      if (Buffer.byteLength(reply.payload) > payloadBytesMax) return tooLarge('Response', 'response');
      return { outcome: 'returned', payload: JSON.parse(reply.payload) as unknown };
    },
    stop: async () => {
      stopped = true;
      await pool.stop();
    },
  };
};

const tooLarge = (which: 'Request' | 'Response', what: string): Invocation => ({
  outcome: 'failed',
  error: {
    errorType: `Function.${which}SizeTooLarge`,
    errorMessage: `the ${what} exceeds ${payloadBytesMax} bytes`,
  },
});

const tooLate: Invocation = {
  outcome: 'failed',
  error: { errorType: 'Lambda.ServiceException', errorMessage: 'the local run is stopping' },
};
