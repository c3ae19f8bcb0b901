import { required } from './config.ts';
import { documentClient, type Table } from './dynamo.ts';

/** One document client per process, made at first use and reused by later invocations. */
let client: ReturnType<typeof documentClient> | undefined;

type TableVariable = 'TIMETABLE_TABLE' | 'INVENTORY_TABLE' | 'AVAILABILITY_TABLE' | 'BOOKINGS_TABLE';

const tableNamed = (variable: TableVariable) => (): Table => ({
  client: (client ??= documentClient()),
  name: required(variable),
});

/** The tables of this deployment. If a function has no access to a table, it fails when it first uses it. */
export const timetableTable = tableNamed('TIMETABLE_TABLE');
export const inventoryTable = tableNamed('INVENTORY_TABLE');
export const availabilityTable = tableNamed('AVAILABILITY_TABLE');
export const bookingsTable = tableNamed('BOOKINGS_TABLE');
