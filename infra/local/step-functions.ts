import { StateMachine } from 'aws-local-stepfunctions';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError, type Operation } from './aws-json-server.ts';
import type { Deployment } from './deployment.ts';
import { openExecutions, type Execution } from './executions.ts';
import { historyEvent, type HistoryEvent } from './execution-history.ts';
import type { Invocation } from './lambda.ts';
import { checkDefinition, runnableDefinition, type Definition } from './state-machine-definition.ts';
import { taskHandlers, type TaskWorld } from './state-machine-tasks.ts';
import { absent, json } from './template-shapes.ts';

const stateMachineSchema = z.object({
  StateMachineType: z.literal('STANDARD').default('STANDARD'),
  DefinitionString: json.optional(),
  Definition: json.optional(),
  DefinitionSubstitutions: absent,
});

export type StepFunctions = {
  operations: Record<string, Operation>;
  /** Reports the executions that a restart has ended, once whoever listens is there. */
  reportInterrupted(): void;
  stop(): void;
};

type Machine = { arn: string; name: string; original: Definition; runnable: StateMachine };
type Running = { execution: Execution; abort(): void };

/** A history is kept in memory for so many executions. */
const historiesMax = 2000;

/**
 * Runs the template's state machines. Executions live in memory: those that a restart interrupts count as failed, and
 * are reported like any other failure. Names outlive it.
 */
export const openStepFunctions = (
  deployment: Deployment,
  world: TaskWorld & { file: string; onStatus: (execution: Execution) => void },
): StepFunctions => {
  const machines = new Map<string, Machine>();
  for (const { ref: arn, attributes, properties } of deployment.all(
    'AWS::StepFunctions::StateMachine',
    stateMachineSchema,
  )) {
    const name = attributes['Name'] ?? '';
    const original = (properties.DefinitionString ?? properties.Definition) as Definition;
    checkDefinition(name, original);
    const runnable = new StateMachine(runnableDefinition(original, world.clock.scale), {
      validationOptions: { noValidate: true },
    });
    machines.set(arn, { arn, name, original, runnable });
  }
  const executions = openExecutions(world.file, world.clock.now());
  const running = new Map<string, Running>();
  const histories = new Map<string, HistoryEvent[]>();
  let stopping = false;

  const close = (execution: Execution, end: Pick<Execution, 'status'> & Partial<Execution>) => {
    // What a stop interrupts stays marked as running, and counts as failed at the next start.
    if (stopping) return;
    running.delete(execution.arn);
    const closed = { ...execution, ...end, stoppedAt: world.clock.now() };
    executions.put(closed);
    world.onStatus(closed);
  };

  const interrupted = executions.all().filter(({ status }) => status === 'RUNNING');
  const interruption = {
    status: 'FAILED',
    error: 'Local.Restarted',
    cause: 'the local run was restarted',
  } as const;

  const follow = (machine: Machine, execution: Execution): void => {
    const input: unknown = JSON.parse(execution.input);
    const run = machine.runnable.run(input as never, {
      overrides: { taskResourceLocalHandlers: taskHandlers(machine.original, world) as never },
      context: {
        Execution: { Id: execution.arn, Name: execution.name },
        StateMachine: { Id: machine.arn, Name: machine.name },
        // Read anew by each Task, and by each retry of it; so it must not lie at the top, which is copied once.
        Task: {
          get Token() {
            return world.tokens.make();
          },
        },
      } as never,
    });
    const history: HistoryEvent[] = [];
    histories.set(execution.arn, history);
    if (histories.size > historiesMax) histories.delete([...histories.keys()][0] ?? '');
    void (async () => {
      for await (const event of run.eventLogs) history.push(historyEvent(event, history.length + 1));
    })();
    running.set(execution.arn, { execution, abort: run.abort });
    run.result.then(
      (output) => close(execution, { status: 'SUCCEEDED', output: JSON.stringify(output) }),
      (thrown: Error) => close(execution, endOf(thrown)),
    );
  };

  const start = ({ stateMachineArn, name = randomUUID(), input = '{}' }: StartInput) => {
    const machine = machines.get(stateMachineArn);
    if (!machine) throw new AwsError('StateMachineDoesNotExist', `no state machine ${stateMachineArn}`);
    const arn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const known = executions.find(arn);
    if (known?.status === 'RUNNING' && known.input === input) return startedOf(known);
    if (known)
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}' (${known.status})`);
    const execution: Execution = {
      arn,
      name,
      stateMachineArn,
      status: 'RUNNING',
      input,
      startedAt: world.clock.now(),
    };
    executions.put(execution);
    world.onStatus(execution);
    follow(machine, execution);
    return startedOf(execution);
  };

  const find = (arn: unknown): Execution => {
    const execution = executions.find(String(arn));
    if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${String(arn)}'`);
    return execution;
  };

  return {
    operations: {
      'AWSStepFunctions.StartExecution': (input) => start(readStart(input)),
      'AWSStepFunctions.DescribeExecution': ({ executionArn }) => described(find(executionArn)),
      'AWSStepFunctions.GetExecutionHistory': ({ executionArn, reverseOrder }) => {
        const events = histories.get(find(executionArn).arn) ?? [];
        return { events: reverseOrder === true ? events.toReversed() : events };
      },
      'AWSStepFunctions.ListExecutions': ({ stateMachineArn, statusFilter }) => ({
        executions: executions
          .all()
          .filter((each) => each.stateMachineArn === stateMachineArn)
          .filter(({ status }) => statusFilter === undefined || status === statusFilter)
          .toReversed()
          .map((each) => described(each)),
      }),
      'AWSStepFunctions.StopExecution': ({ executionArn, error, cause }) => {
        const execution = find(executionArn);
        const run = running.get(execution.arn);
        if (run) {
          close(execution, {
            status: 'ABORTED',
            ...(error !== undefined && { error: String(error) }),
            ...(cause !== undefined && { cause: String(cause) }),
          });
          run.abort();
        }
        return { stopDate: seconds(world.clock.now()) };
      },
      'AWSStepFunctions.SendTaskSuccess': ({ taskToken, output }) =>
        world.tokens.settle(taskToken, { outcome: 'returned', payload: readOutput(output) }),
      'AWSStepFunctions.SendTaskFailure': ({ taskToken, error, cause }) =>
        world.tokens.settle(taskToken, failedBy(error, cause)),
    },
    reportInterrupted: () => {
      for (const execution of interrupted) close(execution, interruption);
    },
    stop: () => {
      stopping = true;
      for (const { abort } of running.values()) abort();
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

const endOf = (thrown: Error): Pick<Execution, 'status' | 'error' | 'cause'> => {
  if (thrown.name === 'ExecutionTimeoutError') return { status: 'TIMED_OUT', error: 'States.Timeout' };
  if (thrown.name === 'ExecutionAbortedError') return { status: 'ABORTED' };
  const cause = thrown.cause instanceof Error ? thrown.cause : thrown;
  return { status: 'FAILED', error: cause.name, cause: cause.message };
};

const seconds = (milliseconds: number) => milliseconds / 1000;

const startedOf = ({ arn, startedAt }: Execution) => ({ executionArn: arn, startDate: seconds(startedAt) });

const described = ({ arn, startedAt, stoppedAt, ...rest }: Execution) => ({
  ...rest,
  ...startedOf({ arn, startedAt } as Execution),
  ...(stoppedAt !== undefined && { stopDate: seconds(stoppedAt) }),
});
