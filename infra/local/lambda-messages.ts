/** What an execution environment is started with. */
export type WorkerSetup = {
  /** URL of the bundle. */
  file: string;
  exportName: string;
  functionName: string;
  functionArn: string;
  memoryMegabytes: number;
};

/** One invocation: the event as JSON, and until when it must be answered (machine time, never scaled). */
export type Request = { requestId: string; event: string; deadline: number };

/** An error as Lambda reports it: the type is the thrown error's name, and steers workflows. */
export type FunctionError = { errorType: string; errorMessage: string; trace?: string[] };

export type Reply = { kind: 'returned'; payload: string } | { kind: 'failed'; error: FunctionError };
