import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { instantOf } from '../../shared/platform/time.ts';
import { startAwsJsonServer } from './aws-json-server.ts';
import { buildWhenStale } from './build.ts';
import { lockData } from './data-lock.ts';
import { endpointsFile, environmentFile, type Endpoints } from './data-dir.ts';
import { makeDeployment, type Deployment } from './deployment.ts';
import { createTables, startDynamo } from './dynamodb.ts';
import { startEventBridge, type EventBridge } from './event-bridge.ts';
import { startEventSourceMappings } from './event-source-mappings.ts';
import type { Execution } from './executions.ts';
import { makeFunctions, type LocalFunctions } from './functions.ts';
import { startHttpApi } from './http-api.ts';
import { region } from './identities.ts';
import { startIssuer } from './issuer.ts';
import { startClock } from './local-clock.ts';
import { localCredentials } from './local-credentials.ts';
import { writeJson } from './local-files.ts';
import { openLog } from './local-log.ts';
import { choosePorts, type LocalPorts } from './local-ports.ts';
import { startMail } from './mail.ts';
import { createMessaging, startMessaging } from './messaging.ts';
import { templatesFolder } from './paths.ts';
import { startSandbox } from './providers/sandbox.ts';
import { openSecrets } from './secrets-manager.ts';
import { openStepFunctions } from './step-functions.ts';
import { makeTaskTokens } from './task-tokens.ts';
import { readTemplates } from './template.ts';

export type StartOptions = {
  /** Everything that outlives the run is below it. */
  dataDir: string;
  /** `fixed`, the default: those of the environment and the documented ones. */
  ports?: 'free' | 'fixed';
  timeScale?: number;
  /** Nothing is written to standard error. */
  quiet?: boolean;
};

export type LocalRun = {
  endpoints: Endpoints;
  /** The variables with which a program of this machine uses the same tables, queues and time. */
  environment: Record<string, string>;
  /** The scaled time, in milliseconds since 1970. */
  now(): number;
  stop(): Promise<void>;
};

/**
 * Runs the synthesized template on this machine until `stop`. What had started is stopped again when something does
 * not start; the reason is thrown, as a `LocalRunError` where the person can put it right.
 */
export const startLocal = async (options: StartOptions): Promise<LocalRun> => {
  const stops: (() => unknown)[] = [];
  let stopping: Promise<void> | undefined;
  const stopAll = async () => {
    for (const stop of stops.reverse()) await stop();
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

const start = async (options: StartOptions, onStop: (undo: () => unknown) => void): Promise<Started> => {
  const { dataDir, timeScale = 1, quiet = false } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  onStop(await lockData(dataDir));
  // Whoever finds it may rely on it, so that of the last run goes first.
  rmSync(endpointsFile(dataDir), { force: true });
  const log = openLog(join(dataDir, 'logs'), quiet);
  onStop(log.close);
  const ports = await choosePorts(options.ports ?? 'fixed');
  await buildWhenStale(log.say);
  const clock = startClock(join(dataDir, 'clock.json'), timeScale);
  onStop(clock.stop);

  const templates = readTemplates(templatesFolder);
  const issuer = urlOf(ports.signIn);
  const deployment = makeDeployment(templates, {
    api: urlOf(ports.api),
    issuer,
    sqs: urlOf(ports.queues),
  });
  const { ref: clientId } = deployment.one('AWS::Cognito::UserPoolClient', z.object({}));

  const dynamo = await startDynamo({ port: ports.dynamodb, dbPath: join(dataDir, 'dynamodb.sqlite') });
  onStop(dynamo.stop);
  const settings = { endpoint: dynamo.endpoint, region, credentials: localCredentials };
  const dynamoClient = new DynamoDBClient(settings);
  onStop(() => dynamoClient.destroy());
  await createTables(dynamoClient, templates);
  const messaging = await startMessaging(ports.queues, join(dataDir, 'queues'));
  onStop(messaging.stop);
  await createMessaging(deployment, messaging, log);
  onStop((await startMail(ports.inbox, dataDir)).stop);
  onStop((await startIssuer(ports.signIn, dataDir, clientId)).stop);
  const sandbox = await startSandbox({
    dataDir: join(dataDir, 'sandbox'),
    port: ports.cashier,
    clock: () => instantOf(clock.now()),
  });
  onStop(sandbox.stop);
  const secrets = openSecrets(deployment, join(dataDir, 'secrets'));
  secrets.fill('Alipay', JSON.stringify(sandbox.alipaySecret));

  const common = { ...sdkVariables(ports, dynamo.endpoint), ...clock.variables };
  const functions = makeFunctions(deployment, templatesFolder, common, log);
  const queueUrls = queuesByArn(deployment);
  const world = {
    clock,
    log,
    sqs: messaging.sqs,
    sns: messaging.sns,
    functionOf: functions.of,
    queueUrlOf: (arn: string) => queueUrls.get(arn) ?? arn,
  };
  const bridge = startEventBridge(deployment, world);
  const workflows = openStepFunctions(deployment, {
    ...world,
    tokens: makeTaskTokens(),
    file: join(dataDir, 'executions.jsonl'),
    onStatus: (execution) => publishStatus(bridge, execution),
  });
  const aws = await startAwsJsonServer(ports.aws, { ...secrets.operations, ...workflows.operations });
  onStop(aws.stop);
  const pollers = startEventSourceMappings(deployment, {
    ...world,
    dynamo: dynamoClient,
    dynamoEndpoint: dynamo.endpoint,
    folder: join(dataDir, 'streams'),
  });
  // Together: a poller waits for the function it has called, which ends by being stopped.
  onStop(async () => {
    workflows.stop();
    await Promise.all([pollers.stop(), bridge.stop(), functions.stop()]);
  });
  workflows.reportInterrupted();
  const api = await startHttpApi(deployment, {
    port: ports.api,
    functionOf: functions.of,
    // The template names Cognito's own address, where this machine has its stand-in.
    issuerOf: (named) => (named.startsWith('https://cognito-idp.') ? issuer : named),
  });
  onStop(api.stop);

  const environment = { ...common, ...ownVariables(functions) };
  const endpoints: Endpoints = {
    api: api.endpoint,
    docs: `${api.endpoint}/docs`,
    signIn: issuer,
    inbox: urlOf(ports.inbox),
    cashier: sandbox.cashierUrl.replace(/\/$/, ''),
    dynamodb: dynamo.endpoint,
    queues: urlOf(ports.queues),
    aws: aws.endpoint,
    clientId,
    tables: tablesOf(environment),
  };
  writeJson(environmentFile(dataDir), environment);
  writeJson(endpointsFile(dataDir), endpoints);
  onStop(() => rmSync(endpointsFile(dataDir), { force: true }));
  return { endpoints, environment, now: clock.now };
};

const urlOf = (port: number): string => `http://127.0.0.1:${port}`;

/** By these the unmodified SDK finds this machine's services. */
const sdkVariables = (ports: LocalPorts, dynamoEndpoint: string): Record<string, string> => ({
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ENDPOINT_URL_DYNAMODB: dynamoEndpoint,
  AWS_ENDPOINT_URL_SQS: urlOf(ports.queues),
  AWS_ENDPOINT_URL_SNS: urlOf(ports.queues),
  AWS_ENDPOINT_URL_SFN: urlOf(ports.aws),
  AWS_ENDPOINT_URL_SESV2: urlOf(ports.inbox),
  AWS_ENDPOINT_URL_SECRETS_MANAGER: urlOf(ports.aws),
});

const queuesByArn = (deployment: Deployment): Map<string, string> =>
  new Map(
    deployment
      .all('AWS::SQS::Queue', z.object({}))
      .map(({ ref, attributes }) => [attributes['Arn'] ?? '', ref]),
  );

/** Every variable of ours that some function is given: names mean the same everywhere. */
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

const publishStatus = (bridge: EventBridge, execution: Execution): void =>
  bridge.publish({
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [execution.arn],
    detail: {
      executionArn: execution.arn,
      stateMachineArn: execution.stateMachineArn,
      name: execution.name,
      status: execution.status,
      startDate: execution.startedAt,
      stopDate: execution.stoppedAt ?? null,
      input: execution.input,
      output: execution.output ?? null,
      error: execution.error ?? null,
      cause: execution.cause ?? null,
    },
  });
