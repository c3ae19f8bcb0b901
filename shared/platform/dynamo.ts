import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { awsClient, functionLimits } from './aws-client.ts';
import { pause } from './random.ts';

/** A client and the name of one table. A store gets exactly the tables that it owns. */
export type Table = { client: DynamoDBDocumentClient; name: string };

/** The same table, for work that may have to stop: after the signal, calls under way end at once and no call starts. */
export const stoppable = ({ client, name }: Table, signal: AbortSignal): Table => {
  const send = async (command: Parameters<DynamoDBDocumentClient['send']>[0]): Promise<unknown> => {
    signal.throwIfAborted();
    return client.send(command, { abortSignal: signal });
  };
  return { client: { send } as unknown as DynamoDBDocumentClient, name };
};

export type Item = Record<string, unknown>;

const conflictAttempts = 6;

/**
 * DynamoDB refuses a write of one item while a transaction works on that item, for example a cancellation at the moment
 * of payment. It has then written nothing. The SDK does not repeat such a write, and no emulator ever answers so.
 */
const repeatConflicts = (base: DynamoDBClient): DynamoDBClient => {
  base.middlewareStack.add(
    (next) => async (request) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await next(request);
        } catch (error) {
          if (!(error instanceof TransactionConflictException) || attempt >= conflictAttempts) throw error;
          await pause(attempt);
        }
      }
    },
    { step: 'initialize', name: 'repeatConflicts', override: true },
  );
  return base;
};

/** The document client of every store: plain values in and out, `undefined` left out, sets as sets. */
export const documentClient = (base = awsClient(DynamoDBClient, functionLimits)): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(repeatConflicts(base), { marshallOptions: { removeUndefinedValues: true } });

/**
 * Runs a conditional write and returns whether its condition held; with `ALL_OLD` it also returns the old item. It
 * throws any other error, and then the write may or may not have happened.
 */
export const conditionally = async (
  write: Promise<unknown>,
): Promise<{ outcome: 'written' } | { outcome: 'refused'; found: Item | undefined }> => {
  try {
    await write;
    return { outcome: 'written' };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return {
      outcome: 'refused',
      found: error.Item && unmarshall(error.Item as Record<string, AttributeValue>),
    };
  }
};

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** One write of a transaction, with a label that tells its refusal from another's. */
export type LabelledWrite<Label extends string> = { label: Label; write: TransactItem };

export type TransactionOutcome<Label extends string> =
  { outcome: 'written' } | { outcome: 'refused'; refused: { label: Label; found: Item | undefined }[] };

/** DynamoDB accepts this many in one transaction. */
export const transactionItemsMax = 100;

const transactionAttempts = 6;

/**
 * Writes all items or none. A refused condition is an outcome, item by item in the order of the writes. After a clash
 * with another transaction or throttling it tries again with jitter, and throws a `TransientFailure` if that lasts. It
 * throws anything else, and then the transaction may have happened: read before deciding.
 */
export const writeTogether = async <Label extends string>(
  client: DynamoDBDocumentClient,
  writes: readonly LabelledWrite<Label>[],
): Promise<TransactionOutcome<Label>> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.send(new TransactWriteCommand({ TransactItems: writes.map(({ write }) => write) }));
      return { outcome: 'written' };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = error.CancellationReasons ?? [];
      const refused = writes.flatMap(({ label }, index) => {
        const reason = reasons[index];
        if (reason?.Code !== 'ConditionalCheckFailed') return [];
        return [{ label, found: reason.Item && unmarshall(reason.Item as Record<string, AttributeValue>) }];
      });
      if (refused.length > 0) return { outcome: 'refused', refused };
      const transient = reasons.every(({ Code }) => Code === undefined || transientCodes.has(Code));
      if (!transient) throw error;
      if (attempt >= transactionAttempts) {
        const message = 'a transaction met others, or throttling, too often';
        throw Object.assign(new Error(message, { cause: error }), { name: 'TransientFailure' });
      }
      await pause(attempt);
    }
  }
};

const transientCodes = new Set([
  'None',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
]);
