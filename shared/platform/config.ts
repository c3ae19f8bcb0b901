import * as z from 'zod';

/** Every variable that a function may read. A missing variable is an error when the function first needs it. */
const environmentSchema = z.object({
  TIMETABLE_TABLE: z.string().optional(),
  INVENTORY_TABLE: z.string().optional(),
  AVAILABILITY_TABLE: z.string().optional(),
  BOOKINGS_TABLE: z.string().optional(),
  EVENTS_TOPIC_ARN: z.string().optional(),
  PURCHASE_STATE_MACHINE_ARN: z.string().optional(),
  DOCUMENT_SECRET_ID: z.string().optional(),
  TICKET_SECRET_ID: z.string().optional(),
  MAIL_FROM: z.string().optional(),
  MAIL_CONFIGURATION_SET: z.string().optional(),
  USER_POOL_ID: z.string().optional(),
  PUBLIC_URL: z.string().optional(),
  FRONT_KEY: z.string().optional(),
  KEYUN_CARRIER: z.string().optional(),
  KEYUN_STAGE: z.string().default('dev'),
  KEYUN_TIME_SCALE: z.coerce.number().positive().default(1),
  KEYUN_TIME_ORIGIN: z.string().optional(),
});
type Environment = z.infer<typeof environmentSchema>;

/** The names of these variables, except those of providers' secrets. */
export const variableNames: readonly string[] = Object.keys(environmentSchema.shape);

let parsed: Environment | undefined;

/** The environment, parsed once per process. Only this file reads `process.env` in `shared`. */
export const environment = (): Environment => (parsed ??= environmentSchema.parse(process.env));

/** The id of the secret that this variable names; undefined if this function has none. */
export const secretIdOf = (variable: `${string}_SECRET_ID`): string | undefined => process.env[variable];

/**
 * A variable that this function cannot work without. Throws an error with its name if the deployment did not set it.
 */
export const required = (name: Exclude<keyof Environment, 'KEYUN_TIME_SCALE'>): string => {
  const value = environment()[name];
  if (value === undefined) throw new Error(`the environment variable ${name} is not set`);
  return value;
};
