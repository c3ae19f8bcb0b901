import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { allOf, type Item, type Table, type TransactItem } from '../platform/dynamo.ts';
import { userIdSchema, type UserId } from '../platform/ids.ts';

/** `USER#<userId>` / `OPEN` counts a user's open orders, inside the transactions that open and end them. */
const keyOfCount = (userId: UserId) => ({ pk: `USER#${userId}`, sk: 'OPEN' });

export const openCountFromItem = (item: Item): { userId: UserId; openOrders: number } => ({
  userId: userIdSchema.parse(String(item['pk']).slice('USER#'.length)),
  openOrders: Number(item['openOrders']),
});

/** How many orders of a user are open, as counted. */
export const readOpenCount = async (bookings: Table, userId: UserId): Promise<number> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOfCount(userId), ConsistentRead: true }),
  );
  return Item ? openCountFromItem(Item).openOrders : 0;
};

export const countOneMore = (bookings: Table, userId: UserId, openOrdersMax: number): TransactItem => ({
  Update: {
    TableName: bookings.name,
    Key: keyOfCount(userId),
    ConditionExpression: allOf('attribute_not_exists(openOrders) OR openOrders < :max'),
    UpdateExpression: 'ADD openOrders :one',
    ExpressionAttributeValues: { ':one': 1, ':max': openOrdersMax },
  },
});

/** Without a condition: a count that is off must never keep an order from ending or money from its use. */
export const countOneLess = (bookings: Table, userId: UserId): TransactItem => ({
  Update: {
    TableName: bookings.name,
    Key: keyOfCount(userId),
    UpdateExpression: 'ADD openOrders :less',
    ExpressionAttributeValues: { ':less': -1 },
  },
});
