import * as z from 'zod';
import { templatesFolder } from '../../infra/local/run/paths.ts';
import { readTemplates } from '../../infra/local/template/template.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import { accepted, rejected, type Outcome } from '../../shared/platform/outcome.ts';
import type { Invoked, Scheduler, Actor } from './scheduler.ts';

const retrierSchema = z.object({
  ErrorEquals: z.array(z.string()),
  IntervalSeconds: z.number().default(1),
  MaxAttempts: z.number().default(3),
  BackoffRate: z.number().default(2),
  MaxDelaySeconds: z.number().optional(),
  JitterStrategy: z.literal('FULL').optional(),
});
const taskSchema = z.strictObject({
  Type: z.literal('Task'),
  Comment: z.string().optional(),
  Resource: z.string(),
  Parameters: z
    .object({
      FunctionName: z.string(),
      Payload: z.strictObject({
        'orderId.$': z.literal('$.orderId'),
        'taskToken.$': z.literal('$$.Task.Token'),
      }),
    })
    .optional(),
  TimeoutSeconds: z.number().optional(),
  TimeoutSecondsPath: z.literal('$.secondsLeft').optional(),
  ResultPath: z.null().optional(),
  Next: z.string().optional(),
  End: z.literal(true).optional(),
  Retry: z.array(retrierSchema).default([]),
  Catch: z
    .array(z.strictObject({ ErrorEquals: z.array(z.string()), ResultPath: z.null(), Next: z.string() }))
    .default([]),
});
const definitionSchema = z.object({
  StartAt: z.string(),
  States: z.record(z.string(), z.union([taskSchema, z.object({ Type: z.literal('Succeed') })])),
});
type Task = z.infer<typeof taskSchema>;

const aliasSchema = z.object({ FunctionName: z.object({ Ref: z.string() }) });

/** The machine as it is synthesized; anything it uses that is not walked below does not parse. */
export const readDefinition = (): z.infer<typeof definitionSchema> => {
  const resources = readTemplates(templatesFolder).flatMap((template) => Object.entries(template.Resources));
  const [, machine] = resources.find(([, { Type }]) => Type === 'AWS::StepFunctions::StateMachine') ?? [];
  const functionBehind = new Map(
    resources
      .filter(([, { Type }]) => Type === 'AWS::Lambda::Alias')
      .map(([id, { Properties }]) => [id, aliasSchema.parse(Properties).FunctionName.Ref]),
  );
  const joined = z
    .object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) })
    .parse(machine?.Properties?.['DefinitionString']);
  // A reference to a function, or to its alias, stands for the function's logical id.
  const text = joined['Fn::Join'][1].map((part) => {
    if (typeof part === 'string') return part;
    const id = String(Object.values(part as object).flat()[0]);
    return functionBehind.get(id) ?? id;
  });
  return definitionSchema.parse(JSON.parse(text.join('')));
};

/** `WorkflowClosePayment69F54028` → `ClosePayment`. */
const functionOf = ({ Resource, Parameters }: Task): string =>
  /^Workflow(\w+)[0-9A-F]{8}$/.exec(Parameters?.FunctionName ?? Resource)?.[1] ?? Resource;

export type Input = { orderId: OrderId; taskToken?: string };
type Output = { orderId?: OrderId; secondsLeft?: number } | void;
export type TaskWork = (actor: Actor, input: Input) => Promise<Output>;

type Execution = {
  name: string;
  orderId: OrderId;
  execution: number;
  status: 'running' | 'succeeded' | 'failed';
  secondsLeft: number;
};
type Ended = { output: Output } | { error: string };

export type StateMachine = ReturnType<typeof makeStateMachine>;

/**
 * Walks executions of the real definition under simulated time: tasks with their time-outs, `Retry` with its jitter,
 * `Catch`, and tokens. An execution may be lost on its way; then its failure is reported, or not even that.
 */
export const makeStateMachine = (
  scheduler: Scheduler,
  {
    tasks,
    loses,
    died,
    failed,
  }: {
    tasks: Readonly<Record<string, TaskWork>>;
    loses: () => boolean;
    died: (orderId: OrderId, execution: number) => void;
    failed: (name: string, error: unknown) => void;
  },
) => {
  const definition = readDefinition();
  const { after, seed, note, invoke } = scheduler;
  const executions = new Map<string, Execution>();
  const tokens = new Map<string, (ended: Ended) => void>();
  let tokenCount = 0;

  const end = (execution: Execution, status: 'succeeded' | 'failed', why = ''): void => {
    execution.status = status;
    note(`execution ${execution.name} ${status} ${why}`);
    if (status === 'failed') died(execution.orderId, execution.execution);
  };

  /** A time-out's error counts as the function's death where the function died. */
  const endOf = (name: string, result: Invoked<{ secondsLeft?: number } | void>, crashed: boolean): Ended => {
    if (result === 'gone')
      return { error: crashed ? seed.pick(['Sandbox.Timedout', 'Lambda.Unknown']) : 'States.Timeout' };
    if ('answer' in result) return { output: result.answer };
    failed(name, result.error);
    return { error: result.error instanceof Error ? result.error.name : 'Error' };
  };

  const runTask = async (execution: Execution, task: Task): Promise<Ended> => {
    const name = functionOf(task);
    const work = tasks[name];
    if (!work) throw new Error(`the machine calls ${name}, which is not simulated`);
    if (!task.Parameters) {
      let actor: Actor | undefined;
      const result = await invoke(name, task.TimeoutSeconds ?? 60, (own) => {
        actor = own;
        return work(own, { orderId: execution.orderId });
      });
      return endOf(name, result, actor?.crashed ?? false);
    }
    return waitForToken(execution, name, work);
  };

  const waitForToken = (execution: Execution, name: string, work: TaskWork): Promise<Ended> =>
    new Promise((resolve) => {
      const taskToken = `token-${(tokenCount += 1)}`;
      const settle = (ended: Ended): void => {
        tokens.delete(taskToken);
        resolve(ended);
      };
      tokens.set(taskToken, settle);
      after(execution.secondsLeft * 1000, () => settle({ error: 'States.Timeout' }));
      void invoke(name, 30, (actor) => work(actor, { orderId: execution.orderId, taskToken })).then(
        (result) => {
          if (result === 'gone') settle({ error: 'Sandbox.Timedout' });
          else if ('error' in result) settle(endOf(name, result, false));
        },
      );
    });

  const retryAfter = (task: Task, error: string, tried: number[]): number | undefined => {
    const index = task.Retry.findIndex(({ ErrorEquals }) => ErrorEquals.includes(error));
    const retrier = task.Retry[index];
    const before = tried[index] ?? 0;
    if (!retrier || before >= retrier.MaxAttempts) return undefined;
    tried[index] = before + 1;
    const full = Math.min(
      retrier.IntervalSeconds * retrier.BackoffRate ** before,
      retrier.MaxDelaySeconds ?? Infinity,
    );
    return retrier.JitterStrategy ? full * seed.fraction() : full;
  };

  const enter = async (execution: Execution, stateName: string): Promise<void> => {
    const state = definition.States[stateName];
    if (!state) throw new Error(`the machine has no state ${stateName}`);
    if (state.Type === 'Succeed') return end(execution, 'succeeded', stateName);
    note(`execution ${execution.name} enters ${stateName}`);
    const tried: number[] = [];
    for (;;) {
      if (loses()) return end(execution, 'failed', 'lost');
      const ended = await runTask(execution, state);
      if (!('error' in ended)) {
        if (state.ResultPath === undefined)
          execution.secondsLeft = ended.output?.secondsLeft ?? execution.secondsLeft;
        return state.Next ? enter(execution, state.Next) : end(execution, 'succeeded', stateName);
      }
      const seconds = retryAfter(state, ended.error, tried);
      if (seconds === undefined) {
        const caught = state.Catch.find(({ ErrorEquals }) => ErrorEquals.includes(ended.error));
        return caught
          ? enter(execution, caught.Next)
          : end(execution, 'failed', `${stateName} ${ended.error}`);
      }
      await new Promise<void>((resolve) => {
        after(seconds * 1000, resolve);
      });
    }
  };

  return {
    running: () => [...executions.values()].filter(({ status }) => status === 'running').length,
    started: () => executions.size,
    start: (orderId: OrderId, execution: number): Outcome<object, 'ended-before'> => {
      const name = `${orderId}-${execution}`;
      const known = executions.get(name);
      if (known) return known.status === 'running' ? accepted({}) : rejected('ended-before');
      const fresh: Execution = { name, orderId, execution, status: 'running', secondsLeft: 1 };
      executions.set(name, fresh);
      after(seed.spread(10, 500), () => void enter(fresh, definition.StartAt));
      return accepted({});
    },
    /** A token that nobody waits for any more is no error (platform/step-functions.ts). */
    succeed: (token: string): void => tokens.get(token)?.({ output: undefined }),
    fail: (token: string, error: string): void => tokens.get(token)?.({ error }),
  };
};
