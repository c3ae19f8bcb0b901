import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';
import { awsClient, patientLimits } from '../../../shared/platform/aws-client.ts';
import { region } from '../template/identities.ts';
import { localCredentials } from '../iam/local-credentials.ts';
import { sequenceOf } from './stream-record.ts';

export type StreamReader = {
  /** Up to `limit` records after a sequence number, or from the beginning. */
  readAfter(sequenceNumber: string | undefined, limit: number, stopped?: AbortSignal): Promise<_Record[]>;
  stop(): void;
};

/** Reads the stream of a table, one shard after the other: an emulator has only one growing shard at a time. */
export const openStream = async (
  dynamo: DynamoDBClient,
  endpoint: string,
  tableName: string,
): Promise<StreamReader> => {
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: tableName }));
  const StreamArn = Table?.LatestStreamArn;
  if (!StreamArn) throw new Error(`the table ${tableName} has no stream`);
  const streams = awsClient(DynamoDBStreamsClient, patientLimits, {
    endpoint,
    region,
    credentials: localCredentials,
  });
  let next: { after: string | undefined; iterator: string | undefined } | undefined;

  const iteratorAfter = async (
    sequenceNumber: string | undefined,
    options: { abortSignal?: AbortSignal },
  ): Promise<string | undefined> => {
    if (next && next.after === sequenceNumber && next.iterator) return next.iterator;
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }), options);
    const shard = shardAfter(StreamDescription?.Shards ?? [], sequenceNumber);
    if (!shard?.ShardId) return undefined;
    const { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({ StreamArn, ShardId: shard.ShardId, ...placeIn(shard, sequenceNumber) }),
      options,
    );
    return ShardIterator;
  };

  return {
    readAfter: async (sequenceNumber, limit, stopped) => {
      const options = stopped ? { abortSignal: stopped } : {};
      const ShardIterator = await iteratorAfter(sequenceNumber, options);
      next = undefined;
      if (!ShardIterator) return [];
      const { Records = [], NextShardIterator } = await streams.send(
        new GetRecordsCommand({ ShardIterator, Limit: limit }),
        options,
      );
      const records = Records.filter((record) => isAfter(record, sequenceNumber));
      next = { after: sequenceOf(records.at(-1)) ?? sequenceNumber, iterator: NextShardIterator };
      return records;
    },
    stop: () => streams.destroy(),
  };
};

/** An emulator may report a later beginning of its shard than the real one; then we read from the real one. */
const isAfter = (record: _Record, sequenceNumber: string | undefined): boolean =>
  sequenceNumber === undefined || BigInt(sequenceOf(record) ?? 0) > BigInt(sequenceNumber);

/**
 * The place of the record after this one, present or future. Some emulators give an end to the shard that still grows.
 */
const shardAfter = (shards: readonly Shard[], sequenceNumber: string | undefined): Shard | undefined =>
  shards.find(({ SequenceNumberRange: range }) => {
    const end = range?.EndingSequenceNumber;
    return sequenceNumber === undefined || end === undefined || BigInt(end) > BigInt(sequenceNumber);
  }) ?? shards.at(-1);

const placeIn = ({ SequenceNumberRange: range }: Shard, sequenceNumber: string | undefined) => {
  const start = BigInt(range?.StartingSequenceNumber ?? 0);
  return sequenceNumber === undefined || BigInt(sequenceNumber) < start
    ? { ShardIteratorType: 'TRIM_HORIZON' as const }
    : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber: sequenceNumber };
};
