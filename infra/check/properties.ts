import type { TemplateValue } from '../local/template/template.ts';
import { placeOf, type Check, type CheckedStack } from './model.ts';
import { specificationOf } from './specification.ts';
import { faultsOfProperties } from './value-type.ts';

const correct = 'correct it in infra/stacks or infra/constructs: CloudFormation would refuse the stack';

/** CDK's own types, which its command line or CloudFormation's core handles. */
const withoutSpecification = new Set(['AWS::CDK::Metadata']);

/** Every resource and property, nested ones too, is as AWS's specification of the service says. */
export const propertiesCheck: Check = {
  name: 'properties',
  proves: 'every resource and property is in AWS’s specification',
  find: ({ stacks }) =>
    stacks.flatMap((stack) =>
      Object.entries(stack.Resources).flatMap(([logicalId, { Type, Properties = {} }]) => {
        if (withoutSpecification.has(Type)) return [];
        const specification = specificationOf(Type);
        if (!specification)
          return [
            { where: placeOf(stack.stackName, logicalId), what: `${Type} does not exist`, remedy: correct },
          ];
        const { properties, attributes } = specification;
        return faultsOfProperties(
          properties,
          Properties,
          typeOfIntrinsic(stack),
          Object.keys(attributes),
        ).map(({ path, what }) => ({
          where: placeOf(stack.stackName, logicalId, path),
          what: `${what} (${Type})`,
          remedy: correct,
        }));
      }),
    ),
};

const lists: ReadonlySet<string> = new Set(['Fn::Split', 'Fn::GetAZs', 'Fn::Cidr']);
const texts: ReadonlySet<string> = new Set([
  'Ref',
  'Fn::Join',
  'Fn::Sub',
  'Fn::Base64',
  'Fn::ImportValue',
  'Fn::GetStackOutput',
  'Fn::ToJsonString',
]);

const typeOfIntrinsic =
  ({ Resources, Parameters }: CheckedStack) =>
  (name: string, argument: TemplateValue): 'text' | 'list' | 'any' => {
    if (name === 'Ref' && String(Parameters?.[String(argument)]?.['Type'] ?? '').startsWith('List<'))
      return 'list';
    if (name === 'Fn::GetAtt') {
      const [target = '', ...rest] = [argument].flat().map(String).join('.').split('.');
      const attribute = specificationOf(Resources[target]?.Type ?? '')?.attributes[rest.join('.')];
      if (!attribute) return 'any';
      return attribute.type.type === 'array' ? 'list' : 'text';
    }
    if (lists.has(name)) return 'list';
    return texts.has(name) ? 'text' : 'any';
  };
