import {
  GetQueueUrlCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { passenger } from '../../../cli/demo/passengers.ts';
import { tokenFor } from '../../../infra/local/identity/issue-tokens.ts';
import { projectRoot, templatesFolder } from '../../../infra/local/run/paths.ts';
import { makeResolve } from '../../../infra/local/template/intrinsics.ts';
import { readTemplates } from '../../../infra/local/template/template.ts';
import { startLocalRun, type LocalRun } from '../../support/local-run.ts';

// The first start may have to bundle and synthesize.
jest.setTimeout(180_000);

let run: LocalRun;
let sqs: SQSClient;
let runId: string;
beforeAll(async () => {
  run = await startLocalRun();
  const { queues, api } = run.endpoints;
  sqs = new SQSClient({
    endpoint: queues,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const date = new Date(Date.now() + 4 * 86_400_000).toISOString().slice(0, 10);
  const found = await fetch(`${api}/v1/journeys?from=VNP&to=AOH&date=${date}`);
  const { journeys } = (await found.json()) as { journeys: { runId: string }[] };
  runId = journeys[0]?.runId ?? '';
});
afterAll(async () => {
  sqs?.destroy();
  await run?.stop();
});

let people = 0;
/** Holds a seat for the owner of this address, to whom a mail about it goes. */
const hold = async (email: string): Promise<string> => {
  const { api, signIn, clientId } = run.endpoints;
  const token = await tokenFor(run.dataDir, {
    issuer: signIn,
    clientId,
    email,
    groups: [],
  });
  people += 1;
  const response = await fetch(`${api}/v1/orders`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': `mail-${people}`,
    },
    body: JSON.stringify({
      runId,
      from: 'VNP',
      to: 'AOH',
      class: 'second',
      passengers: [passenger(people)],
      contact: { email, locale: 'en' },
    }),
  });
  return ((await response.json()) as { orderId: string }).orderId;
};

const until = async <Value>(look: () => Promise<Value | undefined>): Promise<Value> => {
  const deadline = Date.now() + 90_000;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(200);
  }
  throw new Error('it has not come in a minute and a half');
};

/** A command as one types it. */
const keyun = async (...words: string[]): Promise<string> => {
  const env = { ...process.env, KEYUN_DATA_DIR: run.dataDir };
  const { stdout } = await promisify(execFile)(process.execPath, ['cli/keyun.ts', ...words], {
    cwd: projectRoot,
    env,
  });
  return stdout;
};

type Mail = { destination: { to: string[] } };
const mailsTo = async (address: string): Promise<number> => {
  const store = (await (await fetch(`${run.endpoints.inbox}/store`)).json()) as { emails: Mail[] };
  return store.emails.filter(({ destination }) => destination.to.includes(address)).length;
};

const messagesOf = async (orderId: string) => {
  const { messages } = JSON.parse(await keyun('orders', 'show', orderId, '--json')) as {
    messages: { outcome: string; fate?: { became: string; why: string } }[];
  };
  return messages;
};

describe('what SES reports about a mail is shown with its order:', () => {
  test.each([
    ['bounce@simulator.amazonses.com', 'undelivered', 'bounced: Permanent, General, 5.1.1'],
    ['ooto@simulator.amazonses.com', 'unclear', 'bounced: Transient, General'],
    ['complaint@simulator.amazonses.com', 'complained', 'complained: abuse'],
  ])('of one to %s, that it was %s', async (address, became, why) => {
    const orderId = await hold(address);
    const [message] = await until(async () => {
      const messages = await messagesOf(orderId);
      return messages.some(({ fate }) => fate) ? messages : undefined;
    });
    expect(message).toMatchObject({ outcome: 'sent', fate: { became, why } });
    expect(await keyun('orders', 'show', orderId)).toMatch(
      new RegExp(`mail about order-held {2}sent .* {2}${became} .*: ${why}`),
    );
  });
});

/** What the template says of a resource, with its references resolved. */
const deployed = (type: string, idPart: string): { id: string; properties: Record<string, unknown> } => {
  const templates = readTemplates(templatesFolder);
  const resolve = makeResolve(templates, { api: '', issuer: '', sqs: run.endpoints.queues });
  for (const { stackName, Resources } of templates)
    for (const [id, { Type, Properties = {} }] of Object.entries(Resources))
      if (Type === type && id.includes(idPart))
        return { id, properties: resolve(stackName, Properties) as Record<string, unknown> };
  throw new Error(`no ${type} ${idPart}`);
};

const queueUrl = async (QueueName: string): Promise<string> =>
  (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? '';

/** The messages that CloudWatch counts as `ApproximateNumberOfMessagesVisible`. */
const visible = async (QueueUrl: string): Promise<number> => {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes?.['ApproximateNumberOfMessages']);
};

const sandbox = (verified: readonly string[]) =>
  fetch(`${run.endpoints.inbox}/sandbox`, { method: 'PUT', body: JSON.stringify({ verified }) });

const logs = (): string => {
  const folder = join(run.dataDir, 'logs');
  return readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('');
};

test('a mail that SES refuses is tried again, and then waits among the dead letters, which an alarm counts, until it can go', async () => {
  const address = 'traveller@example.com';
  const { MetricName, Dimensions } = deployed('AWS::CloudWatch::Alarm', 'DeadLettersSendEmail').properties;
  expect(MetricName).toBe('ApproximateNumberOfMessagesVisible');
  const deadLetters = await queueUrl((Dimensions as { Value: string }[])[0]?.Value ?? '');
  const queue = await queueUrl(deployed('AWS::SQS::Queue', 'SendEmailQueue').id);
  // Five attempts, three minutes apart, would take a quarter of an hour.
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue, Attributes: { VisibilityTimeout: '1' } }));

  expect((await sandbox([])).status).toBe(204);
  const orderId = await hold(address);
  expect(await until(async () => (await visible(deadLetters)) || undefined)).toBe(1);
  expect(await mailsTo(address)).toBe(0);
  expect(await messagesOf(orderId)).toEqual([]);
  const log = logs();
  expect(log.match(/"MailRefusals":1/g)).toHaveLength(5);
  expect(log).toContain(
    'not sent, MessageRejected: in the sandbox the recipient or the sender is not verified',
  );
  expect(log).not.toContain(address);

  // Whoever gets the alarm has the address verified, and redrives the queue.
  await sandbox([address]);
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: deadLetters, WaitTimeSeconds: 5 }),
  );
  const [letter] = Messages;
  await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: letter?.Body }));
  const sent = await until(async () => {
    const messages = await messagesOf(orderId);
    return messages.length > 0 ? messages : undefined;
  });
  expect(sent).toMatchObject([{ outcome: 'sent' }]);
  expect(await mailsTo(address)).toBe(1);
});
