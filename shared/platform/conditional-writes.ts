import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expressionsOf, type Expressed } from './clauses.ts';
import { conditionally, type Item, type Table } from './dynamo.ts';

/** What came of a write: with the item as it is now, or as it was found, where that was asked for. */
type Result = { outcome: 'written' | 'refused'; item: Item | undefined };

/** Which item is to come back: after the write, or as it was found by a write that was refused. */
type Returns = { written?: true; refused?: true };

/** Changes one item if every clause holds. Any error but that is thrown: the write may then have happened or not. */
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

/** Puts one item if every clause holds of what stands under its key; a refusal brings that along where asked for. */
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
