import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { bookingKey } from '../bookings/keys.ts';
import type { Table } from '../platform/dynamo.ts';
import { ticketKey, type TicketKey } from './code-keys.ts';

/** Table `Bookings`: `KEYS#tickets` / `PUBLIC`, the public halves of all keys whose tickets are valid. */
const key = bookingKey('ticketKeys', 'tickets');

/** Publishes the keys for functions that may not read the secret. A key that is no longer among them is not trusted any more. */
export const publishKeys = async (bookings: Table, keys: readonly TicketKey[]): Promise<void> => {
  const publicKeys = keys.map(({ publicKey }) => publicKey.toString('base64url'));
  await bookings.client.send(new PutCommand({ TableName: bookings.name, Item: { ...key, publicKeys } }));
};

export const readPublishedKeys = async (bookings: Table): Promise<TicketKey[]> => {
  const { Item } = await bookings.client.send(new GetCommand({ TableName: bookings.name, Key: key }));
  const published = Array.isArray(Item?.['publicKeys']) ? Item['publicKeys'] : [];
  return published.map((publicKey) => ticketKey(Buffer.from(String(publicKey), 'base64url')));
};
