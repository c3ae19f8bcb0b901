import { budgets } from './bundle-budgets.ts';
import { placeOf, type Check, type CheckedFunction, type Finding, type Subject } from './model.ts';

/** Every bundle loads under the runtime of its template, and its handler can be called. */
export const importsCheck: Check = {
  name: 'bundles',
  proves: 'every bundle loads under its runtime and exports a handler',
  find: ({ functions, stacks }) => [
    ...functions.flatMap((one) =>
      faultsOfImport(one, stacks).map((fault) => ({
        where: placeOf(one.stackName, one.logicalId, [one.entry]),
        ...fault,
      })),
    ),
    ...withoutBundle({ functions, stacks }),
  ],
};

/** A function whose bundle was not found would pass every check of its code. */
const withoutBundle = ({ functions, stacks }: Pick<Subject, 'functions' | 'stacks'>): Finding[] =>
  stacks.flatMap(({ stackName, Resources }) =>
    Object.entries(Resources)
      .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
      .filter(([id]) => !functions.some((one) => one.stackName === stackName && one.logicalId === id))
      .map(([id]) => ({
        where: placeOf(stackName, id),
        what: 'has no bundle index.mjs, so nobody knows what it runs',
        remedy: 'make it with infra/constructs/service-function.ts',
      })),
  );

const faultsOfImport = (
  { stackName, logicalId, entry, imported }: CheckedFunction,
  stacks: Subject['stacks'],
) => {
  const { Properties = {} } =
    stacks.find((stack) => stack.stackName === stackName)?.Resources[logicalId] ?? {};
  const { node, handler, failure } = imported;
  const faults = [];
  const runtime = String(Properties['Runtime']);
  const major = /^v(\d+)\./.exec(node)?.[1];
  if (failure !== undefined)
    faults.push({
      what: `does not load: ${failure}`,
      remedy: `functions/${entry}.ts must load without a network; infra/bundle.ts must include what it imports`,
    });
  else if (runtime !== `nodejs${major}.x`)
    faults.push({
      what: `runs on ${runtime}, but was loaded under Node ${node}`,
      remedy: 'run this check under the Node of the deployment (npm run keyun does)',
    });
  if (failure !== undefined) return faults;
  if (handler?.kind !== 'function')
    faults.push({
      what: `the handler ${String(Properties['Handler'])} is ${handler?.kind ?? 'undefined'}, not a function`,
      remedy: `export a function \`handler\` from functions/${entry}.ts`,
    });
  else if (handler.parameters > 2)
    faults.push({
      what: `the handler takes ${handler.parameters} parameters: this runtime has no callback`,
      remedy: 'take the event and the context, and return a promise',
    });
  return faults;
};

/** A bundle that grows loads more slowly at every cold start, so it may grow only on purpose. */
export const budgetsCheck: Check = {
  name: 'bundle-sizes',
  proves: 'every bundle is within its budget',
  find: ({ functions }) => [
    ...functions
      .filter(({ entry, bytes }) => bytes > budgetOf(entry) * 1024)
      .map(({ entry, bytes, stackName, logicalId }) => ({
        where: placeOf(stackName, logicalId, [entry]),
        what: `the bundle has ${Math.ceil(bytes / 1024)} KB, more than ${budgetOf(entry)}`,
        remedy: 'look at what it imports, or raise its budget in infra/check/bundle-budgets.ts',
      })),
    ...Object.keys(budgets.functions)
      .filter((name) => !functions.some(({ entry }) => entry === name))
      .map((name) => ({
        where: name,
        what: 'has a budget, but is not deployed',
        remedy: 'remove its line from infra/check/bundle-budgets.ts',
      })),
  ],
};

const budgetOf = (entry: string): number =>
  budgets.functions[entry] ?? budgets.groups[entry.split('/')[0] ?? ''] ?? 0;
