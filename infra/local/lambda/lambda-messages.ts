/** The data with which an execution environment starts. */
export type WorkerSetup = {
  /** URL of the bundle. */
  file: string;
  exportName: string;
  functionName: string;
  functionArn: string;
  memoryMegabytes: number;
};

/** One invocation: the event as JSON, and its time limit (machine time, never scaled). */
export type Request = { requestId: string; event: string; millisecondsMax: number };

/** An error as Lambda reports it: the type is the name of the error, and workflows branch by it. */
export type FunctionError = { errorType: string; errorMessage: string; trace?: string[] };

/** Sent once, after the bundle has loaded or failed to load. A request's time starts only then. */
export const ready = 'ready';

/** Asks the thread to end itself at its next pause. */
export const leave = 'leave';

export type Reply = { kind: 'returned'; payload: string } | { kind: 'failed'; error: FunctionError };
