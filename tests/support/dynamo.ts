import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createTables, isTable, startDynamo, tableNameOf } from '../../infra/local/tables/dynamodb.ts';
import { projectRoot, templatesFolder } from '../../infra/local/run/paths.ts';
import { readTemplates, type StackTemplate } from '../../infra/local/template/template.ts';
import { documentClient, type Table } from '../../shared/platform/dynamo.ts';

export type TestTables = {
  timetable: Table;
  inventory: Table;
  availability: Table;
  bookings: Table;
  endpoint: string;
  stop(): Promise<void>;
};

/**
 * A fresh DynamoDB in memory with every table of the template, for one test file. Stop it in `afterAll`; should the
 * test runner be killed, it ends by itself.
 */
export const testTables = async (): Promise<TestTables> => {
  const templates = synthesized();
  const dynamo = await startDynamo();
  const base = new DynamoDBClient({
    endpoint: dynamo.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 4,
  });
  await createTables(base, templates);
  const client = documentClient(base);
  const named = (prefix: string): Table => ({ client, name: tableName(templates, prefix) });
  return {
    timetable: named('Timetable'),
    inventory: named('Inventory'),
    availability: named('Availability'),
    bookings: named('Bookings'),
    endpoint: dynamo.endpoint,
    stop: async () => {
      base.destroy();
      await dynamo.stop();
    },
  };
};

const hasTemplates = (): boolean =>
  existsSync(templatesFolder) && readdirSync(templatesFolder).some((file) => file.endsWith('.template.json'));

/**
 * The templates as last synthesized, or synthesized now if that was never done. Test files run side by side, so each
 * synthesizes into a folder of its own; the first that finishes gives it the right name.
 */
const synthesized = (): StackTemplate[] => {
  if (hasTemplates()) return readTemplates(templatesFolder);
  const folder = mkdtempSync(`${templatesFolder}-`);
  try {
    const env = { ...process.env, CDK_OUTDIR: folder };
    execFileSync(process.execPath, ['infra/app.ts'], { cwd: projectRoot, stdio: 'pipe', env });
    renameSync(folder, templatesFolder);
  } catch (error) {
    if (!hasTemplates()) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return readTemplates(templatesFolder);
};

/** CDK makes a logical id of the construct's own name and a hash. */
const tableName = (templates: readonly StackTemplate[], prefix: string): string => {
  const found = templates
    .flatMap((template) => Object.entries(template.Resources))
    .find(([logicalId, resource]) => isTable(resource) && logicalId.startsWith(prefix));
  if (!found) throw new Error(`no table ${prefix}… in the template`);
  return tableNameOf(...found);
};
