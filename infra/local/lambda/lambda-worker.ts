import { parentPort, workerData } from 'node:worker_threads';
import { leave, ready, type Reply, type Request, type WorkerSetup } from './lambda-messages.ts';

/**
 * One execution environment of a function: a thread with its own environment that loads the bundle once and then
 * handles one request after another, as on AWS.
 */
const setup = workerData as WorkerSetup;
const port = parentPort;
if (!port) throw new Error('this file runs as a worker thread only');

type Handler = (event: unknown, context: object) => unknown;

const failure = (thrown: unknown): Reply => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    kind: 'failed',
    error: { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') },
  };
};

const load = async (): Promise<Handler> => {
  const module = (await import(setup.file)) as Record<string, unknown>;
  const handler = module[setup.exportName];
  if (typeof handler !== 'function') throw new TypeError(`${setup.exportName} is not exported as a function`);
  return handler as Handler;
};

const contextOf = (requestId: string, deadline: number) => ({
  awsRequestId: requestId,
  callbackWaitsForEmptyEventLoop: true,
  functionName: setup.functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: setup.functionArn,
  logGroupName: `/aws/lambda/${setup.functionName}`,
  logStreamName: 'local/[$LATEST]',
  memoryLimitInMB: String(setup.memoryMegabytes),
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
});

const loading = load();
// The first request reports a failure, as Lambda reports a failed initialisation.
const loaded = loading.then(
  () => undefined,
  () => undefined,
);
void loaded.then(() => port.postMessage(ready));

const answer = async (request: Request): Promise<Reply> => {
  const deadline = Date.now() + request.millisecondsMax;
  try {
    const handler = await loading;
    const returned = await handler(JSON.parse(request.event), contextOf(request.requestId, deadline));
    return { kind: 'returned', payload: JSON.stringify(returned ?? null) };
  } catch (thrown) {
    return failure(thrown);
  }
};

port.on('message', (message: Request | typeof leave) => {
  if (message === leave) process.exit();
  void answer(message).then((reply) => port.postMessage(reply));
});
