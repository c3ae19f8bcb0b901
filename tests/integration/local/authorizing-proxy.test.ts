import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { makeAuthorize } from '../../../infra/local/iam/authorize-request.ts';
import { startAuthorizingProxy, type AuthorizingProxy } from '../../../infra/local/iam/authorizing-proxy.ts';
import { makeDeployment } from '../../../infra/local/template/deployment.ts';
import { startDynamo, type LocalDynamo } from '../../../infra/local/tables/dynamodb.ts';
import type { Resource } from '../../../infra/local/template/template.ts';

const tableArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/Items';
const said: string[] = [];
let dynamo: LocalDynamo;
let proxy: AuthorizingProxy;

/** A function that may put and get, and no more. */
const Resources: Record<string, Resource> = {
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      Policies: [
        {
          PolicyName: 'own',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Action: ['dynamodb:PutItem', 'dynamodb:GetItem'], Resource: tableArn },
            ],
          },
        },
      ],
    },
  },
  PlaceOrder: {
    Type: 'AWS::Lambda::Function',
    Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Description: 'api/orders/place-order' },
  },
};

const settingsOf = (accessKeyId: string) => ({
  endpoint: proxy.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId, secretAccessKey: 'x' },
});
const clients: { destroy(): void }[] = [];
const clientOf = (accessKeyId: string): DynamoDBClient => {
  const client = new DynamoDBClient(settingsOf(accessKeyId));
  clients.push(client);
  return client;
};

beforeAll(async () => {
  dynamo = await startDynamo();
  const deployment = makeDeployment([{ stackName: 'Test', Resources }], { api: '', issuer: '', sqs: '' });
  const { authorize } = makeAuthorize(deployment, { say: (line) => void said.push(line) });
  // Whatever is refused must not get there, so nothing listens where the others would be.
  const nowhere = 'http://127.0.0.1:9';
  const addresses = { dynamodb: dynamo.endpoint, sns: nowhere, ses: nowhere, states: nowhere };
  proxy = await startAuthorizingProxy(authorize, addresses);
  await clientOf('somebody').send(
    new CreateTableCommand({
      TableName: 'Items',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await proxy.stop();
  await dynamo.stop();
});

const put = (pk: string, text = '') =>
  new PutItemCommand({ TableName: 'Items', Item: { pk: { S: pk }, text: { S: text } } });
const get = (pk: string) => new GetItemCommand({ TableName: 'Items', Key: { pk: { S: pk } } });

it('what a function is granted comes through whole, also much at once', async () => {
  const client = clientOf('PlaceOrder');
  const text = '车票'.repeat(50_000);
  const keys = Array.from({ length: 20 }, (_, n) => `granted-${n}`);
  await Promise.all(keys.map((key) => client.send(put(key, text))));
  const found = await Promise.all(keys.map((key) => client.send(get(key))));
  expect(found.every(({ Item }) => Item?.['text']?.S === text)).toBe(true);
});

it('what it is not granted is refused as AWS refuses it, and whoever watches is told', async () => {
  const scan = clientOf('PlaceOrder').send(new ScanCommand({ TableName: 'Items' }));
  await expect(scan).rejects.toMatchObject({
    name: 'AccessDeniedException',
    $metadata: { httpStatusCode: 400, attempts: 1 },
    message:
      'User: arn:aws:sts::000000000000:assumed-role/Role/PlaceOrder is not authorized to perform: ' +
      `dynamodb:Scan on resource: ${tableArn} because no identity-based policy allows the dynamodb:Scan action`,
  });
  expect(said.at(-1)).toMatch(/^api\/orders\/place-order lacks a grant .*dynamodb:Scan/);
});

it('a transaction with one action that is not granted is refused as a whole', async () => {
  const Put = { TableName: 'Items', Item: { pk: { S: 'half' } } };
  const Delete = { TableName: 'Items', Key: { pk: { S: 'other' } } };
  const both = new TransactWriteItemsCommand({ TransactItems: [{ Put }, { Delete }] });
  await expect(clientOf('PlaceOrder').send(both)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('dynamodb:DeleteItem') as string,
  });
  expect((await clientOf('PlaceOrder').send(get('half'))).Item).toBeUndefined();
});

it('credentials that are no function’s may do anything', async () => {
  const { Count } = await clientOf('somebody').send(new ScanCommand({ TableName: 'Items', Limit: 1 }));
  expect(Count).toBe(1);
});

it('each service refuses in its own words', async () => {
  const settings = settingsOf('PlaceOrder');
  const sns = new SNSClient(settings);
  const ses = new SESv2Client(settings);
  const states = new SFNClient(settings);
  clients.push(sns, ses, states);
  const publish = new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:000000000000:T', Message: '<&>' });
  await expect(sns.send(publish)).rejects.toMatchObject({
    name: 'AuthorizationErrorException',
    message: expect.stringContaining('sns:Publish') as string,
  });
  const mail = new SendEmailCommand({
    FromEmailAddress: 'a@keyun.example',
    Content: { Simple: { Subject: { Data: 's' }, Body: {} } },
  });
  await expect(ses.send(mail)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('ses:SendEmail') as string,
  });
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:purchase';
  await expect(states.send(new StartExecutionCommand({ stateMachineArn }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('states:StartExecution') as string,
  });
});
