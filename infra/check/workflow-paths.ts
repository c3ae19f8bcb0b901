import * as z from 'zod';
import { purchaseInputSchema, workflowShapes } from '../../shared/selling/workflow-shapes.ts';
import type { Check } from './model.ts';
import { isTask, machinesOf, waitsForToken, type Definition, type State } from './state-machine.ts';
import { isSame } from './template-values.ts';

/** What a state is sure to receive: fields and their JSON schemas. Everything else may be missing. */
type Shape = Readonly<Record<string, unknown>>;

/** Every path that a state reads exists in its input, with the type that its task wants. */
export const workflowPathsCheck: Check = {
  name: 'workflow-paths',
  proves: 'what each state reads is in its input',
  find: (subject) =>
    machinesOf(subject).flatMap(({ definition, where }) =>
      (definition ? faultsOf(definition) : []).map((what) => ({
        where,
        what,
        remedy:
          'correct the path in infra/constructs/purchase-workflow.ts, or shared/selling/workflow-shapes.ts',
      })),
    ),
};

type Tasks = Readonly<Record<string, { input: z.ZodObject; output?: z.ZodObject }>>;
const tasks: Tasks = workflowShapes;

const fieldsOf = (schema: z.ZodType): Shape =>
  (z.toJSONSchema(schema, { io: 'input' }).properties ?? {}) as Shape;

/** Walks all ways through the machine. Where ways meet, a state has only what all of them bring. */
const faultsOf = ({ StartAt, States }: Definition): string[] => {
  const inputs = new Map<string, Shape>([[StartAt, fieldsOf(purchaseInputSchema)]]);
  const open = [StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = States[name];
    const input = inputs.get(name);
    if (!state || !input) continue;
    for (const [next, shape] of leaving(name, state, input)) {
      const known = inputs.get(next);
      const met = known ? common(known, shape) : shape;
      if (known && isSame(known, met)) continue;
      inputs.set(next, met);
      open.push(next);
    }
  }
  return Object.entries(States).flatMap(([name, state]) => readFaults(name, state, inputs.get(name) ?? {}));
};

const common = (one: Shape, other: Shape): Shape =>
  Object.fromEntries(Object.entries(one).filter(([key, value]) => isSame(value, other[key])));

/** The states after this one, each with what it receives. */
const leaving = (name: string, state: State, input: Shape): [string, Shape][] => {
  const output = placed(input, resultOf(name, state, input), state.ResultPath);
  // An error is an object with these two texts.
  const error: Shape = { Error: { type: 'string' }, Cause: { type: 'string' } };
  return [
    ...[state.Next, state.Default, ...(state.Choices ?? []).map(({ Next }) => Next)]
      .filter((next) => next !== undefined)
      .map((next): [string, Shape] => [next, output]),
    ...state.Catch.map(({ Next, ResultPath }): [string, Shape] => [Next, placed(input, error, ResultPath)]),
  ];
};

const resultOf = (name: string, state: State, input: Shape): Shape => {
  if (!isTask(state)) return input;
  const output = tasks[name]?.output;
  // The answer to a token is whatever wakes it; only a plain call returns the output of the function itself.
  return output && !waitsForToken(state) && !state.Parameters ? fieldsOf(output) : {};
};

/** `null` discards a result, a path adds it to the input, and without a path it replaces the input. */
const placed = (input: Shape, result: Shape, resultPath: string | null | undefined): Shape => {
  if (resultPath === null) return input;
  const field = /^\$\.(\w+)$/.exec(resultPath ?? '')?.[1];
  return field === undefined ? result : { ...input, [field]: { type: 'object', properties: result } };
};

/** The fields of a state that this check does not follow; a definition without them needs no more of it. */
const unknownFields = ['InputPath', 'OutputPath', 'ResultSelector', 'ItemsPath', 'Iterator', 'Branches'];

const readFaults = (name: string, state: State, input: Shape): string[] => [
  ...unknownFields
    .filter((field) => field in state)
    .map((field) => `${name} uses ${field}, which the check of paths does not follow`),
  ...(isTask(state) ? taskFaults(name, state, input) : []),
  ...limitFaults(name, state, input),
];

const limitFaults = (name: string, { TimeoutSecondsPath: path }: State, input: Shape): string[] => {
  if (path === undefined) return [];
  const type = typeOf(at(input, path));
  return type === 'integer' || type === 'number'
    ? []
    : [`${name} waits for ${path} seconds, but its input has ${type ?? 'nothing'} there`];
};

const taskFaults = (name: string, state: State, input: Shape): string[] => {
  const wanted = tasks[name];
  if (!wanted) return [`${name} has no shape in shared/selling/workflow-shapes.ts`];
  const given = payloadOf(state, input);
  return Object.entries(fieldsOf(wanted.input)).flatMap(([field, schema]) => {
    const type = typeOf(given[field]);
    if (type === undefined) return [`${name} needs ${field}, which its input does not have`];
    return type === typeOf(schema) ? [] : [`${name} needs ${field} as ${typeOf(schema)}, but gets ${type}`];
  });
};

/** What the function receives: the state's input, or what its parameters make of it. */
const payloadOf = ({ Parameters, Resource = '' }: State, input: Shape): Shape => {
  const template = /:states:::lambda:invoke/.test(Resource) ? Parameters?.['Payload'] : Parameters;
  if (template === undefined) return input;
  return Object.fromEntries(
    Object.entries(template as Record<string, unknown>).map(([key, value]) =>
      key.endsWith('.$') ? [key.slice(0, -2), at(input, String(value))] : [key, { type: typeof value }],
    ),
  );
};

/** The schema at a path. What the machine knows itself (`$$`) is text. */
const at = (input: Shape, path: string): unknown => {
  if (path.startsWith('$$.')) return { type: 'string' };
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>((schema, key) => (schema as { properties?: Shape } | undefined)?.properties?.[key], {
      properties: input,
    });
};

const typeOf = (schema: unknown): string | undefined => (schema as { type?: string } | undefined)?.type;
