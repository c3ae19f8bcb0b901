import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { removalCommands } from '../../cli/deploy/removal-commands.ts';
import { assembly, type Resource, type Template, type Value } from './synthesis.ts';

/*
 * A first creation that fails, and a stack that somebody deletes, leave what is retained. A second try succeeds only if nothing
 * that stays has a name of ours: AWS refuses to make another resource with it.
 */

let whole: Template;
beforeAll(() => {
  ({ whole } = assembly());
}, 120_000);

const specification = loadAwsServiceSpecSync();

/** The properties that name a resource of a type in its account: its identifier, or its own name. */
const namesOf = (type: string): string[] => {
  const [known] = specification.lookup('resource', 'cloudFormationType', 'equals', type);
  return [...(known?.primaryIdentifier ?? []), `${type.split('::').at(-1)}Name`];
};

const refersToResource = (value: Value): boolean =>
  [...JSON.stringify(value).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)].some(
    ([, id = '']) => id in whole.Resources,
  );

/** An inline policy has its name within its role alone. */
const namedWithinAnother = new Set(['AWS::IAM::Policy']);

/** A name that we choose. What contains a resource's own id is as new as that resource. */
const ownNames = ({ Type: type, Properties: properties = {} }: Resource): Value[] => {
  if (namedWithinAnother.has(type)) return [];
  const values = [...new Set(namesOf(type))].flatMap((name) => properties[name] ?? []);
  return values.some(refersToResource) && type !== 'AWS::Cognito::UserPoolDomain'
    ? []
    : values.filter((value) => !refersToResource(value));
};

const named = (resources: readonly Resource[]): Record<string, Value[]> =>
  Object.fromEntries(
    resources
      .map((resource) => [resource.Type, ownNames(resource)] as const)
      .filter(([, names]) => names.length > 0),
  );

const isRetained = ({ DeletionPolicy: policy = '' }: Resource): boolean => policy.startsWith('Retain');

test('what stays has names that AWS makes, so it never stands in the way of a second try', () => {
  const retained = Object.values(whole.Resources).filter(isRetained);
  expect(retained.length).toBeGreaterThan(7);
  expect(named(retained)).toEqual({});
});

test('the names of our own are those that the page of deploying lists, and each tells the stage or is the sender', () => {
  const all = named(Object.values(whole.Resources));
  expect(Object.keys(all).sort()).toEqual(ownNamed);
  for (const [name] of Object.values(all))
    expect(JSON.stringify(name)).toMatch(/[Kk]eyun-dev|keyun\.example/);
});

/** docs/how-to/deploy.md, "If the first deployment fails". */
const ownNamed = [
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::Cognito::UserPoolDomain',
  'AWS::SES::EmailIdentity',
  'AWS::StepFunctions::StateMachine',
];

test('every kind of resource that stays has commands that remove it', () => {
  const retained = Object.entries(whole.Resources).filter(([, resource]) => isRetained(resource));
  const commands = removalCommands(retained.map(([id, { Type: type }]) => ({ type, id })));
  expect(commands.filter((command) => !command.startsWith('aws '))).toEqual([]);
  expect(commands.at(-1)).toMatch(/^aws kms schedule-key-deletion /);
});

test('what has deletion protection is retained: otherwise the rollback of a first creation could not end', () => {
  const guarded = Object.values(whole.Resources).filter(
    ({ Properties: properties = {} }) =>
      properties['DeletionProtectionEnabled'] === true || properties['DeletionProtection'] === 'ACTIVE',
  );
  expect(guarded.length).toBeGreaterThan(4);
  expect(guarded.every(isRetained)).toBe(true);
});
