import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { awsClient, functionLimits } from './aws-client.ts';
import { required } from './config.ts';
import { accepted, rejected, type Outcome } from './outcome.ts';

let client: SFNClient | undefined;
const sfn = (): SFNClient => (client ??= awsClient(SFNClient, functionLimits));

/**
 * Starts an execution. Step Functions accepts a name once in 90 days; while that execution runs with the same input,
 * starting it again succeeds. `ended-before`: an execution with this name has already ended.
 */
export const startExecution = async (
  name: string,
  input: object,
): Promise<Outcome<object, 'ended-before'>> => {
  try {
    await sfn().send(
      new StartExecutionCommand({
        stateMachineArn: required('PURCHASE_STATE_MACHINE_ARN'),
        name,
        input: JSON.stringify(input),
      }),
    );
    return accepted({});
  } catch (error) {
    if (error instanceof ExecutionAlreadyExists) return rejected('ended-before');
    throw error;
  }
};

/** A token for which nobody waits any more is no error: another way was quicker, or the execution has ended. */
const isStale = (error: unknown): boolean =>
  error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken;

const answering = async (answer: Promise<unknown>): Promise<void> => {
  try {
    await answer;
  } catch (error) {
    if (!isStale(error)) throw error;
  }
};

/** Makes a waiting task continue. */
export const succeedTask = (taskToken: string, output: object): Promise<void> =>
  answering(sfn().send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })));

/** Ends a waiting task with a named error, which the state machine catches. */
export const failTask = (taskToken: string, error: string): Promise<void> =>
  answering(sfn().send(new SendTaskFailureCommand({ taskToken, error })));
