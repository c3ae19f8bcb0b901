import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hangUp, manners, moments, type WireRequest } from '../../support/hang-up.ts';
import { startLocalRun, type LocalRun } from '../../support/local-run.ts';

// The first start may have to bundle and synthesize.
jest.setTimeout(180_000);

let run: LocalRun;
beforeAll(async () => {
  run = await startLocalRun();
});
afterAll(() => run.stop());

const signed = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
const text = 'x'.repeat(20_000);

/** A request for everything that listens, as whoever uses it sends it. */
const requestsOf = ({ endpoints }: LocalRun): Record<string, WireRequest> => ({
  'the API': {
    endpoint: endpoints.api,
    path: '/v1/payment-callbacks/alipay',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `body=${text}`,
  },
  'the sign-in page': {
    endpoint: endpoints.signIn,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'email=zhang%40example.com&group=operators',
  },
  'the inbox': {
    endpoint: endpoints.inbox,
    path: '/v2/email/outbound-emails',
    headers: { authorization: signed('ses'), 'Content-Type': 'application/json' },
    body: JSON.stringify({
      FromEmailAddress: 'a@keyun.example',
      Destination: { ToAddresses: ['b@example.com'] },
      Content: { Simple: { Subject: { Data: 's' }, Body: { Text: { Data: text } } } },
    }),
  },
  'the inbox’s page': { endpoint: endpoints.inbox, method: 'GET', body: '' },
  'the cashier': {
    endpoint: endpoints.cashier,
    path: '/gateway.do',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `method=alipay.trade.query&biz_content=${text}`,
  },
  DynamoDB: {
    endpoint: endpoints.dynamodb,
    headers: { authorization: signed('dynamodb'), 'X-Amz-Target': 'DynamoDB_20120810.Scan' },
    body: JSON.stringify({ TableName: endpoints.tables.timetable }),
  },
  'SQS and SNS': {
    endpoint: endpoints.queues,
    headers: {
      authorization: signed('sqs'),
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': 'AmazonSQS.ListQueues',
    },
    body: JSON.stringify({ QueueNamePrefix: text.slice(0, 70) }),
  },
  'Step Functions': {
    endpoint: endpoints.aws,
    headers: {
      'X-Amz-Target': 'AWSStepFunctions.ListExecutions',
      'Content-Type': 'application/x-amz-json-1.0',
    },
    body: JSON.stringify({ stateMachineArn: text }),
  },
});

const names = [
  'the API',
  'the sign-in page',
  'the inbox',
  'the inbox’s page',
  'the cashier',
  'DynamoDB',
  'SQS and SNS',
  'Step Functions',
];

/** Every one of them says something, whatever it is. */
const allAnswer = async (): Promise<void> => {
  for (const { endpoint } of Object.values(requestsOf(run))) await fetch(endpoint);
  expect((await fetch(`${run.endpoints.api}/v1/health`)).status).toBe(200);
};

it.each(names)('%s goes on when clients go away at every moment', async (name) => {
  const request = requestsOf(run)[name]!;
  for (const manner of manners)
    for (const moment of moments)
      await Promise.all(Array.from({ length: 8 }, () => hangUp(request, moment, manner)));
  await allAnswer();
  expect(run.hasEnded()).toBe(false);
});

it('whoever knocks at the lock of the data folder and leaves does not end the run', async () => {
  const hash = createHash('sha256').update(realpathSync(run.dataDir)).digest('hex').slice(0, 24);
  const path = join(tmpdir(), `keyun-${hash}.sock`);
  for (let round = 0; round < 50; round += 1) {
    const socket = connect(path);
    socket.on('error', () => undefined);
    socket.on('connect', () => {
      socket.write('who is there?');
      socket.destroy();
    });
    await new Promise((resolve) => socket.on('close', resolve));
  }
  await allAnswer();
  expect(run.hasEnded()).toBe(false);
});

it('requests that nobody should send do not end the run', async () => {
  const { endpoints } = run;
  const odd = [
    '/%',
    '/cashier/%E0%A4%A',
    '//',
    '/get-emlContent?messageId=none',
    '/get-emlContent',
    '/store?since=x',
  ];
  for (const endpoint of [endpoints.api, endpoints.signIn, endpoints.inbox, endpoints.cashier, endpoints.aws])
    for (const path of odd) await (await fetch(endpoint + path)).text().catch(() => undefined);
  await allAnswer();
  expect(run.hasEnded()).toBe(false);
});
