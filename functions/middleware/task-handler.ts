import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { beginLog, logger, loggable } from '../../shared/platform/log.ts';
import type { TimeLeft } from '../../shared/platform/time-limit.ts';
import { asMachineError } from './transient.ts';

type LambdaTaskHandler<Output> = (input: unknown, context: Context) => Promise<Output>;

/**
 * The frame of a task of the state machine. An error keeps its own `name`, by which the machine catches or retries it;
 * errors that pass by themselves, such as throttling, all become `TransientFailure`. The log shows a rejection by the
 * business as information, and every other error as an error.
 */
export const taskHandler = <Schema extends z.ZodType, Output>(
  schema: Schema,
  work: (input: z.output<Schema>, timeLeft: TimeLeft) => Promise<Output>,
): LambdaTaskHandler<Output> => {
  const handle = async (input: unknown, context: Context): Promise<Output> => {
    beginLog(context);
    try {
      return await work(schema.parse(input), () => context.getRemainingTimeInMillis());
    } catch (error) {
      const thrown = loggable(error);
      if (isBroken(error)) logger.error('a task failed', { thrown });
      else logger.info('a task ended with a named result', { error: thrown.name, why: thrown.message });
      throw asMachineError(error);
    }
  };
  return middy(handle, { timeoutEarlyInMillis: 0 });
};

/** Whether an error is a fault and not a decision: it comes from the language, zod or the AWS SDK. */
const isBroken = (thrown: unknown): boolean =>
  !(thrown instanceof Error) || '$fault' in thrown || builtInNames.has(thrown.name);

const builtInNames: ReadonlySet<string> = new Set([
  'AggregateError',
  'Error',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'ZodError',
]);
