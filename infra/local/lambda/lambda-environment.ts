import { pathToFileURL } from 'node:url';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { leave, ready, type Reply, type Request, type WorkerSetup } from './lambda-messages.ts';
import type { FunctionSettings } from './function-settings.ts';

/** One running environment. It takes one request at a time; once it is `gone`, each is answered with why. */
export type Environment = {
  /** The bundle is loaded, or never will be. */
  loaded: Promise<void>;
  handle(event: string): Promise<Reply>;
  gone(): boolean;
  stop(): Promise<void>;
};

/** Does not count against a function's time-out. Lambda's own limit is ten seconds of a processor that is its own. */
const initialisationMillisecondsMax = 30_000;

/** By itself Node gives each of dozens of threads so much room for fresh objects that it is a third of what all take. */
const youngMegabytesMax = 8;

/** How long a thread may take to come to a pause in which it can end itself. */
const leavingMillisecondsMax = 2000;

const workerFile = pathToFileURL(join(import.meta.dirname, 'lambda-worker.ts'));

export const startEnvironment = (settings: FunctionSettings, log: (text: string) => void): Environment => {
  const worker = startWorker(settings);
  worker.stdout.on('data', (chunk: Buffer) => log(chunk.toString()));
  worker.stderr.on('data', (chunk: Buffer) => log(chunk.toString()));

  let lost: Reply | undefined;
  let settle: ((reply: Reply) => void) | undefined;
  const { promise: loaded, resolve: isLoaded } = Promise.withResolvers<void>();
  const fail = (errorType: string, errorMessage: string) => {
    lost ??= { kind: 'failed', error: { errorType, errorMessage } };
    isLoaded();
    settle?.(lost);
  };
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  /**
   * Node 24 aborts the whole process when a thread is terminated while it makes a zlib stream, as every read of a
   * packed item does. So it ends itself, between two callbacks; only one that never pauses is terminated.
   */
  const end = async (): Promise<void> => {
    worker.postMessage(leave);
    const terminating = setTimeout(() => void worker.terminate(), leavingMillisecondsMax);
    await exited;
    clearTimeout(terminating);
  };
  /** Ends the work for good, before it is done, as Lambda's own limits would. */
  const endAfter = (milliseconds: number, what: string): NodeJS.Timeout =>
    setTimeout(() => {
      fail('Sandbox.Timedout', `${what} timed out after ${(milliseconds / 1000).toFixed(2)} seconds`);
      void end();
    }, milliseconds);

  worker.on('message', (message: Reply | typeof ready) =>
    message === ready ? isLoaded() : settle?.(message),
  );
  // Thrown where nobody awaits, or out of memory: the environment is lost, and with it the request in it.
  worker.on('error', (error: Error) => {
    log(`${error.stack ?? error.message}\n`);
    fail(error.name, error.message);
  });
  worker.on('exit', (code) => fail('Runtime.ExitError', `Runtime exited with exit status ${code}`));
  const loading = endAfter(initialisationMillisecondsMax, 'its initialisation');
  void loaded.then(() => clearTimeout(loading));

  const handle = async (event: string): Promise<Reply> => {
    await loaded;
    if (lost) return lost;
    const requestId = randomUUID();
    const millisecondsMax = settings.timeoutSeconds * 1000;
    const { promise: reply, resolve } = Promise.withResolvers<Reply>();
    settle = resolve;
    const timer = endAfter(millisecondsMax, `request ${requestId}`);
    const request: Request = { requestId, event, millisecondsMax };
    worker.postMessage(request);
    return reply.finally(() => clearTimeout(timer));
  };

  return {
    loaded,
    handle,
    gone: () => lost !== undefined,
    stop: async () => {
      fail('Lambda.ServiceException', 'the local run is stopping');
      await end();
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
    resourceLimits: {
      maxOldGenerationSizeMb: settings.memoryMegabytes,
      maxYoungGenerationSizeMb: youngMegabytesMax,
    },
  });
};
