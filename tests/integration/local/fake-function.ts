import type { Invocation, LocalFunction } from '../../../infra/local/lambda/lambda.ts';
import type { LocalLog } from '../../../infra/local/run/local-log.ts';

/** A function that is called in this process: what is under test is who calls it, when and with what. */
export const fakeFunction = (name: string, work: (event: never) => unknown): LocalFunction => ({
  settings: {
    name,
    arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    title: name,
    file: '',
    exportName: 'handler',
    environment: {},
    timeoutSeconds: 3,
    memoryMegabytes: 128,
  },
  invoke: async (event): Promise<Invocation> => {
    try {
      return { outcome: 'returned', payload: (await work(event as never)) ?? null };
    } catch (thrown) {
      const { name: errorType, message: errorMessage } = thrown as Error;
      return { outcome: 'failed', error: { errorType, errorMessage, trace: [] } };
    }
  },
  stop: async () => undefined,
});

export const silent: LocalLog = {
  functions: () => undefined,
  say: () => undefined,
  failed: () => undefined,
};

/** An error with a name that a workflow catches by. */
export const named = (name: string): Error => Object.assign(new Error(`${name}!`), { name });
