import { join } from 'node:path';
import * as z from 'zod';
import { startAwsJsonServer } from '../http/aws-json-server.ts';
import { makeAuthorize } from '../iam/authorize-request.ts';
import { startAuthorizingProxy } from '../iam/authorizing-proxy.ts';
import type { Deployment } from '../template/deployment.ts';
import { startEventBridge, type EventBridge } from '../messaging/event-bridge.ts';
import { startEventSourceMappings } from '../messaging/event-source-mappings.ts';
import type { Execution } from '../workflows/executions.ts';
import { makeFunctions, type LocalFunctions } from '../lambda/functions.ts';
import { describeStacks } from '../template/describe-stacks.ts';
import { startHttpApi } from '../http/http-api.ts';
import { cognitoAdmin } from '../identity/cognito-admin.ts';
import { tokenFor } from '../identity/issue-tokens.ts';
import { issuerKey } from '../identity/issuer-keys.ts';
import { userOperations } from '../identity/user-pool.ts';
import { subjectOf } from '../identity/users.ts';
import type { Operation } from '../http/aws-operation.ts';
import { region } from '../template/identities.ts';
import { localCredentials } from '../iam/local-credentials.ts';
import { urlOf } from './local-ports.ts';
import { templatesFolder } from './paths.ts';
import type { Basis, Stores } from './start-stores.ts';
import { openStepFunctions } from '../workflows/step-functions.ts';
import { makeTaskTokens } from '../workflows/task-tokens.ts';

export type Work = { functions: LocalFunctions; api: string; aws: string };

/** Starts the parts that do work: functions, workflows, triggers, schedules, and last the API, which admits callers. */
export const startWork = async (basis: Basis, stores: Stores): Promise<Work> => {
  const { deployment, dataDir, ports, clock, log, onStop } = basis;
  const { sqs, sns } = stores.messaging;
  const variables = await startAuthorization(basis, stores);
  const functions = makeFunctions(deployment, templatesFolder, variables, log);
  const queueUrls = queuesByArn(deployment);
  const queueUrlOf = (arn: string) => queueUrls.get(arn) ?? arn;
  const world = { clock, log, sqs, sns, functionOf: functions.of, queueUrlOf };

  const bridge = startEventBridge(deployment, world);
  stores.mail.onEvent((event) => bridge.publish({ source: 'aws.ses', ...event }));
  const workflows = openStepFunctions(deployment, {
    ...world,
    tokens: makeTaskTokens(),
    file: join(dataDir, 'executions.sqlite'),
    onStatus: (execution) => publishStatus(bridge, execution),
  });
  const operations = {
    ...stores.secretOperations,
    ...(await userPoolOperations(basis)),
    ...workflows.operations,
  };
  const queries = describeStacks(deployment, clock.variables);
  const aws = await startAwsJsonServer(ports.aws, operations, queries);
  onStop(aws.stop);
  const pollers = startEventSourceMappings(deployment, {
    ...world,
    dynamo: stores.dynamo,
    dynamoEndpoint: stores.dynamoEndpoint,
    dynamoFile: stores.dynamoFile,
    folder: join(dataDir, 'streams'),
  });
  // All at once: a poller waits for the function that it has called, and that function ends only because we stop it.
  onStop(async () => {
    workflows.stop();
    await Promise.all([pollers.stop(), bridge.stop(), functions.stop()]);
  });
  workflows.reportInterrupted();

  const issuer = urlOf(ports.signIn);
  const api = await startHttpApi(deployment, {
    port: ports.api,
    functionOf: functions.of,
    log,
    // The template names Cognito or another issuer; the one on this machine stands in for it.
    issuerOf: () => issuer,
  });
  onStop(api.stop);
  return { functions, api: api.endpoint, aws: aws.endpoint };
};

/**
 * Puts IAM between functions and the services that they call; returns the variables with which functions find it. It
 * does not cover queues: no function calls SQS, and an SDK client would use the queue's own URL and bypass the proxy.
 */
const startAuthorization = async (
  { deployment, ports, clock, log, onStop }: Basis,
  { dynamoEndpoint }: Stores,
): Promise<Record<string, string>> => {
  const { KEYUN_IAM_REPORT: reportFile } = process.env;
  const { authorize, stop } = makeAuthorize(deployment, { say: log.say, reportFile });
  onStop(stop);
  const proxy = await startAuthorizingProxy(authorize, {
    'cognito-idp': urlOf(ports.aws),
    dynamodb: dynamoEndpoint,
    secretsmanager: urlOf(ports.aws),
    ses: urlOf(ports.inbox),
    sns: urlOf(ports.queues),
    states: urlOf(ports.aws),
  });
  onStop(proxy.stop);
  return {
    AWS_REGION: region,
    AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: proxy.endpoint,
    ...clock.variables,
  };
};

/** The administrator's calls of Cognito. Its users are those of the issuer on this machine. */
const userPoolOperations = async ({
  deployment,
  issuerDir,
  ports,
}: Basis): Promise<Record<string, Operation>> => {
  const key = await issuerKey(issuerDir);
  const issuer = urlOf(ports.signIn);
  const forAdministrators = cognitoAdmin({
    deployment,
    dataDir: issuerDir,
    subjectOf: (email) => subjectOf(key, email),
    tokenFor: (wish) => tokenFor(issuerDir, { ...wish, issuer }),
  });
  return { ...forAdministrators, ...userOperations(issuerDir) };
};

const queuesByArn = (deployment: Deployment): Map<string, string> =>
  new Map(
    deployment
      .all('AWS::SQS::Queue', z.object({}))
      .map(({ ref, attributes }) => [attributes['Arn'] ?? '', ref]),
  );

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
