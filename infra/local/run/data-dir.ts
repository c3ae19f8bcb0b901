import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { readJson } from './local-files.ts';
import { projectRoot } from './paths.ts';
import { LocalRunError } from './ports.ts';

/** Where the local run keeps everything: `KEYUN_DATA_DIR`, or `.keyun` in the checkout. */
export const dataDirectory = (): string =>
  process.env['KEYUN_DATA_DIR'] ? resolve(process.env['KEYUN_DATA_DIR']) : join(projectRoot, '.keyun');

/** Whether a run of any carrier has ever kept something in this folder. */
export const hasData = (dataDir: string): boolean =>
  existsSync(dynamoFile(dataDir)) || existsSync(join(dataDir, 'carriers'));

/** The emulator's file in the folder of a carrier. */
export const dynamoFile = (carrierDir: string): string => join(carrierDir, 'dynamodb.sqlite');

const endpointsSchema = z.object({
  api: z.url(),
  docs: z.url(),
  signIn: z.url(),
  inbox: z.url(),
  cashier: z.url(),
  dynamodb: z.url(),
  queues: z.url(),
  aws: z.url(),
  /** The audience of tokens. */
  clientId: z.string(),
  tables: z.object({
    timetable: z.string(),
    inventory: z.string(),
    availability: z.string(),
    bookings: z.string(),
  }),
});

/** Addresses and names of a run. The run writes them after everything answers, and removes them when it stops. */
export type Endpoints = z.infer<typeof endpointsSchema>;

export const endpointsFile = (dataDir: string): string => join(dataDir, 'endpoints.json');
export const environmentFile = (dataDir: string): string => join(dataDir, 'environment.json');

/** The addresses of the run on this data folder. Throws a one-line error if no run is active. */
export const readEndpoints = (dataDir: string): Endpoints => {
  const read = endpointsSchema.safeParse(readJson(endpointsFile(dataDir)));
  if (read.success) return read.data;
  throw new LocalRunError('Keyun is not running here: start it first (npm start)');
};

/** The variables with which a program uses the run's tables and time; empty if no run is active. */
export const readEnvironment = (dataDir: string): Record<string, string> => {
  if (readJson(endpointsFile(dataDir)) === undefined) return {};
  const read = z.record(z.string(), z.string()).safeParse(readJson(environmentFile(dataDir)));
  return read.success ? read.data : {};
};
