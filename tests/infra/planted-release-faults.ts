import type { TemplateObject } from '../../infra/local/template/template.ts';
import { resourceIn, setting, type PlantedFault } from './planted-faults.ts';
import type { Subject } from '../../infra/check/model.ts';

const aTable = 'AWS::DynamoDB::Table';
const aSecret = 'AWS::SecretsManager::Secret';

const renaming = (type: string, named: string) => (subject: Subject) => {
  const { stack, logicalId, resource } = resourceIn(subject, type, named);
  delete stack.Resources[logicalId];
  stack.Resources[`${logicalId}2`] = resource;
};

const indexesOf = (subject: Subject): TemplateObject[] =>
  resourceIn(subject, aTable, 'Bookings').properties['GlobalSecondaryIndexes'] as TemplateObject[];

/** Faults by which an update of a running deployment would lose something. */
export const releaseFaults: readonly PlantedFault[] = [
  {
    title: 'another block that generates a secret',
    check: 'generated-secrets',
    change: setting(aSecret, 'MasterSecret', 'GenerateSecretString', {
      ExcludePunctuation: true,
      PasswordLength: 65,
    }),
    says: /MasterSecret.*GenerateSecretString: differs from the release: AWS generates a new secret/,
  },
  {
    title: 'a generated secret in place of what a person has entered',
    check: 'generated-secrets',
    change: setting(aSecret, 'AlipaySecret', 'GenerateSecretString', { PasswordLength: 64 }),
    says: /AlipaySecret\w+\.GenerateSecretString: is new/,
  },
  {
    title: 'a generated secret with another id',
    check: 'generated-secrets',
    change: renaming(aSecret, 'TicketSecret'),
    says: /TicketSecret\w+: is gone: another id is another secret/,
  },
  {
    title: 'a text that overwrites what a person has entered',
    check: 'stateful-resources',
    change: setting(aSecret, 'AlipaySecret', 'SecretString', '{ }'),
    says: /SecretString differs from the release: it overwrites what a person has entered/,
  },
  {
    title: 'another key of a table',
    check: 'stateful-resources',
    change: setting(aTable, 'Inventory', 'KeySchema', [{ AttributeName: 'id', KeyType: 'HASH' }]),
    says: /Inventory\w+: KeySchema differs from the release: CloudFormation replaces the resource/,
  },
  {
    title: 'a name for a table that had none',
    check: 'stateful-resources',
    change: setting(aTable, 'Inventory', 'TableName', 'Inventory'),
    says: /TableName differs from the release/,
  },
  {
    title: 'a table with another id',
    check: 'stateful-resources',
    change: renaming(aTable, 'Bookings'),
    says: /Bookings\w+: AWS::DynamoDB::Table is gone/,
  },
  {
    title: 'a removal policy that is gone',
    check: 'stateful-resources',
    change: (subject) => void delete resourceIn(subject, aTable, 'Bookings').resource.DeletionPolicy,
    says: /Bookings\w+: its removal policy is gone/,
  },
  {
    title: 'a table that anybody can delete',
    check: 'stateful-resources',
    change: setting(aTable, 'Bookings', 'DeletionProtectionEnabled', false),
    says: /Bookings\w+: its deletion protection is off/,
  },
  {
    title: 'a table that cannot be restored',
    check: 'stateful-resources',
    change: setting(aTable, 'Bookings', 'PointInTimeRecoverySpecification', undefined),
    says: /Bookings\w+: it can no longer be restored/,
  },
  {
    title: 'another attribute that ends items',
    check: 'stateful-resources',
    change: setting(aTable, 'Bookings', 'TimeToLiveSpecification', {
      AttributeName: 'endsAt',
      Enabled: true,
    }),
    says: /TimeToLiveSpecification differs .*items with the old attribute would never be deleted/,
  },
  {
    title: 'another view of a stream',
    check: 'stateful-resources',
    change: setting(aTable, 'Bookings', 'StreamSpecification', { StreamViewType: 'NEW_IMAGE' }),
    says: /StreamSpecification differs .*records that nobody has read are lost/,
  },
  {
    title: 'a local index, which a table gets at its creation alone',
    check: 'stateful-resources',
    change: setting(aTable, 'Bookings', 'LocalSecondaryIndexes', [{ IndexName: 'byDay' }]),
    says: /LocalSecondaryIndexes differs from the release: DynamoDB makes them with the table alone/,
  },
  {
    title: 'other keys of an index',
    check: 'stateful-resources',
    change: (subject) => void (indexesOf(subject)[0]!['Projection'] = { ProjectionType: 'ALL' }),
    says: /the index due has other keys or another projection/,
  },
  {
    title: 'an index that is gone',
    check: 'stateful-resources',
    change: (subject) => void indexesOf(subject).shift(),
    says: /the index due is gone/,
  },
  {
    title: 'two new indexes at once',
    check: 'stateful-resources',
    change: (subject) => {
      const indexes = indexesOf(subject);
      for (const IndexName of ['byTrip', 'byDay']) indexes.push({ ...indexes[0], IndexName });
    },
    says: /2 new indexes: DynamoDB adds one in an update/,
  },
  {
    title: 'another name of users',
    check: 'stateful-resources',
    change: setting('AWS::Cognito::UserPool', '', 'UsernameAttributes', ['phone_number']),
    says: /UsernameAttributes differs from the release: Cognito cannot change it/,
  },
  {
    title: 'another name of the workflow, which ends running purchases',
    check: 'stateful-resources',
    change: setting('AWS::StepFunctions::StateMachine', '', 'StateMachineName', 'Keyun-buy'),
    says: /StateMachineName differs .*loses the purchases that are running/,
  },
];
