import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { sizeOfItem, writeUnits, type WireItem } from './item-size.ts';
import { add, addTally, emptyTally, type Tally } from './tally.ts';

type Body = Record<string, unknown>;

const tallies = new AsyncLocalStorage<Tally>();

/** Runs work and counts what it asks of metered clients, its own parallel parts and measured parts included. */
export const measured = async <Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; tally: Tally }> => {
  const tally = emptyTally();
  const around = tallies.getStore();
  const result = await tallies.run(tally, work);
  if (around) addTally(around, tally);
  return { result, tally };
};

const singleWrites = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);
const isWrite = (operation: string) => singleWrites.has(operation) || operation === 'TransactWriteItems';

/**
 * Counts at the wire, below the SDK: a request that the SDK repeats counts twice. Each request is made to report what
 * it consumed, and a refused write to bring the item it met, because AWS charges a refused write by that item's size
 * and does not say so in its answer. The product never sees the difference.
 */
export const meter = (client: DynamoDBClient): void => {
  const { requestHandler } = client.config;
  const handle: typeof requestHandler.handle = async (request, options) => {
    const tally = tallies.getStore();
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    if (!tally || (typeof request.body !== 'string' && !(request.body instanceof Uint8Array)))
      return requestHandler.handle(request, options);
    const input = JSON.parse(bodyText(request.body)) as Body;
    request.body = JSON.stringify({
      ...input,
      ReturnConsumedCapacity: 'INDEXES',
      ...(singleWrites.has(operation) && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    });
    request.headers['content-length'] = String(Buffer.byteLength(request.body as string));
    const { response } = await requestHandler.handle(request, options);
    const text = await textOf(response.body as Readable);
    count(tally, operation, input, response.statusCode, JSON.parse(text) as Body);
    response.body = Readable.from([Buffer.from(text)]);
    return { response };
  };
  client.config.requestHandler = new Proxy(requestHandler, {
    get: (target, property) => (property === 'handle' ? handle : (Reflect.get(target, property) as unknown)),
  });
};

/** The SDK's bytes complain when they are treated as text, which Buffer would do. */
const bodyText = (body: string | Uint8Array): string =>
  typeof body === 'string' ? body : new TextDecoder().decode(body);

const textOf = async (stream: Readable): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

const count = (tally: Tally, operation: string, input: Body, status: number, answer: Body): void => {
  const table = tableOf(operation, input);
  add(tally.requests, `${operation} ${table}`, 1);
  if (isWrite(operation)) tally.writes += 1;
  if (status !== 200) return countRefusal(tally, table, input, answer);
  const units = isWrite(operation) ? tally.writeUnits : tally.readUnits;
  for (const { TableName, CapacityUnits } of capacitiesOf(answer)) add(units, TableName, CapacityUnits);
};

type Capacity = { TableName: string; CapacityUnits: number };

const capacitiesOf = ({ ConsumedCapacity }: Body): Capacity[] =>
  ConsumedCapacity === undefined ? [] : ([ConsumedCapacity].flat() as Capacity[]);

type Written = { TableName: string; Item?: WireItem };

const partsOf = (input: Body): Written[] =>
  ((input['TransactItems'] ?? []) as Record<string, Written>[]).flatMap((part) => Object.values(part));

const tableOf = (operation: string, input: Body): string => {
  if (operation === 'BatchGetItem') return Object.keys(input['RequestItems'] as object).join('+');
  const tables = input['TableName'] ?? partsOf(input).map(({ TableName }) => TableName);
  return [...new Set([tables].flat())].join('+');
};

const countRefusal = (tally: Tally, table: string, input: Body, answer: Body): void => {
  const kind = String(answer['__type']);
  if (kind.endsWith('ConditionalCheckFailedException')) {
    const met = answer['Item'] as WireItem | undefined;
    add(tally.refusedWrites, table, 1);
    add(tally.writeUnits, table, writeUnits(met ? sizeOfItem(met) : 0));
  } else if (kind.endsWith('TransactionCanceledException')) {
    add(tally.refusedWrites, table, 1);
    // Both rounds of a transaction are charged; what an update would have come to is not known: at least one unit.
    for (const { TableName, Item } of partsOf(input))
      add(tally.writeUnits, TableName, 2 * writeUnits(Item ? sizeOfItem(Item) : 0));
  }
};
