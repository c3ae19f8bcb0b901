import { startEnvironment, type Environment } from './lambda-environment.ts';
import type { FunctionSettings } from './function-settings.ts';
import type { FunctionError, Reply } from './lambda-messages.ts';
import type { LocalLog } from './local-log.ts';

export type Invocation =
  { outcome: 'returned'; payload: unknown } | { outcome: 'failed'; error: FunctionError };

export type LocalFunction = {
  settings: FunctionSettings;
  /** Runs it now, or as soon as an environment is free. Never throws: a failure is an outcome. */
  invoke(event: unknown): Promise<Invocation>;
  stop(): Promise<void>;
};

const idleMillisecondsMax = 5 * 60_000;
/** Lambda's limits of a synchronous invocation. */
const payloadBytesMax = 6 * 1024 * 1024;

/**
 * A function with its environments: one request at a time in each, at most `environmentsMax` of them; further requests
 * wait. (Lambda would throttle at the account's limit instead.) Idle environments are given up after five minutes.
 */
export const makeFunction = (
  settings: FunctionSettings,
  log: LocalLog,
  environmentsMax = 10,
): LocalFunction => {
  const idle: { environment: Environment; timer: NodeJS.Timeout }[] = [];
  const all = new Set<Environment>();
  const waiting: ((environment: Environment) => void)[] = [];
  const write = (text: string) => log.functions(text);
  let stopped = false;

  const start = (): Environment => {
    const environment = startEnvironment(settings, write);
    all.add(environment);
    return environment;
  };

  const acquire = async (): Promise<Environment> => {
    for (let next = idle.pop(); next; next = idle.pop()) {
      clearTimeout(next.timer);
      if (!next.environment.gone()) return next.environment;
      all.delete(next.environment);
    }
    if (all.size < environmentsMax) return start();
    return new Promise((resolve) => waiting.push(resolve));
  };

  const release = (environment: Environment): void => {
    const next = waiting.shift();
    if (environment.gone()) {
      all.delete(environment);
      if (next) next(start());
      return;
    }
    if (next) return next(environment);
    const timer = setTimeout(() => {
      idle.splice(
        idle.findIndex((each) => each.environment === environment),
        1,
      );
      all.delete(environment);
      void environment.stop();
    }, idleMillisecondsMax).unref();
    idle.push({ environment, timer });
  };

  const run = async (event: string): Promise<Reply> => {
    const environment = await acquire();
    try {
      return await environment.handle(event);
    } finally {
      release(environment);
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
      for (const { timer } of idle) clearTimeout(timer);
      await Promise.all([...all].map((environment) => environment.stop()));
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
