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

/** A client and the name of one table. A store gets exactly the tables it owns. */
export type Table = { client: DynamoDBDocumentClient; name: string };

/**
 * The same table for a piece of work that may be given up: once the signal is given, what is under way is not waited
 * for, and nothing is sent any more.
 */
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
 * A write of one item is refused while a transaction has that item in hand: an order is cancelled in the moment it is
 * paid. Nothing was written then, the SDK does not repeat it, and no emulator ever answers so.
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

/** The document client every store uses: plain values in and out, `undefined` left out, sets as sets. */
export const documentClient = (base = awsClient(DynamoDBClient, functionLimits)): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(repeatConflicts(base), { marshallOptions: { removeUndefinedValues: true } });

/** Joins clauses, each named beside where it is written, to a condition. */
export const allOf = (...clauses: readonly string[]): string =>
  clauses.map((clause) => `(${clause})`).join(' AND ');

/**
 * Runs a conditional write and says whether its condition held; with `ALL_OLD` the item as it was comes along. Any
 * other error is thrown: the write may then have happened or not.
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

/** One write of a transaction, labelled so that its refusal can be told from another's. */
export type LabelledWrite<Label extends string> = { label: Label; write: TransactItem };

export type TransactionOutcome<Label extends string> =
  { outcome: 'written' } | { outcome: 'refused'; refused: { label: Label; found: Item | undefined }[] };

/** DynamoDB takes as many in one. */
export const transactionItemsMax = 100;

const transactionAttempts = 6;

/**
 * Writes all items or none. A refused condition is an outcome, told item by item in the order written; a clash with
 * another transaction or throttling is retried with jitter, and thrown as a `TransientFailure` when it does not pass;
 * anything else is thrown, and then the transaction may have happened: read before deciding.
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
