import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError, type Operation } from '../http/aws-operation.ts';
import type { Deployment } from '../template/deployment.ts';
import { openExecutions, type Execution } from './executions.ts';
import type { Invocation } from '../lambda/lambda.ts';
import { runExecutions } from './running-executions.ts';
import type { TaskWorld } from './state-machine-tasks.ts';
import { readStateMachines } from './state-machines.ts';

export type StepFunctions = {
  operations: Record<string, Operation>;
  /** Reports the executions that a restart has ended. Call it after the listener is ready. */
  reportInterrupted(): void;
  stop(): void;
};

const interruption = {
  status: 'FAILED',
  error: 'Local.Restarted',
  cause: 'the local run was restarted',
} as const;

/**
 * Runs the template's state machines. Running executions are only in memory: an execution that a restart interrupts
 * counts as failed, and we report it like any other failure. Names survive a restart, in a file.
 */
export const openStepFunctions = (
  deployment: Deployment,
  world: TaskWorld & { file: string; onStatus: (execution: Execution) => void },
): StepFunctions => {
  const { clock, tokens, onStatus } = world;
  const machines = readStateMachines(deployment, clock.scale);
  const executions = openExecutions(world.file, clock.now());
  const running = runExecutions(executions, world);
  const interrupted = executions.running();

  const start = ({ stateMachineArn, name = randomUUID(), input = '{}' }: StartInput) => {
    const machine = machines.get(stateMachineArn);
    if (!machine) throw new AwsError('StateMachineDoesNotExist', `no state machine ${stateMachineArn}`);
    const arn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const known = executions.find(arn);
    if (known?.status === 'RUNNING' && known.input === input) return startedOf(known);
    if (known)
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}' (${known.status})`);
    const startedAt = clock.now();
    const execution: Execution = { arn, name, stateMachineArn, status: 'RUNNING', input, startedAt };
    executions.put(execution);
    onStatus(execution);
    running.run(machine, execution);
    return startedOf(execution);
  };

  const find = (arn: unknown): Execution => {
    const execution = executions.find(String(arn));
    if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${String(arn)}'`);
    return execution;
  };

  const operations: Record<string, Operation> = {
    StartExecution: (input) => start(readStart(input)),
    DescribeExecution: ({ executionArn }) => described(find(executionArn)),
    GetExecutionHistory: ({ executionArn, reverseOrder }) => {
      const events = running.historyOf(find(executionArn).arn);
      return { events: reverseOrder === true ? events.toReversed() : events };
    },
    ListExecutions: ({ stateMachineArn, statusFilter }) => ({
      executions: executions
        .list(String(stateMachineArn), statusFilter === undefined ? undefined : String(statusFilter))
        .map(described),
    }),
    StopExecution: ({ executionArn, error, cause }) => {
      running.end(find(executionArn), {
        status: 'ABORTED',
        ...(error !== undefined && { error: String(error) }),
        ...(cause !== undefined && { cause: String(cause) }),
      });
      return { stopDate: seconds(clock.now()) };
    },
    SendTaskSuccess: ({ taskToken, output }) =>
      tokens.settle(taskToken, { outcome: 'returned', payload: readOutput(output) }),
    SendTaskFailure: ({ taskToken, error, cause }) => tokens.settle(taskToken, failedBy(error, cause)),
  };

  return {
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, operation]) => [`AWSStepFunctions.${name}`, operation]),
    ),
    reportInterrupted: () => {
      for (const execution of interrupted) running.close(execution, interruption);
    },
    stop: () => {
      running.stop();
      executions.close();
    },
  };
};

const startSchema = z.object({
  stateMachineArn: z.string(),
  name: z
    .string()
    .regex(/^[\w.~=+@-]{1,80}$/)
    .optional(),
  input: z.string().optional(),
});
type StartInput = z.infer<typeof startSchema>;

const readStart = (input: unknown): StartInput => {
  const read = startSchema.safeParse(input);
  if (!read.success) throw new AwsError('InvalidName', z.prettifyError(read.error));
  try {
    JSON.parse(read.data.input ?? '{}');
  } catch {
    throw new AwsError('InvalidExecutionInput', 'the input is not JSON');
  }
  return read.data;
};

const readOutput = (output: unknown): unknown => {
  try {
    return JSON.parse(String(output));
  } catch {
    throw new AwsError('InvalidOutput', 'the output is not JSON');
  }
};

const failedBy = (error: unknown, cause: unknown): Invocation => ({
  outcome: 'failed',
  error: { errorType: String(error ?? ''), errorMessage: String(cause ?? '') },
});

const seconds = (milliseconds: number) => milliseconds / 1000;

const startedOf = ({ arn, startedAt }: Execution) => ({ executionArn: arn, startDate: seconds(startedAt) });

const described = ({ arn, startedAt, stoppedAt, ...rest }: Execution) => ({
  ...rest,
  ...startedOf({ arn, startedAt } as Execution),
  ...(stoppedAt !== undefined && { stopDate: seconds(stoppedAt) }),
});
