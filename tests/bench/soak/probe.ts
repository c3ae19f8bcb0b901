import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { awsClient, patientLimits } from '../../../shared/platform/aws-client.ts';
import type { Endpoints } from '../../../infra/local/run/data-dir.ts';
import { region } from '../../../infra/local/template/identities.ts';
import { localCredentials } from '../../../infra/local/iam/local-credentials.ts';
import { openStream } from '../../../infra/local/tables/stream-reader.ts';

export type Probe = { look(): Promise<{ writeMs: number; pollMs: number }>; stop(): void };

const tableName = 'SoakProbe';
const looks = 20;

/** How long one write to a table with a stream takes, and one look at the stream of the orders: medians of twenty. */
export const startProbe = async (endpoints: Endpoints): Promise<Probe> => {
  const dynamo = awsClient(DynamoDBClient, patientLimits, {
    endpoint: endpoints.dynamodb,
    region,
    credentials: localCredentials,
  });
  await dynamo.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    }),
  );
  const stream = await openStream(dynamo, endpoints.dynamodb, endpoints.tables.bookings);
  // Beyond every record: what a reader with nothing to do asks for.
  const beyond = String(2 ** 40);
  return {
    look: async () => ({
      writeMs: await median((n) =>
        dynamo.send(new PutItemCommand({ TableName: tableName, Item: { pk: { S: `probe ${n}` } } })),
      ),
      pollMs: await median(() => stream.readAfter(beyond, 100)),
    }),
    stop: () => {
      stream.stop();
      dynamo.destroy();
    },
  };
};

const median = async (work: (n: number) => Promise<unknown>): Promise<number> => {
  const times: number[] = [];
  for (let n = 0; n < looks; n += 1) {
    const began = performance.now();
    await work(n);
    times.push(performance.now() - began);
  }
  return times.toSorted((a, b) => a - b)[looks / 2] ?? 0;
};
