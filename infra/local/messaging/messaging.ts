import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { awsClient, patientLimits } from '../../../shared/platform/aws-client.ts';
import { startFauxqs } from 'fauxqs';
import { Server } from 'node:net';
import * as z from 'zod';
import type { Deployment } from '../template/deployment.ts';
import { accountId, region } from '../template/identities.ts';
import { localCredentials } from '../iam/local-credentials.ts';
import { readServiceCalls } from '../iam/service-calls.ts';
import type { LocalLog } from '../run/local-log.ts';
import { json, number } from '../template/template-shapes.ts';

export type LocalMessaging = {
  endpoint: string;
  sqs: SQSClient;
  sns: SNSClient;
  /**
   * Makes the messages that were in work when the last run ended visible again within a second. Their receiver no
   * longer exists, and its visibility time-out, which suits a living receiver, may last minutes.
   */
  releaseInFlight(queueName: string): Promise<void>;
  stop(): Promise<void>;
};

/** Starts queues and topics. Their messages are in `folder` and survive a restart. */
export const startMessaging = async (port: number, folder: string): Promise<LocalMessaging> => {
  const server = await onLoopback(() =>
    startFauxqs({ port, dataDir: folder, logger: false, defaultRegion: region }),
  );
  const endpoint = `http://127.0.0.1:${server.port}`;
  const settings = { endpoint, region, credentials: localCredentials };
  const sqs = awsClient(SQSClient, patientLimits, settings);
  const sns = awsClient(SNSClient, patientLimits, settings);
  return {
    endpoint,
    sqs,
    sns,
    releaseInFlight: async (queueName) => {
      const queue = server.inspectQueue(queueName);
      for (const { receiptHandle: ReceiptHandle } of queue?.messages.inflight ?? [])
        await sqs.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: `${endpoint}/${accountId}/${queueName}`,
            ReceiptHandle,
            // With 0 the emulator loses the message until the next start.
            VisibilityTimeout: 1,
          }),
        );
    },
    stop: async () => {
      sqs.destroy();
      sns.destroy();
      await server.stop();
    },
  };
};

/**
 * The emulator listens on every interface of the machine and offers no choice, so we replace its listener while it
 * starts.
 */
const onLoopback = async <Value>(start: () => Promise<Value>): Promise<Value> => {
  const { listen } = Server.prototype;
  Server.prototype.listen = function (this: Server, ...args: unknown[]) {
    const [options, ...rest] = args as [{ host?: string }, ...unknown[]];
    const own = options?.host === '0.0.0.0' ? { ...options, host: '127.0.0.1' } : options;
    return Reflect.apply(listen, this, [own, ...rest]) as Server;
  } as typeof listen;
  try {
    return await start();
  } finally {
    Server.prototype.listen = listen;
  }
};

const queueSchema = z.object({
  VisibilityTimeout: number.optional(),
  DelaySeconds: number.optional(),
  MessageRetentionPeriod: number.optional(),
  ReceiveMessageWaitTimeSeconds: number.optional(),
  MaximumMessageSize: number.optional(),
  FifoQueue: z.literal(false).optional(),
  RedrivePolicy: json.optional(),
});

const subscriptionSchema = z.object({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string().optional(),
  FilterPolicy: json.optional(),
  FilterPolicyScope: z.string().optional(),
  RawMessageDelivery: z.union([z.boolean(), z.string()]).optional(),
  RedrivePolicy: json.optional(),
});

/**
 * Makes the template's queues, topics and subscriptions, or changes existing ones to match the template. A topic delivers
 * nothing to a queue whose policy does not let it in.
 */
export const createMessaging = async (
  deployment: Deployment,
  { sqs, sns, releaseInFlight }: LocalMessaging,
  log: LocalLog,
): Promise<void> => {
  for (const { attributes, properties } of deployment.all('AWS::SQS::Queue', queueSchema)) {
    const name = attributes['QueueName'] ?? '';
    await putQueue(sqs, name, asAttributes(properties));
    await releaseInFlight(name);
  }
  for (const { attributes } of deployment.all('AWS::SNS::Topic', z.object({})))
    await sns.send(new CreateTopicCommand({ Name: attributes['TopicName'] }));
  const refusalOf = readServiceCalls(deployment);
  for (const { logicalId, properties } of deployment.all('AWS::SNS::Subscription', subscriptionSchema)) {
    const { TopicArn, Protocol, Endpoint = '', ...attributes } = properties;
    const refusal = Protocol === 'sqs' && refusalOf({ service: 'sns', source: TopicArn, target: Endpoint });
    if (refusal) {
      log.say(refusal);
      await removeSubscription(sns, TopicArn, Endpoint);
    } else if (Protocol === 'sqs') await putSubscription(sns, TopicArn, Endpoint, asAttributes(attributes));
    else log.say(`${logicalId}: the local run does not deliver messages to ${Protocol} ${Endpoint}`);
  }
};

const asAttributes = (properties: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  );

const putQueue = async (sqs: SQSClient, name: string, attributes: Record<string, string>): Promise<void> => {
  try {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: attributes }));
  } catch (error) {
    if (!(error instanceof QueueDoesNotExist)) throw error;
    await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  }
};

const findSubscription = async (
  sns: SNSClient,
  topicArn: string,
  queueArn: string,
): Promise<string | undefined> => {
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
  return Subscriptions.find(({ Endpoint }) => Endpoint === queueArn)?.SubscriptionArn;
};

/** The last run may have had it. */
const removeSubscription = async (sns: SNSClient, topicArn: string, queueArn: string): Promise<void> => {
  const standing = await findSubscription(sns, topicArn, queueArn);
  if (standing) await sns.send(new UnsubscribeCommand({ SubscriptionArn: standing }));
};

/**
 * We set the attributes of an existing subscription again: the emulator would refuse to subscribe it with other ones.
 */
const putSubscription = async (
  sns: SNSClient,
  topicArn: string,
  queueArn: string,
  attributes: Record<string, string>,
): Promise<void> => {
  const standing = await findSubscription(sns, topicArn, queueArn);
  if (!standing) {
    await sns.send(
      new SubscribeCommand({
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: queueArn,
        Attributes: attributes,
      }),
    );
    return;
  }
  for (const [AttributeName, AttributeValue] of Object.entries(attributes))
    await sns.send(
      new SetSubscriptionAttributesCommand({ SubscriptionArn: standing, AttributeName, AttributeValue }),
    );
};
