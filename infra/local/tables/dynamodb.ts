import {
  CreateTableCommand,
  DescribeTableCommand,
  ResourceNotFoundException,
  type CreateTableCommandInput,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, LocalRunError } from '../run/ports.ts';
import type { Resource, Template, TemplateObject, TemplateValue } from '../template/template.ts';
import { spawnTethered, type TetheredProcess } from '../run/tethered-process.ts';

export type LocalDynamo = {
  endpoint: string;
  port: number;
  /** The file of its data, if we own it. */
  dbPath?: string;
  stop(): Promise<void>;
};

const startMillisecondsMax = 10_000;

/** What the server prints when the port is its own. */
const listening = 'listening on';

/**
 * Starts DynamoDB on this machine, in memory or in the file `dbPath`, and waits until it answers. If
 * `DYNAMODB_ENDPOINT` is set, it uses the server at that address and does not stop it. Throws a one-line error with the
 * remedy if there is no binary for this platform.
 */
export const startDynamo = async (options: { port?: number; dbPath?: string } = {}): Promise<LocalDynamo> => {
  const { DYNAMODB_ENDPOINT: endpoint } = process.env;
  if (endpoint) return { endpoint, port: Number(new URL(endpoint).port || 80), stop: async () => undefined };
  return options.port === undefined ? startOnFreePort(options.dbPath) : startOn(options.port, options.dbPath);
};

const attemptsMax = 3;

/** Another program may take a free port before the server does: then it tries another one. */
const startOnFreePort = async (dbPath: string | undefined): Promise<LocalDynamo> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOn(await freePort(), dbPath);
    } catch (error) {
      if (attempt === attemptsMax) throw error;
    }
  }
};

const startOn = async (port: number, dbPath: string | undefined): Promise<LocalDynamo> => {
  const args = ['serve', '--host', '127.0.0.1', '-p', String(port), ...(dbPath ? ['--db-path', dbPath] : [])];
  const child = spawnTethered(binary(), args);
  const endpoint = `http://127.0.0.1:${port}`;
  await answering(endpoint, child);
  return { endpoint, port, ...(dbPath && { dbPath }), stop: child.stop };
};

const binary = (): string => {
  try {
    return createRequire(import.meta.url).resolve('@dynoxide/linux-x64/dynoxide');
  } catch {
    throw new LocalRunError(
      `no local DynamoDB for ${process.platform} ${process.arch}: set DYNAMODB_ENDPOINT to one that runs, such as DynamoDB Local`,
    );
  }
};

const answering = async (endpoint: string, child: TetheredProcess): Promise<void> => {
  let gone: { code: number | null; output: string } | undefined;
  void child.exited.then((exit) => (gone = exit));
  const deadline = Date.now() + startMillisecondsMax;
  while (Date.now() < deadline) {
    if (gone)
      throw new LocalRunError(`the local DynamoDB ended at once: ${gone.output || `code ${gone.code}`}`);
    // If another program has the port, that one answers, and ours ends a moment later.
    if (child.output().includes(listening) && (await answers(endpoint))) return;
    await sleep(10);
  }
  await child.stop();
  throw new LocalRunError(`the local DynamoDB does not answer at ${endpoint}`);
};

const answers = (endpoint: string): Promise<boolean> =>
  fetch(endpoint, { signal: AbortSignal.timeout(1000) }).then(
    () => true,
    () => false,
  );

const tableTypes = new Set(['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable']);

export const isTable = (resource: Resource): boolean => tableTypes.has(resource.Type);

/** A table's name on this machine: its name in the template, or else its logical id. */
export const tableNameOf = (logicalId: string, resource: Resource): string => {
  const given = resource.Properties?.['TableName'];
  return typeof given === 'string' ? given : logicalId;
};

/** Creates every missing table of the templates, with its keys, indexes and streams. */
export const createTables = async (client: DynamoDBClient, templates: readonly Template[]): Promise<void> => {
  const resources = templates.flatMap((template) => Object.entries(template.Resources));
  for (const [logicalId, resource] of resources) {
    if (!isTable(resource)) continue;
    const name = tableNameOf(logicalId, resource);
    if (!(await exists(client, name))) await client.send(new CreateTableCommand(tableOf(name, resource)));
  }
};

const exists = async (client: DynamoDBClient, name: string): Promise<boolean> => {
  try {
    await client.send(new DescribeTableCommand({ TableName: name }));
    return true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
};

/**
 * CloudFormation describes a table as the API does, except for the stream, which CloudFormation enables by its view.
 */
const tableOf = (name: string, resource: Resource): CreateTableCommandInput => {
  const {
    AttributeDefinitions,
    KeySchema,
    GlobalSecondaryIndexes,
    LocalSecondaryIndexes,
    StreamSpecification,
  } = resource.Properties ?? {};
  const shape: TemplateObject = {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    ...present({ AttributeDefinitions, KeySchema, LocalSecondaryIndexes }),
  };
  if (Array.isArray(GlobalSecondaryIndexes))
    shape['GlobalSecondaryIndexes'] = GlobalSecondaryIndexes.map(indexOf);
  if (StreamSpecification)
    shape['StreamSpecification'] = { ...(StreamSpecification as TemplateObject), StreamEnabled: true };
  return shape as unknown as CreateTableCommandInput;
};

const indexOf = (index: TemplateValue): TemplateObject => {
  const { IndexName, KeySchema, Projection } = index as TemplateObject;
  return present({ IndexName, KeySchema, Projection });
};

const present = (values: Record<string, TemplateValue | undefined>): TemplateObject =>
  Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, TemplateValue] => entry[1] !== undefined),
  );
