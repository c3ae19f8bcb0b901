import { pathToFileURL } from 'node:url';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ready, type Reply, type Request, type WorkerSetup } from './lambda-messages.ts';
import type { FunctionSettings } from './function-settings.ts';

/** One running environment. It takes one request at a time; once it is `gone` it takes none. */
export type Environment = {
  handle(event: string): Promise<Reply>;
  gone(): boolean;
  stop(): Promise<void>;
};

/** Lambda's own limit, which does not count against a function's time-out. */
const initialisationMillisecondsMax = 10_000;

const workerFile = pathToFileURL(join(import.meta.dirname, 'lambda-worker.ts'));

export const startEnvironment = (settings: FunctionSettings, log: (text: string) => void): Environment => {
  const worker = startWorker(settings);
  worker.stdout.on('data', (chunk: Buffer) => log(chunk.toString()));
  worker.stderr.on('data', (chunk: Buffer) => log(chunk.toString()));

  let isGone = false;
  let settle: ((reply: Reply) => void) | undefined;
  const fail = (errorType: string, errorMessage: string) => {
    isGone = true;
    settle?.({ kind: 'failed', error: { errorType, errorMessage } });
  };
  const { promise: loaded, resolve: isLoaded } = Promise.withResolvers<void>();
  worker.on('message', (message: Reply | typeof ready) =>
    message === ready ? isLoaded() : settle?.(message),
  );
  // Thrown where nobody awaits, or out of memory: the environment is lost, and with it the request in it.
  worker.on('error', (error: Error) => {
    log(`${error.stack ?? error.message}\n`);
    fail(error.name, error.message);
  });
  worker.on('exit', (code) => fail('Runtime.ExitError', `Runtime exited with exit status ${code}`));

  const handle = (event: string): Promise<Reply> =>
    new Promise((resolve) => {
      const requestId = randomUUID();
      let timer = endAfter(initialisationMillisecondsMax, 'its initialisation');
      settle = (reply) => {
        settle = undefined;
        clearTimeout(timer);
        resolve(reply);
      };
      void loaded.then(() => {
        clearTimeout(timer);
        if (!settle) return;
        const millisecondsMax = settings.timeoutSeconds * 1000;
        timer = endAfter(millisecondsMax, `request ${requestId}`);
        const request: Request = { requestId, event, millisecondsMax };
        worker.postMessage(request);
      });
    });

  /** Ends the work for good, in the middle of whatever it does, as Lambda's own limits would. */
  const endAfter = (milliseconds: number, what: string): NodeJS.Timeout =>
    setTimeout(() => {
      fail('Sandbox.Timedout', `${what} timed out after ${(milliseconds / 1000).toFixed(2)} seconds`);
      void worker.terminate();
    }, milliseconds);

  return {
    handle,
    gone: () => isGone,
    stop: async () => {
      isGone = true;
      await worker.terminate();
    },
  };
};

const startWorker = (settings: FunctionSettings): Worker => {
  const setup: WorkerSetup = {
    file: pathToFileURL(settings.file).href,
    exportName: settings.exportName,
    functionName: settings.name,
    functionArn: settings.arn,
    memoryMegabytes: settings.memoryMegabytes,
  };
  return new Worker(workerFile, {
    workerData: setup,
    env: settings.environment,
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: settings.memoryMegabytes },
  });
};
