import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { LocalRunError } from '../run/ports.ts';

type State = Record<string, unknown> & { Type: string };
export type Definition = {
  StartAt: string;
  States: Record<string, State>;
  TimeoutSeconds?: number;
} & Record<string, unknown>;

/** How to run a Task state, according to its resource. */
export type TaskKind = { kind: 'function'; functionArn: string } | { kind: 'invoke'; waitsForToken: boolean };

const lambdaInvoke = /^arn:aws:states:::lambda:invoke(\.waitForTaskToken)?$/;
const functionArn = /^arn:aws:lambda:[^:]*:[^:]*:function:/;

export const taskKindOf = (state: State): TaskKind | undefined => {
  const resource = String(state['Resource']);
  const invoke = lambdaInvoke.exec(resource);
  if (invoke) return { kind: 'invoke', waitsForToken: invoke[1] !== undefined };
  return functionArn.test(resource) ? { kind: 'function', functionArn: resource } : undefined;
};

/** Fields that the emulator would ignore or treat otherwise than AWS: an error is better than a silent difference. */
const refusalOf = (state: State): string | undefined => {
  if (state['QueryLanguage'] !== undefined && state['QueryLanguage'] !== 'JSONPath') return 'uses JSONata';
  if ('Assign' in state) return 'assigns variables';
  if ('HeartbeatSeconds' in state || 'HeartbeatSecondsPath' in state) return 'has a heartbeat';
  if (state.Type === 'Map' || state.Type === 'Parallel') return `is of type ${state.Type}`;
  if (state.Type === 'Task' && !taskKindOf(state)) return `calls ${String(state['Resource'])}`;
  const handled = [state['Retry'], state['Catch']]
    .flat()
    .map((each) => (each ?? {}) as { ErrorEquals?: string[] });
  if (handled.some(({ ErrorEquals }) => ErrorEquals?.includes('States.TaskFailed')))
    return 'handles States.TaskFailed, which the emulator takes for States.Timeout too';
  return undefined;
};

/** Throws an error that names the state if a definition is invalid or cannot run here as it would on AWS. */
export const checkDefinition = (name: string, definition: Definition): void => {
  if (definition['QueryLanguage'] !== undefined && definition['QueryLanguage'] !== 'JSONPath')
    throw new LocalRunError(`${name}: the local run does not support JSONata`);
  for (const [stateName, state] of Object.entries(definition.States)) {
    const refusal = refusalOf(state);
    if (refusal)
      throw new LocalRunError(`${name}: state ${stateName} ${refusal}: the local run does not support that`);
  }
  new StateMachine(asDefinition(definition));
};

/**
 * The definition that we run: we divide its times by the scale, and wrap each Task so that our own handler receives
 * both the function's input and the time-out. The emulator would look for the time-out's path in the function's input,
 * while AWS looks in the state's input; and it ends every Task without a time-out after a minute.
 */
export const runnableDefinition = (definition: Definition, scale: number): StateMachineDefinition =>
  asDefinition({
    ...definition,
    ...(definition.TimeoutSeconds !== undefined && { TimeoutSeconds: definition.TimeoutSeconds / scale }),
    States: Object.fromEntries(
      Object.entries(definition.States).map(([name, state]) => [name, runnableState(state, scale)]),
    ),
  });

const taskSecondsMax = 2_000_000;

const runnableState = (state: State, scale: number): State => {
  if (state.Type === 'Wait' && typeof state['Seconds'] === 'number')
    return { ...state, Seconds: state['Seconds'] / scale };
  if (state.Type !== 'Task') return state;
  const { TimeoutSeconds, TimeoutSecondsPath, Parameters, Retry, ...rest } = state;
  const wrapped = {
    ...(Parameters === undefined ? { 'payload.$': '$' } : { payload: Parameters }),
    ...(TimeoutSecondsPath === undefined
      ? { timeoutSeconds: TimeoutSeconds ?? null }
      : { 'timeoutSeconds.$': TimeoutSecondsPath }),
  };
  return {
    ...rest,
    Parameters: wrapped,
    TimeoutSeconds: taskSecondsMax,
    ...(Array.isArray(Retry) && { Retry: Retry.map((retrier) => scaledRetrier(retrier, scale)) }),
  };
};

type Retrier = { IntervalSeconds?: number; MaxDelaySeconds?: number };

const scaledRetrier = (retrier: Retrier, scale: number): Retrier => ({
  ...retrier,
  IntervalSeconds: (retrier.IntervalSeconds ?? 1) / scale,
  ...(retrier.MaxDelaySeconds !== undefined && { MaxDelaySeconds: retrier.MaxDelaySeconds / scale }),
});

const asDefinition = (definition: Definition) => definition as unknown as StateMachineDefinition;
