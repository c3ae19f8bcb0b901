import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClient, patientLimits } from '../shared/platform/aws-client.ts';
import { documentClient, type Table } from '../shared/platform/dynamo.ts';

/** The variables with the names of a command's tables, as for a function. */
const variables = {
  timetable: 'TIMETABLE_TABLE',
  inventory: 'INVENTORY_TABLE',
  availability: 'AVAILABILITY_TABLE',
  bookings: 'BOOKINGS_TABLE',
} as const;

export type Tables = Record<keyof typeof variables, Table>;

export type Connection = { tables: Tables; close: () => void };

/** Why a command cannot continue, in one line for the person who typed it. */
export class CommandFailure extends Error {
  override name = 'CommandFailure';
}

/**
 * The tables that the environment names: those of the local run, or of the deployment that `--stack` names
 * (choose-environment.ts). AWS credentials and region come from the environment.
 */
export const connect = (): Connection => {
  if (!process.env[variables.timetable]) {
    throw new CommandFailure(
      'Keyun is not running here: start it first (npm start), or name a deployment with --stack',
    );
  }
  const base = awsClient(DynamoDBClient, patientLimits);
  const client = documentClient(base);
  const table = (key: keyof Tables): Table => ({ client, name: process.env[variables[key]] ?? '' });
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
