import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expressionsOf, type Expressed } from './clauses.ts';
import { conditionally, type Item, type Table } from './dynamo.ts';

/** The result of a write: with the new item, or the item that refused it, if the caller asked for that. */
type Result = { outcome: 'written' | 'refused'; item: Item | undefined };

/** The item to return: the one after the write, or the one that refused it. */
type Returns = { written?: true; refused?: true };

/** Changes one item if every clause holds. Throws any other error: the write may then have happened or not. */
export const updateIf = async (
  table: Table,
  key: Item,
  { returns, ...expressed }: Expressed & { update: string; returns?: Returns },
): Promise<Result> => {
  let item: Item | undefined;
  const write = table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: key,
      ...expressionsOf(expressed),
      ...(returns?.written && { ReturnValues: 'ALL_NEW' }),
      ...(returns?.refused && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    }),
  );
  const result = await conditionally(
    write.then(({ Attributes }) => {
      item = Attributes;
    }),
  );
  return { outcome: result.outcome, item: result.outcome === 'written' ? item : result.found };
};

/** Puts one item if every clause holds for the item under its key; a refusal returns that item if asked. */
export const putIf = async (
  table: Table,
  item: Item,
  { returns, ...expressed }: Omit<Expressed, 'update'> & { returns?: Pick<Returns, 'refused'> },
): Promise<Result> => {
  const result = await conditionally(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: item,
        ...expressionsOf(expressed),
        ...(returns?.refused && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
      }),
    ),
  );
  return { outcome: result.outcome, item: result.outcome === 'written' ? item : result.found };
};
