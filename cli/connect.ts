import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { projectRoot } from '../infra/local/paths.ts';
import { documentClient, type Table } from '../shared/platform/dynamo.ts';

/** What the local run writes when everything answers; only what commands need of it. */
const endpointsSchema = z.object({
  dynamodb: z.url(),
  tables: z.object({
    timetable: z.string(),
    inventory: z.string(),
    availability: z.string(),
    bookings: z.string(),
  }),
});

export type Tables = Record<'timetable' | 'inventory' | 'availability' | 'bookings', Table>;

export type Connection = { tables: Tables; close: () => void };

/** Why a command cannot go on, in one line for whoever typed it. */
export class CommandFailure extends Error {
  override name = 'CommandFailure';
}

const endpointsFile = join(projectRoot, '.keyun', 'endpoints.json');

const readEndpoints = (): z.infer<typeof endpointsSchema> => {
  let text: string;
  try {
    text = readFileSync(endpointsFile, 'utf8');
  } catch {
    throw new CommandFailure('nothing runs here: start Keyun first (npm start)');
  }
  const parsed = endpointsSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new CommandFailure(`${endpointsFile} does not say where the tables are`);
  return parsed.data;
};

/** The variables by which a deployment's tables are named instead of those of the local run. */
const deployedNames = {
  timetable: 'TIMETABLE_TABLE',
  inventory: 'INVENTORY_TABLE',
  availability: 'AVAILABILITY_TABLE',
  bookings: 'BOOKINGS_TABLE',
} as const;

const tablesOf = (config: DynamoDBClientConfig, names: Record<keyof Tables, string>): Connection => {
  const base = new DynamoDBClient({ maxAttempts: 6, ...config });
  const client = documentClient(base);
  const table = (key: keyof Tables): Table => ({ client, name: names[key] });
  return {
    tables: {
      timetable: table('timetable'),
      inventory: table('inventory'),
      availability: table('availability'),
      bookings: table('bookings'),
    },
    close: () => base.destroy(),
  };
};

/**
 * The tables that a command works on: those of the local run, or of a deployment when `TIMETABLE_TABLE` and its like
 * name them (the stack's outputs), with the AWS credentials and region of the environment.
 */
export const connect = (): Connection => {
  if (process.env[deployedNames.timetable]) {
    const nameOf = (key: keyof Tables): string => process.env[deployedNames[key]] ?? '';
    return tablesOf(
      {},
      {
        timetable: nameOf('timetable'),
        inventory: nameOf('inventory'),
        availability: nameOf('availability'),
        bookings: nameOf('bookings'),
      },
    );
  }
  const { dynamodb, tables } = readEndpoints();
  const local = {
    endpoint: dynamodb,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  return tablesOf(local, tables);
};
