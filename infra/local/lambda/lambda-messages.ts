/** What an execution environment is started with. */
export type WorkerSetup = {
  /** URL of the bundle. */
  file: string;
  exportName: string;
  functionName: string;
  functionArn: string;
  memoryMegabytes: number;
};

/** One invocation: the event as JSON, and how long it may take (machine time, never scaled). */
export type Request = { requestId: string; event: string; millisecondsMax: number };

/** An error as Lambda reports it: the type is the thrown error's name, and steers workflows. */
export type FunctionError = { errorType: string; errorMessage: string; trace?: string[] };

/** Sent once, when the bundle is loaded or has failed to: only then a request's time begins. */
export const ready = 'ready';

/** Asks the thread to end itself, which it does as soon as it comes to a pause. */
export const leave = 'leave';

export type Reply = { kind: 'returned'; payload: string } | { kind: 'failed'; error: FunctionError };
