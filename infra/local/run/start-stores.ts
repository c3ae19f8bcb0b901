import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClient, patientLimits } from '../../../shared/platform/aws-client.ts';
import { join } from 'node:path';
import { instantOf } from '../../../shared/platform/time.ts';
import type { Deployment } from '../template/deployment.ts';
import { createTables, startDynamo } from '../tables/dynamodb.ts';
import { startExpiry } from '../tables/expire-items.ts';
import { region } from '../template/identities.ts';
import { startIssuer } from '../identity/issuer.ts';
import { readClient } from '../identity/oidc-client.ts';
import { dynamoFile } from './data-dir.ts';
import type { LocalClock } from './local-clock.ts';
import { localCredentials } from '../iam/local-credentials.ts';
import type { LocalLog } from './local-log.ts';
import { urlOf, type LocalPorts } from './local-ports.ts';
import { startMail, type LocalMail } from '../messaging/mail.ts';
import { readConfigurationSets } from '../messaging/judge-mail.ts';
import { createMessaging, startMessaging, type LocalMessaging } from '../messaging/messaging.ts';
import type { Merchant } from '../providers/pages.ts';
import { startSandbox } from '../providers/sandbox.ts';
import { openSecrets } from '../identity/secrets-manager.ts';
import type { StackTemplate } from '../template/template.ts';
import type { Operation } from '../http/aws-operation.ts';

/** The parts on which all others depend. */
export type Basis = {
  deployment: Deployment;
  templates: readonly StackTemplate[];
  /** The folder of this run's carrier: no other carrier sees what it has sold. */
  dataDir: string;
  /** The file of the issuer's key, with which the command line makes tokens. */
  issuerDir: string;
  ports: LocalPorts;
  clock: LocalClock;
  log: LocalLog;
  merchant: Merchant | undefined;
  /** The actions that stop the run, the last one first. */
  onStop(undo: () => unknown): void;
};

export type Stores = {
  dynamo: DynamoDBClient;
  dynamoEndpoint: string;
  /** The emulator's file, if we own it. */
  dynamoFile: string | undefined;
  messaging: LocalMessaging;
  mail: LocalMail;
  secretOperations: Record<string, Operation>;
  clientId: string;
  /** With these variables an unmodified SDK client finds the stores and sees the same time. */
  variables: Record<string, string>;
};

/**
 * Starts the parts that store things: tables, queues, mails, secrets, the issuer of tokens, and the provider's cashier.
 */
export const startStores = async (basis: Basis): Promise<Stores> => {
  const { deployment, templates, dataDir, issuerDir, ports, clock, log, merchant, onStop } = basis;
  const { endpoint, dbPath, stop } = await startDynamo({
    port: ports.dynamodb,
    dbPath: dynamoFile(dataDir),
  });
  onStop(stop);
  const dynamo = awsClient(DynamoDBClient, patientLimits, {
    endpoint,
    region,
    credentials: localCredentials,
  });
  onStop(() => dynamo.destroy());
  await createTables(dynamo, templates);
  onStop(startExpiry(deployment, dynamo, { log, clock }).stop);

  const messaging = await startMessaging(ports.queues, join(dataDir, 'queues'));
  onStop(messaging.stop);
  await createMessaging(deployment, messaging, log);
  const mail = await startMail({
    port: ports.inbox,
    folder: dataDir,
    sets: readConfigurationSets(deployment),
    now: clock.now,
  });
  onStop(mail.stop);

  const client = readClient(deployment);
  onStop((await startIssuer({ port: ports.signIn, dataDir: issuerDir, client })).stop);

  const sandbox = await startSandbox({
    dataDir: join(dataDir, 'sandbox'),
    port: ports.cashier,
    webhookUrlOf: (provider) => `${urlOf(ports.api)}/v1/payment-callbacks/${provider}`,
    clock: () => instantOf(clock.now()),
    ...(merchant && { merchant }),
  });
  onStop(sandbox.stop);
  const secrets = openSecrets(deployment, join(dataDir, 'secrets'));
  for (const [name, keys] of Object.entries(sandbox.secrets)) secrets.fill(name, JSON.stringify(keys));

  return {
    dynamo,
    dynamoEndpoint: endpoint,
    dynamoFile: dbPath,
    messaging,
    mail,
    secretOperations: secrets.operations,
    clientId: client.clientId,
    variables: { ...sdkVariables(ports, endpoint), ...clock.variables },
  };
};

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
  AWS_ENDPOINT_URL_CLOUDFORMATION: urlOf(ports.aws),
  AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: urlOf(ports.aws),
});
