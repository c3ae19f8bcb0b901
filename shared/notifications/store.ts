import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { sentKeptUntil } from '../bookings/kept-until.ts';
import { bookingKey } from '../bookings/keys.ts';
import { allOf } from '../platform/clauses.ts';
import { conditionally, type Table } from '../platform/dynamo.ts';
import { sentMessageSchema, type SentMessage, type SentRef } from './model.ts';

/** Records live in their order's partition, one for each event and channel. */
const keyOf = ({ orderId, eventId, channel }: SentRef) =>
  bookingKey('sent', orderId, `${eventId}#${channel}`);

export const readSent = async (bookings: Table, message: SentRef): Promise<SentMessage | undefined> => {
  const { Item: item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOf(message), ConsistentRead: true }),
  );
  return item && sentMessageSchema.parse(item);
};

/** Records a message. If two deliveries come at once, the first record stays. */
export const putSent = async (bookings: Table, message: SentMessage): Promise<void> => {
  await conditionally(
    bookings.client.send(
      new PutCommand({
        TableName: bookings.name,
        Item: {
          ...sentMessageSchema.parse(message),
          ...keyOf(message),
          ttl: sentKeptUntil(message.at),
        },
        ConditionExpression: allOf('attribute_not_exists(pk)'),
      }),
    ),
  );
};
