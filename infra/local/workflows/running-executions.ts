import { historyEvent, type HistoryEvent } from './execution-history.ts';
import type { Execution, Executions } from './executions.ts';
import { taskHandlers, type TaskWorld } from './state-machine-tasks.ts';
import type { Machine } from './state-machines.ts';

export type ExecutionEnd = Pick<Execution, 'status'> & Partial<Execution>;

export type RunningExecutions = {
  /** Runs a recorded execution to its end. */
  run(machine: Machine, execution: Execution): void;
  /** Ends an execution with this result, if it still runs. */
  end(execution: Execution, as: ExecutionEnd): void;
  /** Records and reports the end of an execution. */
  close(execution: Execution, as: ExecutionEnd): void;
  historyOf(arn: string): readonly HistoryEvent[];
  /** Abandons the executions. They stay recorded as running, and count as failed at the next start. */
  stop(): void;
};

/** Memory keeps the history of this many executions, the newest, for a person who asks what just happened. */
const historiesMax = 200;

/** The executions of this process, in the emulator. */
export const runExecutions = (
  executions: Executions,
  world: TaskWorld & { onStatus: (execution: Execution) => void },
): RunningExecutions => {
  const aborts = new Map<string, () => void>();
  const histories = new Map<string, HistoryEvent[]>();
  let isStopping = false;

  const close = (execution: Execution, as: ExecutionEnd) => {
    if (isStopping) return;
    aborts.delete(execution.arn);
    const closed = { ...execution, ...as, stoppedAt: world.clock.now() };
    executions.put(closed);
    world.onStatus(closed);
  };

  const record = async (arn: string, events: AsyncIterable<object>) => {
    const history: HistoryEvent[] = [];
    histories.set(arn, history);
    if (histories.size > historiesMax) histories.delete([...histories.keys()][0] ?? '');
    for await (const event of events) history.push(historyEvent(event, history.length + 1));
  };

  return {
    run: (machine, execution) => {
      const run = machine.runnable.run(JSON.parse(execution.input) as never, {
        overrides: { taskResourceLocalHandlers: taskHandlers(machine, world) as never },
        context: contextOf(machine, execution, world) as never,
      });
      void record(execution.arn, run.eventLogs);
      aborts.set(execution.arn, run.abort);
      run.result.then(
        (output) => close(execution, { status: 'SUCCEEDED', output: JSON.stringify(output) }),
        // The one who ended it from outside has already recorded the end.
        (thrown: Error) => aborts.has(execution.arn) && close(execution, endOf(thrown)),
      );
    },
    end: (execution, as) => {
      const abort = aborts.get(execution.arn);
      if (!abort) return;
      close(execution, as);
      abort();
    },
    close,
    historyOf: (arn) => histories.get(arn) ?? [],
    stop: () => {
      isStopping = true;
      for (const abort of aborts.values()) abort();
      world.tokens.abandon();
    },
  };
};

/** The content of `$$`. The token is one level down, because the emulator copies the top level when it starts. */
const contextOf = (machine: Machine, { arn, name }: Execution, { tokens }: TaskWorld) => ({
  Execution: { Id: arn, Name: name },
  StateMachine: { Id: machine.arn, Name: machine.name },
  Task: {
    // A new one for each Task and each retry of it.
    get Token() {
      return tokens.make();
    },
  },
});

const endOf = (thrown: Error): ExecutionEnd => {
  if (thrown.name === 'ExecutionTimeoutError') return { status: 'TIMED_OUT', error: 'States.Timeout' };
  if (thrown.name === 'ExecutionAbortedError') return { status: 'ABORTED' };
  const cause = thrown.cause instanceof Error ? thrown.cause : thrown;
  return { status: 'FAILED', error: cause.name, cause: cause.message };
};
