/** An event as the emulator reports it. */
type EmulatorEvent = {
  type: string;
  timestamp: number;
  state?: { name: string; type: string; input?: unknown; output?: unknown };
  Error?: string;
  Cause?: unknown;
};

/** An event as GetExecutionHistory returns it, as far as people and tests read it. */
export type HistoryEvent = { id: number; timestamp: number; type: string } & Record<string, unknown>;

/**
 * Events keep the machine's time. `StateEntered` and `StateExited` get AWS's names, such as `TaskStateEntered`. Each
 * entered state counts as one transition, and so does the end.
 */
export const historyEvent = (event: object, id: number): HistoryEvent => {
  const { type, timestamp, state, Error: error, Cause: cause } = event as EmulatorEvent;
  const common = { id, previousEventId: id - 1, timestamp: timestamp / 1000 };
  const failure = error === undefined ? undefined : { error, cause: String(cause ?? '') };
  if (type === 'StateEntered' && state)
    return {
      ...common,
      type: `${state.type}StateEntered`,
      stateEnteredEventDetails: { name: state.name, input: JSON.stringify(state.input) },
    };
  if (type === 'StateExited' && state)
    return {
      ...common,
      type: `${state.type}StateExited`,
      stateExitedEventDetails: { name: state.name, output: JSON.stringify(state.output) },
    };
  if (type === 'StateFailed') return { ...common, type: 'TaskFailed', taskFailedEventDetails: failure };
  if (type === 'ExecutionFailed') return { ...common, type, executionFailedEventDetails: failure };
  return { ...common, type };
};
