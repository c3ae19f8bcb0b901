import * as z from 'zod';
import { placeOf, type CheckedFunction, type CheckedStack, type Subject } from './model.ts';
import { textWithNames } from './template-values.ts';

const named = z.looseObject({ ErrorEquals: z.array(z.string()) });

const stateSchema = z.looseObject({
  Type: z.string(),
  Resource: z.string().optional(),
  Parameters: z.record(z.string(), z.unknown()).optional(),
  Next: z.string().optional(),
  End: z.boolean().optional(),
  Default: z.string().optional(),
  Choices: z.array(z.looseObject({ Next: z.string().optional() })).optional(),
  ResultPath: z.string().nullable().optional(),
  TimeoutSeconds: z.number().optional(),
  TimeoutSecondsPath: z.string().optional(),
  Retry: z.array(named.extend({ MaxAttempts: z.number().default(3) })).default([]),
  Catch: z
    .array(named.extend({ Next: z.string(), ResultPath: z.string().nullable().optional() }))
    .default([]),
});
export type State = z.output<typeof stateSchema>;

const definitionSchema = z.looseObject({
  StartAt: z.string(),
  TimeoutSeconds: z.number().optional(),
  States: z.record(z.string(), stateSchema),
});
export type Definition = z.output<typeof definitionSchema>;

export type Machine = {
  stack: CheckedStack;
  logicalId: string;
  where: string;
  /** Every reference stands as `${LogicalId}`. */
  text: string;
  /** Undefined if it is no definition at all; the check of its validity says why. */
  definition: Definition | undefined;
};

/** The state machines of a deployment, with their definitions. */
export const machinesOf = ({ stacks }: Subject): Machine[] =>
  stacks.flatMap((stack) =>
    Object.entries(stack.Resources).flatMap(([logicalId, { Type, Properties = {} }]) => {
      if (Type !== 'AWS::StepFunctions::StateMachine') return [];
      const text = textWithNames(stacks, Properties['DefinitionString'] ?? Properties['Definition']);
      const where = placeOf(stack.stackName, logicalId);
      return [{ stack, logicalId, where, text, definition: parsed(text) }];
    }),
  );

const parsed = (text: string): Definition | undefined => {
  try {
    return definitionSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

export const isTask = ({ Type }: State): boolean => Type === 'Task';

export const waitsForToken = ({ Resource = '' }: State): boolean => Resource.endsWith('.waitForTaskToken');

/** The logical id of the function that a task calls: its resource, or the FunctionName of `lambda:invoke`. */
const functionIdOf = ({ Resource = '', Parameters = {} }: State): string | undefined => {
  const name = /:states:::lambda:invoke/.test(Resource) ? String(Parameters['FunctionName']) : Resource;
  return /\$\{([^}:]+)\}(?::[\w$-]+)?$/.exec(name)?.[1];
};

/** The function that a task calls, if the template has it. An alias leads to its function. */
export const functionOfTask = (
  subject: Subject,
  { stack }: Machine,
  state: State,
): CheckedFunction | undefined => {
  const id = functionIdOf(state);
  const { Type, Properties = {} } = stack.Resources[id ?? ''] ?? {};
  const own =
    Type === 'AWS::Lambda::Alias'
      ? /\$\{([^}]+)\}/.exec(textWithNames(subject.stacks, Properties['FunctionName']))?.[1]
      : id;
  return subject.functions.find(
    ({ stackName, logicalId }) => stackName === stack.stackName && logicalId === own,
  );
};

/** The states that a state can lead to. */
export const nextStates = ({ Next, Default, Choices = [], Catch }: State): string[] =>
  [Next, Default, ...Choices.map((choice) => choice.Next), ...Catch.map((catcher) => catcher.Next)].filter(
    (name) => name !== undefined,
  );
