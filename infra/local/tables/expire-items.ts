import { DeleteItemCommand, ScanCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Deployment } from '../template/deployment.ts';
import type { LocalClock } from '../run/local-clock.ts';
import type { LocalLog } from '../run/local-log.ts';
import { flag } from '../template/template-shapes.ts';

const tableSchema = z.object({
  KeySchema: z.array(z.object({ AttributeName: z.string() })),
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: flag }).optional(),
});

/** Real tables take hours or days: nothing may rely on it, so this does not hurry either. */
const everyMilliseconds = 3_600_000;

/**
 * Deletes items after their time to live, which the emulator does not do. It uses the clock of the run, by which
 * the items have their time, and deletes an item only if it is still expired at that moment.
 */
export const startExpiry = (
  deployment: Pick<Deployment, 'all'>,
  dynamo: DynamoDBClient,
  { log, clock }: { log: Pick<LocalLog, 'say'>; clock: Pick<LocalClock, 'now'> },
): { stop(): void; sweep(): Promise<void> } => {
  const tables = (['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'] as const)
    .flatMap((type) => deployment.all(type, tableSchema))
    .flatMap(({ ref, properties: { KeySchema, TimeToLiveSpecification: expiry } }) =>
      expiry?.Enabled
        ? [{ name: ref, keys: KeySchema.map(({ AttributeName }) => AttributeName), by: expiry.AttributeName }]
        : [],
    );

  const sweepTable = async ({ name, keys, by }: (typeof tables)[number]) => {
    const condition = {
      TableName: name,
      ExpressionAttributeNames: { '#by': by },
      ExpressionAttributeValues: { ':now': { N: String(Math.floor(clock.now() / 1000)) } },
    };
    let from: Record<string, never> | undefined;
    do {
      const page = await dynamo.send(
        new ScanCommand({ ...condition, FilterExpression: '#by < :now', ExclusiveStartKey: from }),
      );
      for (const item of page.Items ?? []) {
        const Key = Object.fromEntries(keys.flatMap((key) => (item[key] ? [[key, item[key]]] : [])));
        await dynamo
          .send(new DeleteItemCommand({ ...condition, Key, ConditionExpression: '#by < :now' }))
          .catch(unlessChanged);
      }
      from = page.LastEvaluatedKey as Record<string, never> | undefined;
    } while (from);
  };

  const sweep = async () => {
    for (const table of tables) await sweepTable(table);
  };
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => log.say(`could not delete expired items: ${String(error)}`));
  }, everyMilliseconds).unref();
  return { stop: () => clearInterval(timer), sweep };
};

/** Somebody has extended it in the meantime. */
const unlessChanged = (error: unknown): void => {
  if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
};
