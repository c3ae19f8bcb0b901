import { makeDeployment } from '../../../infra/local/template/deployment.ts';
import { decide, readPolicies, type AccessRequest } from '../../../infra/local/iam/iam-policies.ts';
import type { Resource, TemplateObject, TemplateValue } from '../../../infra/local/template/template.ts';

const roleArn = 'arn:aws:iam::000000000000:role/Worker';
const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/Items';

const document = (...statements: TemplateObject[]): TemplateObject => ({
  Version: '2012-10-17',
  Statement: statements,
});

/** The statements of a role with these inline policies and this one beside it. */
const statementsOf = (role: TemplateObject, ...attached: TemplateObject[]) => {
  const Resources: Record<string, Resource> = {
    Items: { Type: 'AWS::DynamoDB::Table' },
    Worker: { Type: 'AWS::IAM::Role', Properties: role },
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: [{ Ref: 'Worker' }], PolicyDocument: document(...attached) },
    },
    OfAnother: {
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: ['Another'], PolicyDocument: document(allow('*', '*')) },
    },
  };
  const addresses = { api: '', issuer: '', sqs: '' };
  return readPolicies(makeDeployment([{ stackName: 'Test', Resources }], addresses))(roleArn);
};

const statement = (Effect: string, Action: TemplateValue, Resource: TemplateValue, more = {}) => ({
  Effect,
  Action,
  Resource,
  ...more,
});
const allow = (action: TemplateValue, resource: TemplateValue, more = {}) =>
  statement('Allow', action, resource, more);

const decisionOf = (statements: TemplateObject[], request: AccessRequest) =>
  decide(statementsOf({}, ...statements), request);

it.each<[string, string, string, string]>([
  ['dynamodb:GetItem', table, 'dynamodb:GetItem', 'allowed'],
  ['dynamodb:GetItem', table, 'dynamodb:PutItem', 'implicit deny'],
  ['dynamodb:getitem', table, 'dynamodb:GetItem', 'allowed'],
  ['dynamodb:*Item', table, 'dynamodb:PutItem', 'allowed'],
  ['dynamodb:*Item', table, 'dynamodb:Query', 'implicit deny'],
  ['dynamodb:?etItem', table, 'dynamodb:GetItem', 'allowed'],
  ['dynamodb:?etItem', table, 'dynamodb:BatchGetItem', 'implicit deny'],
  ['*', '*', 'dynamodb:GetItem', 'allowed'],
  ['dynamodb:GetItem', 'arn:aws:dynamodb:*:*:table/*', 'dynamodb:GetItem', 'allowed'],
  ['dynamodb:GetItem', table.toLowerCase(), 'dynamodb:GetItem', 'implicit deny'],
  ['dynamodb:GetItem', `${table}s`, 'dynamodb:GetItem', 'implicit deny'],
  ['dynamodb.GetItem', table, 'dynamodb:GetItem', 'implicit deny'],
])('a grant of %s on %s: %s is %s', (granted, resource, action, expected) => {
  expect(decisionOf([allow(granted, resource)], { action, resource: table })).toBe(expected);
});

it('a table’s grant does not open its indexes, nor an index’s grant its table', () => {
  const query = (resource: string) => ({ action: 'dynamodb:Query', resource });
  const onTable = [allow('dynamodb:Query', table)];
  expect(decisionOf(onTable, query(`${table}/index/due`))).toBe('implicit deny');
  const onIndex = [allow('dynamodb:Query', `${table}/index/*`)];
  expect(decisionOf(onIndex, query(`${table}/index/due`))).toBe('allowed');
  expect(decisionOf(onIndex, query(table))).toBe('implicit deny');
});

it('a deny wins over every grant, wherever it stands', () => {
  const request = { action: 'dynamodb:PutItem', resource: table };
  const deny = statement('Deny', 'dynamodb:Put*', '*');
  expect(decisionOf([deny, allow('*', '*')], request)).toBe('explicit deny');
  const inline = { Policies: [{ PolicyName: 'no', PolicyDocument: document(deny) }] };
  expect(decide(statementsOf(inline, allow('*', '*')), request)).toBe('explicit deny');
});

it('names in the template are resolved, and another role’s policies are not ours', () => {
  const own = statementsOf({}, allow('dynamodb:GetItem', { 'Fn::GetAtt': ['Items', 'Arn'] }));
  expect(decide(own, { action: 'dynamodb:GetItem', resource: table })).toBe('allowed');
  expect(decide(own, { action: 'dynamodb:Scan', resource: table })).toBe('implicit deny');
});

it('a condition must hold', () => {
  const resource = 'arn:aws:ses:us-east-1:000000000000:identity/keyun.example';
  const Condition = { StringEquals: { 'ses:FromAddress': ['a@keyun.example', 'b@keyun.example'] } };
  const statements = [allow('ses:SendEmail', resource, { Condition })];
  const from = (address?: string): AccessRequest => ({
    action: 'ses:SendEmail',
    resource,
    ...(address !== undefined && { context: { 'ses:FromAddress': address } }),
  });
  expect(decisionOf(statements, from('b@keyun.example'))).toBe('allowed');
  expect(decisionOf(statements, from('c@keyun.example'))).toBe('implicit deny');
  expect(decisionOf(statements, from())).toBe('implicit deny');
});

it.each<[string, TemplateObject, RegExp]>([
  [
    'a condition by an unknown operator',
    { Condition: { StringLike: { 'ses:FromAddress': '*' } } },
    /StringLike/,
  ],
  [
    'a condition by an unknown key',
    { Condition: { StringEquals: { 'aws:SourceIp': '::1' } } },
    /aws:SourceIp/,
  ],
  ['all but some actions', { NotAction: 'dynamodb:DeleteItem' }, /NotAction/],
  ['a policy variable', { Resource: `${table}/\${aws:username}` }, /policy variables/],
])('%s is refused by its name before anything runs', (_, more, message) => {
  expect(() => statementsOf({}, allow('dynamodb:GetItem', table, more))).toThrow(message);
  expect(() => statementsOf({}, allow('dynamodb:GetItem', table, more))).toThrow('Test/Policy');
});

it('a managed policy is refused, unless it only lets a function log', () => {
  const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  expect(statementsOf({ ManagedPolicyArns: [basic] })).toEqual([]);
  const other = 'arn:aws:iam::aws:policy/AdministratorAccess';
  expect(() => statementsOf({ ManagedPolicyArns: [other] })).toThrow(/Test\/Worker.*managed policy/);
});
