import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { shardsOf } from '../../shared/inventory/shards.ts';
import { conditionally, type Table } from '../../shared/platform/dynamo.ts';
import { classSchema } from '../../shared/platform/ids.ts';
import type { Run } from '../../shared/timetable/model.ts';

/**
 * T22 as far as a simulation needs it: the run is closed, then every shard that exists. One that nobody has touched
 * stays absent, so that the last buyer may still take seats of a closed run; then the money has to go back.
 */
export const closeRun = async (
  { timetable, inventory }: { timetable: Table; inventory: Table },
  run: Run,
): Promise<void> => {
  await timetable.client.send(
    new UpdateCommand({
      TableName: timetable.name,
      Key: { pk: `frozen#${run.serviceDate}`, sk: run.runId },
      ConditionExpression: 'attribute_exists(pk)',
      UpdateExpression: 'SET #state = :closed',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':closed': 'closed' },
    }),
  );
  for (const shard of shardsOf(run.layout, classSchema.parse('second')).keys()) {
    await conditionally(
      inventory.client.send(
        new UpdateCommand({
          TableName: inventory.name,
          Key: { pk: `${run.runId}#second#${shard}` },
          ConditionExpression: 'attribute_exists(pk)',
          UpdateExpression: 'SET closed = :now',
          ExpressionAttributeValues: { ':now': 1 },
        }),
      ),
    );
  }
};
