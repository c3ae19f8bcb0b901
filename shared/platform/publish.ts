import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { awsClient, functionLimits } from './aws-client.ts';
import { required } from './config.ts';
import { publishedEventSchema, type PublishedEvent } from './events.ts';

let client: SNSClient | undefined;

/** SNS accepts ten messages per request. */
export const publishedAtOnce = 10;

/**
 * Publishes up to ten events to the topic; subscriptions filter by the attribute `event`. Throws unless SNS accepts all
 * of them.
 */
export const publish = async (events: readonly PublishedEvent[], signal: AbortSignal): Promise<void> => {
  client ??= awsClient(SNSClient, functionLimits);
  const { Failed } = await client.send(
    new PublishBatchCommand({
      TopicArn: required('EVENTS_TOPIC_ARN'),
      PublishBatchRequestEntries: events.map((event, index) => ({
        Id: String(index),
        Message: JSON.stringify(publishedEventSchema.parse(event)),
        MessageAttributes: { event: { DataType: 'String', StringValue: event.event } },
      })),
    }),
    { abortSignal: signal },
  );
  if (Failed && Failed.length > 0)
    throw new Error(`${Failed.length} events failed to publish: ${Failed[0]?.Code}`);
};
