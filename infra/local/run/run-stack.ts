import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildWhenStale } from './build.ts';
import { endpointsFile, environmentFile, hasData, type Endpoints } from './data-dir.ts';
import { lockData } from './data-lock.ts';
import { variableOf } from '../../output-names.ts';
import { makeDeployment, type Deployment } from '../template/deployment.ts';
import type { LocalFunctions } from '../lambda/functions.ts';
import { startClock } from './local-clock.ts';
import { writeJson } from './local-files.ts';
import { openLog } from './local-log.ts';
import { choosePorts, urlOf } from './local-ports.ts';
import { ofCarrier, templatesFolder } from './paths.ts';
import type { Merchant } from '../providers/pages.ts';
import { startStores, type Basis } from './start-stores.ts';
import { startWork } from './start-work.ts';
import { readTemplates } from '../template/template.ts';

export type StartOptions = {
  /** Everything that outlives the run is below it. */
  dataDir: string;
  /** `fixed`, the default: the ports of the environment and the documented ones. */
  ports?: 'free' | 'fixed';
  timeScale?: number;
  /** The time at which the clock of a new folder begins, or to which it moves on, in milliseconds since 1970. */
  startAt?: number;
  /** The merchant at the cashier. */
  merchant?: Merchant;
  /** Writes nothing to standard error. */
  quiet?: boolean;
  /** Work that must be done before the run publishes its addresses, such as the import of a first timetable. */
  prepare?: (run: Omit<LocalRun, 'stop'>) => Promise<void>;
};

export type LocalRun = {
  endpoints: Endpoints;
  /** The variables with which a program on this machine uses the same tables, queues and time. */
  environment: Record<string, string>;
  /** The scaled time, in milliseconds since 1970. */
  now(): number;
  stop(): Promise<void>;
};

/** If one part hangs while it stops, the others still stop. */
const stopMillisecondsMax = 2500;
const lastMilliseconds = 50;

/**
 * Runs the synthesized template on this machine until `stop`. If one part does not start, this stops the parts that
 * have started and throws the reason: a `LocalRunError` if the person can correct it.
 */
export const startLocal = async (options: StartOptions): Promise<LocalRun> => {
  const stops: (() => unknown)[] = [];
  let stopping: Promise<void> | undefined;
  const stopAll = async () => {
    const deadline = Date.now() + stopMillisecondsMax;
    for (const stop of stops.reverse()) {
      const left = Math.max(lastMilliseconds, deadline - Date.now());
      await Promise.race([stop(), sleep(left, undefined, { ref: false })]);
    }
  };
  const stop = () => (stopping ??= stopAll());
  try {
    return { ...(await start(options, (undo) => stops.push(undo))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

type Started = Omit<LocalRun, 'stop'>;
type OnStop = (undo: () => unknown) => void;

const start = async (options: StartOptions, onStop: OnStop): Promise<Started> => {
  const { dataDir, timeScale = 1, quiet = false } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  onStop(await lockData(dataDir));
  // A reader of this file may rely on it, so we first remove the file of the last run.
  rmSync(endpointsFile(dataDir), { force: true });
  const log = openLog(join(dataDir, 'logs'), quiet);
  const ports = await choosePorts(options.ports ?? 'fixed');
  await buildWhenStale(log.say);
  const clock = startClock(join(dataDir, 'clock.json'), {
    scale: timeScale,
    startAt: options.startAt,
    hasData: hasData(dataDir),
  });
  onStop(clock.stop);

  const templates = readTemplates(templatesFolder);
  const addresses = { api: urlOf(ports.api), issuer: urlOf(ports.signIn), sqs: urlOf(ports.queues) };
  const deployment = makeDeployment(templates, addresses);
  const carrierDir = ofCarrier(dataDir);
  mkdirSync(carrierDir, { recursive: true, mode: 0o700 });
  const basis: Basis = {
    deployment,
    templates,
    dataDir: carrierDir,
    issuerDir: dataDir,
    ports,
    clock,
    log,
    merchant: options.merchant,
    onStop,
  };
  const stores = await startStores(basis);
  const { functions, api, aws } = await startWork(basis, stores);

  const environment = { ...stores.variables, ...outputVariables(deployment), ...ownVariables(functions) };
  const endpoints: Endpoints = {
    api,
    docs: `${api}/docs`,
    signIn: addresses.issuer,
    inbox: urlOf(ports.inbox),
    cashier: urlOf(ports.cashier),
    dynamodb: stores.dynamoEndpoint,
    queues: addresses.sqs,
    aws,
    clientId: stores.clientId,
    tables: tablesOf(environment),
  };
  const run: Started = { endpoints, environment, now: clock.now };
  await options.prepare?.(run);
  await clock.goes();
  writeJson(environmentFile(dataDir), environment);
  writeJson(endpointsFile(dataDir), endpoints);
  onStop(() => rmSync(endpointsFile(dataDir), { force: true }));
  return run;
};

/** What the command line takes from the outputs of a deployment. */
const outputVariables = ({ stacks }: Deployment): Record<string, string> =>
  Object.fromEntries(
    stacks
      .flatMap(({ outputs }) => outputs)
      .filter(({ exportName }) => exportName === undefined)
      .map(({ key, value }) => [variableOf(key), value]),
  );

/** All our variables that any function receives: names mean the same everywhere. */
const ownVariables = ({ all }: LocalFunctions): Record<string, string> =>
  Object.fromEntries(
    all
      .flatMap(({ settings }) => Object.entries(settings.environment))
      .filter(([name]) => !/^(?:AWS_|POWERTOOLS_|TZ$)/.test(name)),
  );

const tablesOf = (environment: Readonly<Record<string, string>>): Endpoints['tables'] => ({
  timetable: environment['TIMETABLE_TABLE'] ?? '',
  inventory: environment['INVENTORY_TABLE'] ?? '',
  availability: environment['AVAILABILITY_TABLE'] ?? '',
  bookings: environment['BOOKINGS_TABLE'] ?? '',
});
