import type { FunctionError } from '../lambda/lambda-messages.ts';
import type { Invocation, LocalFunction } from '../lambda/lambda.ts';
import type { LocalClock } from '../run/local-clock.ts';
import { taskKindOf, type TaskKind } from './state-machine-definition.ts';
import type { Machine } from './state-machines.ts';
import type { TaskTokens } from './task-tokens.ts';

export type TaskWorld = {
  clock: LocalClock;
  tokens: TaskTokens;
  /** By name or ARN. */
  functionOf(nameOrArn: string): LocalFunction;
};

/** What the wrapped definition sends: see `runnableDefinition`. */
type TaskInput = { payload: unknown; timeoutSeconds: number | null };
type TaskHandler = (input: TaskInput) => Promise<unknown>;

/** An error that `Retry` and `Catch` match by its name; they cannot handle a `final` one. */
class TaskError extends Error {
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;
  constructor(name: string, cause: string, final = false) {
    super(cause);
    this.name = name;
    this.isRetryable = !final;
    this.isCatchable = !final;
  }
}

/**
 * A handler for each Task state: it calls the function, waits for a token if the state asks for it, and enforces the
 * time-out.
 */
export const taskHandlers = (machine: Machine, world: TaskWorld): Record<string, TaskHandler> =>
  Object.fromEntries(
    Object.entries(machine.original.States).flatMap(([name, state]) => {
      const kind = state.Type === 'Task' ? taskKindOf(state) : undefined;
      return kind ? [[name, (input: TaskInput) => runTask(kind, input, permitted(machine, world))]] : [];
    }),
  );

/** A role that lacks a grant fails the task with this error of AWS's, which says nothing of the grant in its name. */
const permitted = ({ refusalOf }: Machine, world: TaskWorld): TaskWorld => ({
  ...world,
  functionOf: (nameOrArn) => {
    const target = world.functionOf(nameOrArn);
    const refusal = refusalOf(nameOrArn.startsWith('arn:') ? nameOrArn : target.settings.arn);
    if (refusal !== undefined) throw new TaskError('Lambda.AWSLambdaException', refusal);
    return target;
  },
});

const runTask = async (kind: TaskKind, input: TaskInput, world: TaskWorld): Promise<unknown> => {
  if (kind.kind === 'function') {
    const invoked = world.functionOf(kind.functionArn).invoke(input.payload);
    return outputOf(await within(input, world.clock, invoked));
  }
  const { FunctionName, Payload } = input.payload as { FunctionName: string; Payload: unknown };
  const invoke = () => world.functionOf(FunctionName).invoke(Payload);
  if (kind.waitsForToken) return untilAnswered(input, Payload, world, invoke);
  const returned = outputOf(await within(input, world.clock, invoke()));
  return { ExecutedVersion: '$LATEST', Payload: returned, StatusCode: 200 };
};

/** Only the function's failure counts here, not its result: the Task ends when somebody answers its token. */
const untilAnswered = async (
  input: TaskInput,
  payload: unknown,
  { tokens, clock }: TaskWorld,
  invoke: () => Promise<Invocation>,
): Promise<unknown> => {
  const { answer, forget } = tokens.answerOf(tokenIn(payload, tokens));
  const failed = invoke().then((invocation) =>
    invocation.outcome === 'failed' ? invocation : new Promise<never>(() => undefined),
  );
  try {
    return outputOf(await within(input, clock, Promise.race([answer, failed])));
  } finally {
    forget();
  }
};

/** The token of `$$.Task.Token`, somewhere in the function's input. */
const tokenIn = (value: unknown, tokens: TaskTokens): string => {
  const texts = (inner: unknown): string[] => {
    if (typeof inner === 'string') return [inner];
    return typeof inner === 'object' && inner !== null ? Object.values(inner).flatMap(texts) : [];
  };
  const token = texts(value).find((text) => tokens.isOpen(text));
  if (!token)
    throw new TaskError(
      'States.Runtime',
      'a task that waits for its token does not send $$.Task.Token',
      true,
    );
  return token;
};

/** Timers of the real service are late rather than early, and our functions compare their end with the clock. */
const lateMilliseconds = 20;

const within = async (
  { timeoutSeconds }: TaskInput,
  clock: LocalClock,
  work: Promise<Invocation>,
): Promise<Invocation> => {
  if (timeoutSeconds === null) return work;
  if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 1)
    throw new TaskError('States.Runtime', `${timeoutSeconds} is not a time-out in whole seconds`, true);
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new TaskError('States.Timeout', '')),
    clock.realMilliseconds(timeoutSeconds * 1000) + lateMilliseconds,
  );
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
};

const outputOf = (invocation: Invocation): unknown => {
  if (invocation.outcome === 'returned') return invocation.payload;
  const { errorType } = invocation.error;
  throw new TaskError(errorType, causeOf(invocation.error));
};

/** The cause of a failed function is the JSON of its error; a Task that somebody fails from outside has their text. */
const causeOf = (error: FunctionError): string =>
  error.trace === undefined ? error.errorMessage : JSON.stringify(error);
