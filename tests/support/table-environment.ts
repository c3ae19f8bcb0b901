import type { Instant } from '../../shared/platform/time.ts';
import type { TestTables } from './dynamo.ts';

/** The variables by which a process of its own works on the tables of a test, at the time of the test. */
export const tableEnvironment = (
  { bookings, inventory, availability, timetable, endpoint }: TestTables,
  now: Instant,
): Record<string, string | undefined> => ({
  ...process.env,
  BOOKINGS_TABLE: bookings.name,
  INVENTORY_TABLE: inventory.name,
  AVAILABILITY_TABLE: availability.name,
  TIMETABLE_TABLE: timetable.name,
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  AWS_REGION: 'local',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  KEYUN_TIME_ORIGIN: `${Date.now()}/${Date.parse(now)}`,
});
