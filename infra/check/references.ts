import { placeOf, type Check, type CheckedStack, type Finding } from './model.ts';
import { specificationOf } from './specification.ts';
import {
  exportOf,
  isObject,
  mentionsIn,
  stackOutputOf,
  walkIntrinsics,
  type Intrinsic,
  type Mention,
} from './template-values.ts';

const remedy = 'correct the reference: CloudFormation would refuse the template';

const pseudoParameters: ReadonlySet<string> = new Set([
  'AWS::AccountId',
  'AWS::NoValue',
  'AWS::NotificationARNs',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
]);

/** Every reference leads to something: a resource, its attribute, a parameter, or the export of another stack. */
export const referencesCheck: Check = {
  name: 'references',
  proves: 'every reference, attribute, export and condition exists',
  find: ({ stacks }) =>
    stacks.flatMap((stack) =>
      placesOf(stack).flatMap(({ where, value }) =>
        [
          ...unresolved(stack, value),
          ...unresolvedImports(stacks, value),
          ...unknownConditions(stack, value),
        ].map((what): Finding => ({ where, what, remedy })),
      ),
    ),
};

/** The parts of a template that can refer to others. */
const placesOf = ({ stackName, Resources, Outputs = {}, Conditions = {} }: CheckedStack) => [
  ...Object.entries(Resources).flatMap(([id, { Properties, DependsOn, Condition }]) => [
    { where: placeOf(stackName, id), value: Properties },
    ...[DependsOn ?? []].flat().map((target) => ({
      where: placeOf(stackName, id, ['DependsOn']),
      value: { Ref: target },
    })),
    ...(Condition === undefined ? [] : [{ where: placeOf(stackName, id), value: { Condition } }]),
  ]),
  ...Object.entries(Outputs).map(([id, output]) => ({
    where: placeOf(stackName, id, ['Output']),
    value: output.Value,
  })),
  ...Object.entries(Conditions).map(([id, value]) => ({
    where: placeOf(stackName, id, ['Condition']),
    value,
  })),
];

type Value = ReturnType<typeof placesOf>[number]['value'];

const unresolved = (stack: CheckedStack, value: Value): string[] =>
  mentionsIn(value).flatMap(({ mention, path }) => {
    const fault = faultOf(stack, mention);
    return fault === undefined
      ? []
      : [[fault, ...(path.length > 0 ? [`at ${path.join('.')}`] : [])].join(' ')];
  });

const faultOf = ({ Resources, Parameters }: CheckedStack, mention: Mention): string | undefined => {
  const { kind, target, attribute } = mention;
  const resource = Resources[target];
  if (kind === 'ref')
    return resource || Parameters?.[target] || pseudoParameters.has(target)
      ? undefined
      : `refers to ${target}, which does not exist`;
  if (!resource) return `refers to ${target}.${attribute}, but ${target} does not exist`;
  const attributes = specificationOf(resource.Type)?.attributes;
  return attributes && !Object.hasOwn(attributes, attribute)
    ? `refers to ${target}.${attribute}, but ${resource.Type} has no attribute ${attribute}`
    : undefined;
};

const unresolvedImports = (stacks: readonly CheckedStack[], value: Value): string[] => {
  const faults: string[] = [];
  walkIntrinsics(value, ({ name, argument }) => {
    if (name === 'Fn::ImportValue' && !exportOf(stacks, String(argument)))
      faults.push(`imports ${JSON.stringify(argument)}, which no stack exports`);
    if (name === 'Fn::GetStackOutput' && !stackOutputOf(stacks, argument))
      faults.push(`reads the output ${JSON.stringify(argument)}, which no stack has`);
  });
  return faults;
};

const unknownConditions = ({ Conditions = {} }: CheckedStack, value: Value): string[] => {
  const faults: string[] = [];
  walkIntrinsics(value, ({ name, argument }) => {
    const condition =
      name === 'Fn::If' && Array.isArray(argument)
        ? argument[0]
        : name === 'Condition'
          ? argument
          : undefined;
    if (typeof condition === 'string' && !Object.hasOwn(Conditions, condition))
      faults.push(`uses the condition ${condition}, which does not exist`);
  });
  return faults;
};

/** The resources of a stack, each with those that CloudFormation must make before. */
export const needsOf = ({ Resources }: CheckedStack): Map<string, Set<string>> =>
  new Map(
    Object.entries(Resources).map(([id, { Properties, DependsOn }]) => [
      id,
      new Set(
        [...mentionsIn(Properties).map(({ mention }) => mention.target), ...[DependsOn ?? []].flat()].filter(
          (target) => Object.hasOwn(Resources, target),
        ),
      ),
    ]),
  );

/** The stacks whose exports or outputs a stack reads. */
export const stacksReadBy = (stacks: readonly CheckedStack[], stack: CheckedStack): Set<string> => {
  const found = new Set<string>();
  const { Resources, Outputs = {} } = stack;
  const values = [
    ...Object.values(Resources).map(({ Properties }) => Properties),
    ...Object.values(Outputs).map(({ Value }) => Value),
  ];
  for (const value of values)
    walkIntrinsics(value, (intrinsic) => {
      const source = sourceOf(stacks, intrinsic);
      if (source) found.add(source.stack.stackName);
    });
  return found;
};

const sourceOf = (stacks: readonly CheckedStack[], { name, argument }: Intrinsic) => {
  if (name === 'Fn::ImportValue') return exportOf(stacks, String(argument));
  return name === 'Fn::GetStackOutput' && (isObject(argument) || Array.isArray(argument))
    ? stackOutputOf(stacks, argument)
    : undefined;
};
