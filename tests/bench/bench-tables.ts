import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { buildWhenStale } from '../../infra/local/run/build.ts';
import { createTables, isTable, startDynamo, tableNameOf } from '../../infra/local/tables/dynamodb.ts';
import { templatesFolder } from '../../infra/local/run/paths.ts';
import { readTemplates, type Resource, type StackTemplate } from '../../infra/local/template/template.ts';
import { awsClient, patientLimits } from '../../shared/platform/aws-client.ts';
import { documentClient, type Table } from '../../shared/platform/dynamo.ts';
import { by } from '../support/faulty-table.ts';
import { meter } from './meter.ts';

export type BenchTables = Record<'timetable' | 'inventory' | 'availability' | 'bookings', Table>;

/**
 * A DynamoDB of its own with the template's tables, for one run: the emulator slows down with what it keeps, so the
 * next run gets a new one, and streams, which it keeps for ever, are left out. Every request is metered.
 */
export const withBenchTables = async <Result>(
  templates: readonly StackTemplate[],
  work: (tables: BenchTables) => Promise<Result>,
): Promise<Result> => {
  const dynamo = await startDynamo();
  const base = awsClient(DynamoDBClient, patientLimits, {
    endpoint: dynamo.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    await createTables(base, templates.map(withoutStreams));
    meter(base);
    const client = documentClient(base);
    const named = (prefix: string): Table => ({ client, name: nameOf(templates, prefix) });
    return await work({
      timetable: named('Timetable'),
      inventory: named('Inventory'),
      availability: named('Availability'),
      bookings: named('Bookings'),
    });
  } finally {
    base.destroy();
    await dynamo.stop();
  }
};

/**
 * The tables as a process has them that has read nothing yet. What it remembers of the timetable is its own, so what it asks
 * for does not depend on what others have read, and how long ago.
 */
export const inAnotherProcess = (tables: BenchTables): BenchTables => {
  const another = (table: Table): Table => by(table, (command, send) => send(command));
  return { ...tables, timetable: another(tables.timetable) };
};

/** The templates, made anew where the sources have changed since. */
export const currentTemplates = async (): Promise<StackTemplate[]> => {
  await buildWhenStale((line) => process.stderr.write(`${line}\n`));
  return readTemplates(templatesFolder);
};

const withoutStreams = (template: StackTemplate): StackTemplate => ({
  ...template,
  Resources: Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) => [id, withoutStream(resource)]),
  ),
});

const withoutStream = (resource: Resource): Resource => {
  if (!isTable(resource)) return resource;
  const { StreamSpecification: _, ...properties } = resource.Properties ?? {};
  return { ...resource, Properties: properties };
};

/** CDK makes a logical id of the construct's own name and a hash. */
const nameOf = (templates: readonly StackTemplate[], prefix: string): string => {
  const found = templates
    .flatMap(({ Resources }) => Object.entries(Resources))
    .find(([logicalId, resource]) => isTable(resource) && logicalId.startsWith(prefix));
  if (!found) throw new Error(`no table ${prefix}… in the template`);
  return tableNameOf(...found);
};
