import validate from 'asl-validator';
import { sumOfWaits } from './retries.ts';
import type { Check, Finding, Subject } from './model.ts';
import {
  functionOfTask,
  isTask,
  machinesOf,
  nextStates,
  waitsForToken,
  type Definition,
  type Machine,
  type State,
} from './state-machine.ts';

const remedy = 'correct infra/constructs/purchase-workflow.ts';

/** A definition that Step Functions accepts, in which every state can be reached and every task calls a function. */
export const workflowCheck: Check = {
  name: 'workflow',
  proves: 'the state machine is valid, its states are reached, and its tasks call functions of the template',
  find: (subject) =>
    machinesOf(subject).flatMap((machine) => [
      ...invalid(machine),
      ...(machine.definition
        ? [
            ...unreached(machine.definition),
            ...handledBefore(machine.definition),
            ...withoutFunction(subject, machine, machine.definition),
            ...limits(subject, machine, machine.definition),
          ]
        : []
      ).map((what): Finding => ({ where: machine.where, what, remedy })),
    ]),
};

/** The validator wants an ARN where a reference stands. */
const withArns = (text: string): string =>
  text
    .replaceAll('${AWS::Partition}', 'aws')
    .replaceAll(/\$\{[\w:]+\}/g, 'arn:aws:lambda:us-east-1:123456789012:function:f');

const invalid = ({ text, where }: Machine): Finding[] => {
  const faults = (): string[] => {
    try {
      const { isValid, errors } = validate(JSON.parse(withArns(text)) as object);
      return isValid ? [] : errors.map(({ Message, 'Error code': code }) => `${code}: ${Message}`);
    } catch (error) {
      return [`is no JSON: ${String(error)}`];
    }
  };
  return faults().map((what) => ({ where, what: `the definition is invalid: ${what}`, remedy }));
};

const unreached = ({ StartAt, States }: Definition): string[] => {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    const state = States[name];
    if (!state || reached.has(name)) return;
    reached.add(name);
    nextStates(state).forEach(visit);
  };
  visit(StartAt);
  const missing = [StartAt, ...Object.values(States).flatMap(nextStates)].filter((name) => !States[name]);
  return [
    ...[...new Set(missing)].map((name) => `leads to the state ${name}, which does not exist`),
    ...Object.keys(States)
      .filter((name) => !reached.has(name))
      .map((name) => `no state leads to ${name}`),
  ];
};

/** The first handler of a name takes it, so the way of a later one is never gone. */
const handledBefore = ({ States }: Definition): string[] =>
  Object.entries(States).flatMap(([name, { Retry, Catch }]) =>
    [Retry, Catch].flatMap((handlers) => {
      const names = handlers.flatMap(({ ErrorEquals }) => ErrorEquals);
      return names.flatMap((error, index) => {
        const before = names.slice(0, index);
        return before.includes(error) || before.includes('States.ALL')
          ? [`${name} handles ${error} after another handler has taken it`]
          : [];
      });
    }),
  );

const withoutFunction = (subject: Subject, machine: Machine, { States }: Definition): string[] =>
  Object.entries(States)
    .filter(([, state]) => isTask(state) && !functionOfTask(subject, machine, state))
    .map(
      ([name, { Resource }]) =>
        `the task ${name} calls ${String(Resource)}, which is no function of the template`,
    );

/** Each limit is longer than the one inside it, so that the inner one shows its error. */
const limits = (subject: Subject, machine: Machine, { States, TimeoutSeconds }: Definition): string[] => {
  const tasks = Object.entries(States).filter(([, state]) => isTask(state));
  const secondsOf = (state: State): number => {
    const { logicalId = '' } = functionOfTask(subject, machine, state) ?? {};
    return Number(machine.stack.Resources[logicalId]?.Properties?.['Timeout'] ?? 3);
  };
  const longest = tasks.reduce((sum, [, state]) => {
    const each = state.TimeoutSeconds ?? secondsOf(state);
    const attempts = state.Retry.reduce((times, { MaxAttempts }) => times + MaxAttempts, 1);
    return sum + attempts * each + sumOfWaits(state.Retry);
  }, 0);
  return [
    ...tasks
      .filter(([, state]) => !waitsForToken(state) && !((state.TimeoutSeconds ?? 0) > secondsOf(state)))
      .map(
        ([name, state]) =>
          `the task ${name} is given up after ${state.TimeoutSeconds ?? 'no limit of'} s, its function after ${secondsOf(state)}`,
      ),
    ...tasks
      .filter(([, state]) => waitsForToken(state) && !state.TimeoutSeconds && !state.TimeoutSecondsPath)
      .map(([name]) => `the task ${name} waits for its token without a limit`),
    ...(TimeoutSeconds === undefined
      ? ['has no TimeoutSeconds, so an execution could run for a year']
      : TimeoutSeconds <= longest
        ? [`ends after ${TimeoutSeconds} s, but its tasks can take ${Math.ceil(longest)}`]
        : []),
  ];
};
