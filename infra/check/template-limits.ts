import type { TemplateValue } from '../local/template/template.ts';
import { placeOf, type Check, type CheckedStack, type Finding } from './model.ts';
import { countLimits, documentLimits } from './property-limits.ts';
import { sizeOf } from './sizes.ts';
import { isObject, resourceBehind } from './template-values.ts';

/** CloudFormation takes 500; a stack that is nearly full cannot grow in an emergency. */
const resourcesMost = 400;
const outputsMost = 200;
const parametersMost = 200;
const templateBytesMost = 1_048_576;
const logicalIdMost = 255;
const descriptionMost = 1024;

/** Each stack is within CloudFormation's own limits. */
export const templateLimitsCheck: Check = {
  name: 'limits-of-templates',
  proves: `each stack has at most ${resourcesMost} resources and fits CloudFormation`,
  find: ({ stacks }) =>
    stacks.flatMap((stack) => {
      const { stackName, Resources, Outputs = {}, Parameters = {}, bytes } = stack;
      const ids = Object.keys(Resources);
      const description = (stack as { Description?: string }).Description ?? '';
      return [
        ...over(stackName, 'resources', ids.length, resourcesMost, 'move some into another stack'),
        ...over(stackName, 'outputs', Object.keys(Outputs).length, outputsMost, 'export less'),
        ...over(stackName, 'parameters', Object.keys(Parameters).length, parametersMost, 'use fewer'),
        ...over(stackName, 'bytes of template', bytes, templateBytesMost, 'split the stack'),
        ...over(stackName, 'characters of description', description.length, descriptionMost, 'say less'),
        ...ids.flatMap((id) =>
          over(placeOf(stackName, id), 'characters of logical id', id.length, logicalIdMost, 'shorten it'),
        ),
      ];
    }),
};

const over = (where: string, unit: string, size: number, most: number, remedy: string): Finding[] =>
  size > most ? [{ where, what: `has ${size} ${unit}, more than ${most}`, remedy }] : [];

/** Policies and documents are within the sizes that AWS accepts, and no type is used too often. */
export const documentLimitsCheck: Check = {
  name: 'limits-of-documents',
  proves: 'policies, definitions and environments are within AWS’s sizes',
  find: ({ stacks }) => [
    ...stacks.flatMap(documentFindings),
    ...policySizes(stacks, functionPolicies, 20_480, 'the policy of a function'),
    ...policySizes(stacks, inlinePolicies, 10_240, 'the inline policies of a role'),
    ...countFindings(stacks),
  ],
};

const documentFindings = ({ stackName, Resources }: CheckedStack): Finding[] =>
  Object.entries(Resources).flatMap(([logicalId, { Type, Properties = {} }]) =>
    documentLimits
      .filter(({ type, property }) => type === Type && Properties[property] !== undefined)
      .flatMap(({ property, most }) =>
        over(
          placeOf(stackName, logicalId, [property]),
          'characters',
          sizeOf(Properties[property]),
          most,
          'make it smaller, or split it',
        ),
      ),
  );

type Sizes = { owner: string; size: number }[];
type SizesIn = (stacks: readonly CheckedStack[], stack: CheckedStack) => Sizes;

/** Several resources add to the policy of one owner. */
const policySizes = (
  stacks: readonly CheckedStack[],
  sizesIn: SizesIn,
  most: number,
  what: string,
): Finding[] => {
  const sums = new Map<string, number>();
  for (const { owner, size } of stacks.flatMap((stack) => sizesIn(stacks, stack)))
    sums.set(owner, (sums.get(owner) ?? 0) + size);
  return [...sums].flatMap(([owner, size]) =>
    over(owner, `characters in ${what}`, size, most, 'grant a whole service at once, or less'),
  );
};

/** The text that Lambda puts around each permission. */
const statementOverhead = 200;

const functionPolicies: SizesIn = (stacks, stack) =>
  Object.values(stack.Resources).flatMap(({ Type, Properties = {} }) => {
    if (Type !== 'AWS::Lambda::Permission') return [];
    const behind = resourceBehind(stacks, stack, Properties['FunctionName']);
    const owner = behind ? placeOf(behind.stack.stackName, behind.logicalId) : 'a function';
    return [{ owner, size: sizeOf(Properties) + statementOverhead }];
  });

const inlinePolicies: SizesIn = (stacks, stack) =>
  Object.entries(stack.Resources).flatMap(([logicalId, { Type, Properties = {} }]) => {
    if (Type === 'AWS::IAM::Policy')
      return [Properties['Roles'] ?? []].flat().map((role) => {
        const behind = resourceBehind(stacks, stack, role);
        return {
          owner: placeOf(stack.stackName, behind?.logicalId ?? logicalId),
          size: sizeOf(Properties['PolicyDocument']),
        };
      });
    if (Type !== 'AWS::IAM::Role') return [];
    return [Properties['Policies'] ?? []]
      .flat()
      .map((policy) => ({ owner: placeOf(stack.stackName, logicalId), size: documentSize(policy) }));
  });

const documentSize = (policy: TemplateValue): number =>
  isObject(policy) ? sizeOf(policy['PolicyDocument']) : 0;

const countFindings = (stacks: readonly CheckedStack[]): Finding[] => {
  const all = stacks.flatMap(({ Resources }) => Object.values(Resources));
  return Object.entries(countLimits).flatMap(([type, most]) =>
    over(
      type,
      'resources',
      all.filter(({ Type }) => Type === type).length,
      most,
      'ask AWS for a higher quota before the deployment, and raise the limit in property-limits.ts',
    ),
  );
};
