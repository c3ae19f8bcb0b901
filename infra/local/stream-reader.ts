import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record,
} from '@aws-sdk/client-dynamodb-streams';
import { region } from './identities.ts';
import { localCredentials } from './local-credentials.ts';

export type StreamReader = {
  /** Up to `limit` records after a sequence number, or from the beginning. */
  readAfter(sequenceNumber: string | undefined, limit: number): Promise<_Record[]>;
  stop(): void;
};

/** Reads the stream of a table. The emulator has one shard that never ends. */
export const openStream = async (
  dynamo: DynamoDBClient,
  endpoint: string,
  tableName: string,
): Promise<StreamReader> => {
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: tableName }));
  const StreamArn = Table?.LatestStreamArn;
  if (!StreamArn) throw new Error(`the table ${tableName} has no stream`);
  const streams = new DynamoDBStreamsClient({ endpoint, region, credentials: localCredentials });
  let next: { after: string | undefined; iterator: string | undefined } | undefined;

  const iteratorAfter = async (sequenceNumber: string | undefined): Promise<string | undefined> => {
    if (next && next.after === sequenceNumber && next.iterator) return next.iterator;
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
    if (!ShardId) return undefined;
    const { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({
        StreamArn,
        ShardId,
        ...(sequenceNumber === undefined
          ? { ShardIteratorType: 'TRIM_HORIZON' }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: sequenceNumber }),
      }),
    );
    return ShardIterator;
  };

  return {
    readAfter: async (sequenceNumber, limit) => {
      const ShardIterator = await iteratorAfter(sequenceNumber);
      next = undefined;
      if (!ShardIterator) return [];
      const { Records = [], NextShardIterator } = await streams.send(
        new GetRecordsCommand({ ShardIterator, Limit: limit }),
      );
      const after = Records.at(-1)?.dynamodb?.SequenceNumber ?? sequenceNumber;
      next = { after, iterator: NextShardIterator };
      return Records;
    },
    stop: () => streams.destroy(),
  };
};
