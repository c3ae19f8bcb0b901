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
 * The tables of the local run, whose variables the command line sets. If the environment names the tables of a deployment (the
 * outputs of its stacks), it uses those, with the AWS credentials and region of the environment.
 */
export const connect = (): Connection => {
  if (!process.env[variables.timetable]) {
    throw new CommandFailure('Keyun is not running here: start it first (npm start)');
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
