import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { awsClient, functionLimits } from './aws-client.ts';
import { required } from './config.ts';
import { publishedEventSchema, type PublishedEvent } from './events.ts';

let client: SNSClient | undefined;

/** SNS takes ten messages at once. */
const batchMax = 10;

/** Publishes events to the topic; the attribute `event` is what subscriptions filter by. Throws unless all went out. */
export const publish = async (events: readonly PublishedEvent[]): Promise<void> => {
  client ??= awsClient(SNSClient, functionLimits);
  for (let start = 0; start < events.length; start += batchMax) {
    const { Failed } = await client.send(
      new PublishBatchCommand({
        TopicArn: required('EVENTS_TOPIC_ARN'),
        PublishBatchRequestEntries: events.slice(start, start + batchMax).map((event, index) => ({
          Id: String(index),
          Message: JSON.stringify(publishedEventSchema.parse(event)),
          MessageAttributes: { event: { DataType: 'String', StringValue: event.event } },
        })),
      }),
    );
    if (Failed && Failed.length > 0)
      throw new Error(`${Failed.length} events were not published: ${Failed[0]?.Code}`);
  }
};
