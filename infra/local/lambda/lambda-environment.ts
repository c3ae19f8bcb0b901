import { pathToFileURL } from 'node:url';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { leave, ready, type Reply, type Request, type WorkerSetup } from './lambda-messages.ts';
import type { FunctionSettings } from './function-settings.ts';

/**
 * One running environment. It takes one request at a time; after it is `gone`, it answers each request with the reason.
 */
export type Environment = {
  /** Resolves after the bundle has loaded or failed to load. */
  loaded: Promise<void>;
  handle(event: string): Promise<Reply>;
  gone(): boolean;
  stop(): Promise<void>;
};

/** Does not count towards a function's time-out. Lambda allows ten seconds, on a processor of its own. */
const initialisationMillisecondsMax = 30_000;

/**
 * Node's default gives each of dozens of threads so much room for new objects that this is a third of all memory in
 * use.
 */
const youngMegabytesMax = 8;

/** The time that a thread gets to reach a pause in which it can end itself. */
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
   * Node 24 aborts the whole process if we terminate a thread while it creates a zlib stream, as every read of a packed
   * item does. So the thread ends itself between two callbacks; we terminate only a thread that never pauses.
   */
  const end = async (): Promise<void> => {
    worker.postMessage(leave);
    const terminating = setTimeout(() => void worker.terminate(), leavingMillisecondsMax);
    await exited;
    clearTimeout(terminating);
  };
  /** Ends the work for good before it is done, as Lambda's own limits would. */
  const endAfter = (milliseconds: number, what: string): NodeJS.Timeout =>
    setTimeout(() => {
      fail('Sandbox.Timedout', `${what} timed out after ${(milliseconds / 1000).toFixed(2)} seconds`);
      void end();
    }, milliseconds);

  worker.on('message', (message: Reply | typeof ready) =>
    message === ready ? isLoaded() : settle?.(message),
  );
  // An error that nothing awaits, or no memory left: this loses the environment and its request.
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
