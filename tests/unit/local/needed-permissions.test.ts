import { neededPermissions, type ServiceRequest } from '../../../infra/local/iam/needed-permissions.ts';

const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:000000000000:${rest}`;
const [items, others] = [arn('dynamodb', 'table/Items'), arn('dynamodb', 'table/Others')];
const machine = arn('states', 'stateMachine:purchase');

const needed = (service: string, target: string, input: unknown, more: Partial<ServiceRequest> = {}) => {
  const body = Buffer.from(typeof input === 'string' ? input : JSON.stringify(input));
  const request = { service, method: 'POST', path: '/', target: `Any.${target}`, body, ...more };
  return neededPermissions(request, [machine]).map(({ action, resources }) => [action, ...resources]);
};
const dynamo = (target: string, input: unknown) => needed('dynamodb', target, input);

it('work on one item, a table or an index needs the action of its name there', () => {
  expect(dynamo('UpdateItem', { TableName: 'Items' })).toEqual([['dynamodb:UpdateItem', items]]);
  expect(dynamo('Query', { TableName: 'Items' })).toEqual([['dynamodb:Query', items]]);
  expect(dynamo('Query', { TableName: 'Items', IndexName: 'due' })).toEqual([
    ['dynamodb:Query', `${items}/index/due`],
  ]);
  expect(dynamo('GetItem', { TableName: items })).toEqual([['dynamodb:GetItem', items]]);
});

it('a batch needs its action on each table', () => {
  const input = { RequestItems: { Items: {}, Others: {} } };
  expect(dynamo('BatchGetItem', input)).toEqual([
    ['dynamodb:BatchGetItem', items],
    ['dynamodb:BatchGetItem', others],
  ]);
});

it('a transaction needs what each of its items would need alone', () => {
  const TransactItems = [
    { Put: { TableName: 'Items' } },
    { Update: { TableName: 'Items' } },
    { ConditionCheck: { TableName: 'Others' } },
    { Delete: { TableName: 'Others' } },
  ];
  expect(dynamo('TransactWriteItems', { TransactItems })).toEqual([
    ['dynamodb:PutItem', items],
    ['dynamodb:UpdateItem', items],
    ['dynamodb:ConditionCheckItem', others],
    ['dynamodb:DeleteItem', others],
  ]);
  expect(dynamo('TransactGetItems', { TransactItems: [{ Get: { TableName: 'Items' } }] })).toEqual([
    ['dynamodb:GetItem', items],
  ]);
});

it('workflows are started and answered by their machine', () => {
  expect(needed('states', 'StartExecution', { stateMachineArn: machine })).toEqual([
    ['states:StartExecution', machine],
  ]);
  expect(needed('states', 'SendTaskSuccess', { taskToken: 'x' })).toEqual([
    ['states:SendTaskSuccess', machine],
  ]);
});

it('users are looked up in their pool', () => {
  expect(needed('cognito-idp', 'AdminGetUser', { UserPoolId: 'us-east-1_Pool', Username: 'x' })).toEqual([
    ['cognito-idp:AdminGetUser', arn('cognito-idp', 'userpool/us-east-1_Pool')],
  ]);
});

it('a batch of messages needs what one message needs', () => {
  const form = new URLSearchParams({ Action: 'PublishBatch', TopicArn: arn('sns', 'Events') });
  expect(needed('sns', '', form.toString())).toEqual([['sns:Publish', arn('sns', 'Events')]]);
});

describe('a mail', () => {
  const path = '/v2/email/outbound-emails';
  const mail = { FromEmailAddress: 'Keyun <a@keyun.example>', Content: { Simple: {} } };
  const either = (...names: string[]) => names.map((name) => arn('ses', `identity/${name}`));

  it('needs its address or its domain, and is known by whom it is from', () => {
    const sender = either('a@keyun.example', 'keyun.example');
    expect(needed('ses', '', mail, { path })).toEqual([['ses:SendEmail', ...sender]]);
    const raw = { ...mail, Content: { Raw: { Data: '' } } };
    expect(needed('ses', '', raw, { path })).toEqual([['ses:SendRawEmail', ...sender]]);
  });

  it('also needs its configuration set and each recipient, as SES checks them in the sandbox', () => {
    const whole = {
      ...mail,
      ConfigurationSetName: 'Set',
      Destination: { ToAddresses: ['b@example.com'], BccAddresses: ['c@example.org'] },
    };
    expect(needed('ses', '', whole, { path })).toEqual([
      ['ses:SendEmail', ...either('a@keyun.example', 'keyun.example')],
      ['ses:SendEmail', arn('ses', 'configuration-set/Set')],
      ['ses:SendEmail', ...either('b@example.com', 'example.com')],
      ['ses:SendEmail', ...either('c@example.org', 'example.org')],
    ]);
    const body = Buffer.from(JSON.stringify(whole));
    const permissions = neededPermissions({ service: 'ses', method: 'POST', path, target: '', body }, []);
    expect(permissions).toHaveLength(4);
    for (const { context } of permissions) expect(context).toEqual({ 'ses:FromAddress': 'a@keyun.example' });
  });
});

it.each<[string, string, unknown]>([
  ['dynamodb', 'ExecuteStatement', { Statement: 'SELECT * FROM Items' }],
  ['states', 'ListStateMachines', {}],
  ['ses', '', {}],
  ['kms', 'Decrypt', {}],
])('%s %s is refused until somebody says what it needs', (service, target, input) => {
  expect(() => needed(service, target, input)).toThrow(/does not know what .* has to be granted/);
});
