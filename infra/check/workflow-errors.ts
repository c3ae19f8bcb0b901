import type { Check, CheckedFunction } from './model.ts';
import { functionOfTask, isTask, machinesOf, waitsForToken, type State } from './state-machine.ts';

/** The error names of Step Functions and of its integration with Lambda; every other name is ours. */
const reserved: ReadonlySet<string> = new Set([
  'States.ALL',
  'States.DataLimitExceeded',
  'States.HeartbeatTimeout',
  'States.IntrinsicFailure',
  'States.NoChoiceMatched',
  'States.ParameterPathFailure',
  'States.Permissions',
  'States.ResultPathMatchFailure',
  'States.Runtime',
  'States.TaskFailed',
  'States.Timeout',
  'Lambda.AWSLambdaException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ResourceConflictException',
  'Lambda.SdkClientException',
  'Lambda.ServiceException',
  'Lambda.SnapStartNotReadyException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
]);

/** Names that the machine handles are names that the code throws, and the other way round. */
export const workflowErrorsCheck: Check = {
  name: 'workflow-errors',
  proves: 'the workflow catches what its functions throw, and nothing else',
  find: (subject) => {
    const sent = new Set(subject.functions.flatMap(({ bundle }) => namesSent(bundle)));
    return machinesOf(subject).flatMap((machine) =>
      Object.entries(machine.definition?.States ?? {})
        .filter(([, state]) => isTask(state))
        .flatMap(([name, state]) => {
          const called = functionOfTask(subject, machine, state);
          if (!called) return [];
          const thrown = new Set([...namesThrown(called.bundle), ...(waitsForToken(state) ? sent : [])]);
          return faultsOf(state, called, thrown).map((fault) => ({
            where: `${machine.where}.${name}`,
            ...fault,
          }));
        }),
    );
  },
};

const faultsOf = (state: State, { entry }: CheckedFunction, thrown: ReadonlySet<string>) => {
  const handled = [...state.Retry, ...state.Catch].flatMap(({ ErrorEquals }) => ErrorEquals);
  return [
    ...handled
      .filter((name) => !reserved.has(name) && !thrown.has(name))
      .map((name) => ({
        what: `handles the error ${name}, which functions/${entry}.ts never throws`,
        remedy: 'correct the name, or remove it',
      })),
    ...[...thrown]
      .filter((name) => !handled.includes(name))
      .map((name) => ({
        what: `does not handle the error ${name}, which functions/${entry}.ts throws`,
        remedy: 'catch or retry it in infra/constructs/purchase-workflow.ts',
      })),
  ];
};

/** The names that a deployed bundle throws for the workflow: by `taskError`, and for what passes by itself. */
export const namesThrown = (bundle: string): string[] => [
  ...callsOf(bundle, 'taskError', /^["'`](\w+)["'`]/),
  ...(keptName(bundle, 'asMachineError') && /\bname:\s*["'`]TransientFailure["'`]/.test(bundle)
    ? ['TransientFailure']
    : []),
];

/** The names with which a bundle ends the task of somebody else. */
const namesSent = (bundle: string): string[] => callsOf(bundle, 'failTask', /^[\w$]+,\s*["'`](\w+)["'`]/);

/** The text that stands first in the arguments of every call of a function. */
const callsOf = (bundle: string, functionName: string, argument: RegExp): string[] => {
  const short = keptName(bundle, functionName);
  if (short === undefined) return [];
  const calls = bundle.split(new RegExp(`(?<![\\w$.])${short.replaceAll('$', '\\$')}\\(`)).slice(1);
  return [...new Set(calls.flatMap((rest) => argument.exec(rest)?.[1] ?? []))];
};

/** The name that esbuild gave a function; it keeps the original one beside it: `p=s((e,t)=>…,"failTask")`. */
const keptName = (bundle: string, original: string): string | undefined => {
  const end = bundle.indexOf(`,"${original}")`);
  if (end < 0) return undefined;
  const before = bundle.slice(Math.max(0, end - 400), end);
  return [...before.matchAll(/([\w$]+)=[\w$]+\((?:async\s*)?\(?[\w$,]*\)?=>/g)].at(-1)?.[1];
};
