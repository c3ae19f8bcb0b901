import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from './dynamo.ts';

/** A change of one item, in plain values. */
export type StreamRecord = {
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  keys: Item;
  newImage?: Item;
  oldImage?: Item;
  /** Its place in the shard of the stream; the report of a partial failure names it. */
  sequenceNumber: string;
};

type Image = Readonly<Record<string, unknown>>;

/** The parts of a stream's event that we use; Lambda's type of attribute values is a little wider than the SDK's. */
type RawRecord = {
  eventName?: StreamRecord['eventName'] | undefined;
  dynamodb?:
    | {
        Keys?: Image | undefined;
        NewImage?: Image | undefined;
        OldImage?: Image | undefined;
        SequenceNumber?: string | undefined;
      }
    | undefined;
};

const plain = (image: Image): Item => unmarshall(image as Record<string, AttributeValue>);

/** Throws if a record has no name, keys or number: DynamoDB never sends such a record. */
export const streamRecordOf = ({ eventName, dynamodb }: RawRecord): StreamRecord => {
  const {
    Keys: keys,
    NewImage: newImage,
    OldImage: oldImage,
    SequenceNumber: sequenceNumber,
  } = dynamodb ?? {};
  if (!eventName || !keys || !sequenceNumber)
    throw new TypeError('this is not a record of a DynamoDB stream');
  return {
    eventName,
    keys: plain(keys),
    ...(newImage && { newImage: plain(newImage) }),
    ...(oldImage && { oldImage: plain(oldImage) }),
    sequenceNumber,
  };
};
