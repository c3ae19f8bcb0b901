import { pathToFileURL } from 'node:url';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Reply, Request, WorkerSetup } from './lambda-messages.ts';
import type { FunctionSettings } from './function-settings.ts';

/** One running environment. It takes one request at a time; once it is `gone` it takes none. */
export type Environment = {
  handle(event: string): Promise<Reply>;
  gone(): boolean;
  stop(): Promise<void>;
};

const workerFile = pathToFileURL(join(import.meta.dirname, 'lambda-worker.ts'));

export const startEnvironment = (settings: FunctionSettings, log: (text: string) => void): Environment => {
  const setup: WorkerSetup = {
    file: pathToFileURL(settings.file).href,
    exportName: settings.exportName,
    functionName: settings.name,
    functionArn: settings.arn,
    memoryMegabytes: settings.memoryMegabytes,
  };
  const worker = new Worker(workerFile, {
    workerData: setup,
    env: settings.environment,
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: settings.memoryMegabytes },
  });
  worker.stdout.on('data', (chunk: Buffer) => log(chunk.toString()));
  worker.stderr.on('data', (chunk: Buffer) => log(chunk.toString()));

  let isGone = false;
  let settle: ((reply: Reply) => void) | undefined;
  const fail = (errorType: string, errorMessage: string) => {
    isGone = true;
    settle?.({ kind: 'failed', error: { errorType, errorMessage } });
  };
  worker.on('message', (reply: Reply) => settle?.(reply));
  // Thrown where nobody awaits, or out of memory: the environment is lost, and with it the request in it.
  worker.on('error', (error: Error) => {
    log(`${error.stack ?? error.message}\n`);
    fail(error.name, error.message);
  });
  worker.on('exit', (code) => fail('Runtime.ExitError', `Runtime exited with exit status ${code}`));

  const handle = (event: string): Promise<Reply> =>
    new Promise((resolve) => {
      const requestId = randomUUID();
      const milliseconds = settings.timeoutSeconds * 1000;
      const timer = setTimeout(() => {
        // Ends the work for good, in the middle of whatever it does, as Lambda's own limit would.
        fail('Sandbox.Timedout', `${requestId} Task timed out after ${settings.timeoutSeconds}.00 seconds`);
        void worker.terminate();
      }, milliseconds);
      settle = (reply) => {
        settle = undefined;
        clearTimeout(timer);
        resolve(reply);
      };
      const request: Request = { requestId, event, deadline: Date.now() + milliseconds };
      worker.postMessage(request);
    });

  return {
    handle,
    gone: () => isGone,
    stop: async () => {
      isGone = true;
      await worker.terminate();
    },
  };
};
