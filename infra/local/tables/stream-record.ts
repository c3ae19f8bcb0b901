import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import { region } from '../template/identities.ts';

export const sequenceOf = (record: _Record | undefined): string | undefined =>
  record?.dynamodb?.SequenceNumber;

/** A record in the shape that functions receive: times in seconds, bytes as base64. */
export const eventRecord = (record: _Record, streamArn: string) => ({
  eventID: record.eventID,
  eventName: record.eventName,
  eventVersion: record.eventVersion,
  eventSource: 'aws:dynamodb',
  awsRegion: region,
  dynamodb: plain({
    ...record.dynamodb,
    ApproximateCreationDateTime: Math.floor(Number(record.dynamodb?.ApproximateCreationDateTime ?? 0) / 1000),
  }),
  eventSourceARN: streamArn,
});

const plain = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
};

/** What a failure destination receives: only the place of the records, never the records. */
export const placeOf = (
  records: readonly _Record[],
  attempts: number,
  { functionArn, streamArn }: { functionArn: string; streamArn: string },
) => ({
  version: '1.0',
  timestamp: new Date().toISOString(),
  requestContext: {
    functionArn,
    condition: 'RetryAttemptsExhausted',
    approximateInvokeCount: attempts,
  },
  DDBStreamBatchInfo: {
    shardId: 'local',
    startSequenceNumber: sequenceOf(records[0]),
    endSequenceNumber: sequenceOf(records.at(-1)),
    batchSize: records.length,
    streamArn,
  },
});
