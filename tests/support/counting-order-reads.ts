import { BatchGetCommand, GetCommand, QueryCommand, TransactGetCommand } from '@aws-sdk/lib-dynamodb';
import { keyOfOrder } from '../../shared/orders/change-store.ts';
import type { Item, Table } from '../../shared/platform/dynamo.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import { by } from './faulty-table.ts';

/** A table that counts how often the item of one order is read, by whatever request reads it. */
export const countingOrderReads = (bookings: Table, orderId: OrderId) => {
  const { pk, sk } = keyOfOrder(orderId);
  const isOrder = (key: Item | undefined): boolean => key?.['pk'] === pk && key['sk'] === sk;
  const reads = (command: unknown): boolean => {
    if (command instanceof GetCommand) return isOrder(command.input.Key);
    if (command instanceof BatchGetCommand)
      return Object.values(command.input.RequestItems ?? {}).some(({ Keys }) => Keys?.some(isOrder));
    if (command instanceof TransactGetCommand)
      return command.input.TransactItems?.some(({ Get }) => isOrder(Get?.Key)) ?? false;
    if (!(command instanceof QueryCommand)) return false;
    const values = Object.values(command.input.ExpressionAttributeValues ?? {});
    const prefixes = values.filter((value) => typeof value === 'string' && value !== pk);
    return values.includes(pk) && prefixes.every((prefix) => sk.startsWith(String(prefix)));
  };
  const counted = { reads: 0 };
  const table = by(bookings, (command, send) => {
    if (reads(command)) counted.reads += 1;
    return send(command);
  });
  return { table, counted };
};
