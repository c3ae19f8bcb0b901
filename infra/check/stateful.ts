import type { PropertyType, ResourceProperties } from '@aws-cdk/service-spec-types';
import type { TemplateObject, TemplateValue } from '../local/template/template.ts';
import type { CheckedResource } from './model.ts';
import { definitionOf, specificationOf } from './specification.ts';
import { isNoValue, isObject } from './template-values.ts';

/**
 * Types that AWS’s specification does not call stateful, and what a deployment would lose with one. AWS’s own are tables, the
 * key, secrets, queues, the user pool and logs.
 */
const alsoStateful: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Api': 'its address, which payment providers call',
  'AWS::CloudFront::Distribution': 'its address, which passengers and payment providers use',
  'AWS::Cognito::UserPoolClient': 'everyone who is signed in',
  'AWS::Cognito::UserPoolDomain': 'the address of the sign-in',
  'AWS::Cognito::UserPoolGroup': 'the list of its members',
  'AWS::SES::EmailIdentity': 'its verification, without which no mail leaves',
  'AWS::SNS::Topic': 'its confirmed subscriptions',
  'AWS::StepFunctions::StateMachine': 'the purchases that are running',
};

/** What a deployment loses with a resource of this type; undefined if it loses nothing. */
export const lossOf = (type: string): string | undefined =>
  alsoStateful[type] ?? (specificationOf(type)?.isStateful ? 'what is stored in it' : undefined);

/** A log group that its stack may delete holds nothing that must survive. */
export const isKept = ({ Type, DeletionPolicy }: CheckedResource): boolean =>
  lossOf(Type) !== undefined && !(Type === 'AWS::Logs::LogGroup' && DeletionPolicy === 'Delete');

/**
 * Properties whose change strands data although CloudFormation replaces nothing, or refuses the change in the middle of an
 * update: type → property → why.
 */
const strands: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'AWS::Cognito::UserPool': {
    AliasAttributes: 'Cognito cannot change it',
    Schema: 'Cognito can only add attributes',
    UsernameAttributes: 'Cognito cannot change it',
    UsernameConfiguration: 'Cognito cannot change it',
  },
  'AWS::DynamoDB::Table': {
    AttributeDefinitions: 'the table is replaced if one is edited',
    LocalSecondaryIndexes: 'DynamoDB makes them with the table alone, and never changes one',
    SSESpecification: 'items become unreadable without the old key',
    StreamSpecification: 'a new stream begins, and records that nobody has read are lost',
    TimeToLiveSpecification: 'items with the old attribute would never be deleted',
  },
  'AWS::KMS::Key': { Origin: 'the key would be another', KeySpec: 'the key would be another' },
  'AWS::SecretsManager::Secret': {
    GenerateSecretString:
      'AWS generates a new secret, and everything sealed or signed with the old one is lost',
    KmsKeyId: 'the secret is unreadable without the old key',
    SecretString: 'it overwrites what a person has entered',
  },
  'AWS::SQS::Queue': { KmsMasterKeyId: 'waiting messages are unreadable without the old key' },
};

export const whyStrands = (type: string, property: string): string | undefined => strands[type]?.[property];

/** The values that must stay as they are, by path: `KeySchema`, `CreationPolicy.Name`. */
export const pinnedOf = ({ Type, Properties = {} }: CheckedResource): Record<string, TemplateValue> => {
  const specification = specificationOf(Type);
  const immutable = specification ? immutableIn(specification.properties, Properties) : {};
  const stranding = Object.keys(strands[Type] ?? {})
    .filter((name) => !isNoValue(Properties[name]))
    .map((name) => [name, Properties[name] ?? null]);
  return { ...immutable, ...Object.fromEntries(stranding) };
};

/** The properties whose change makes CloudFormation replace the resource, nested ones too. */
const immutableIn = (
  properties: ResourceProperties,
  given: TemplateObject,
  path: readonly string[] = [],
): Record<string, TemplateValue> =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): [string, TemplateValue][] => {
      const property = properties[name];
      if (!property || isNoValue(value)) return [];
      const here = [...path, name];
      if (property.causesReplacement === 'yes' || property.causesReplacement === 'maybe')
        return [[here.join('.'), value]];
      const nested = nestedIn(property.type);
      return nested && isObject(value) ? Object.entries(immutableIn(nested, value, here)) : [];
    }),
  );

const nestedIn = (type: PropertyType): ResourceProperties | undefined =>
  type.type === 'ref' ? definitionOf(type).properties : undefined;
