import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { join } from 'node:path';
import type { Deployment } from '../template/deployment.ts';
import { mappingSchema, sourceOf, type Pollers } from './event-source-mapping.ts';
import { readRoleCalls } from '../iam/role-calls.ts';
import type { LocalFunction } from '../lambda/lambda.ts';
import type { LocalLog } from '../run/local-log.ts';
import { LocalRunError } from '../run/ports.ts';
import { startQueuePoller } from './queue-poller.ts';
import { startStreamPoller } from '../tables/stream-poller.ts';
import { startTrimming, type StreamPlace } from '../tables/stream-trimmer.ts';

type World = {
  dynamoEndpoint: string;
  /** The file of DynamoDB, if we may trim it. */
  dynamoFile: string | undefined;
  dynamo: DynamoDBClient;
  sqs: SQSClient;
  /** A queue's URL by its ARN. */
  queueUrlOf(arn: string): string;
  functionOf(nameOrArn: string): LocalFunction;
  /** The folder in which streams keep their positions. */
  folder: string;
  log: LocalLog;
};

/**
 * Starts a poller for each of the template's triggers, and removes from the streams the records that all of them have
 * passed. As on AWS, a trigger whose function may not read its source does not exist: the start fails.
 */
export const startEventSourceMappings = (deployment: Deployment, world: World): Pollers => {
  const readers: StreamPlace[] = [];
  const roles = readRoleCalls(deployment);
  const pollers = deployment
    .all('AWS::Lambda::EventSourceMapping', mappingSchema)
    .filter(({ properties }) => properties.Enabled)
    .map(({ logicalId, properties: mapping }) => {
      const target = world.functionOf(mapping.FunctionName);
      const refusal = roles.ofMapping(sourceOf(mapping));
      if (refusal !== undefined) throw new LocalRunError(`${logicalId}: ${refusal}`);
      const stream = /^arn:aws:dynamodb:[^:]*:[^:]*:table\/([^/]+)\/stream\//.exec(mapping.EventSourceArn);
      if (stream) {
        const poller = startStreamPoller(mapping, target, {
          ...world,
          tableName: stream[1] ?? '',
          checkpointFile: join(world.folder, `${logicalId}.json`),
        });
        readers.push(poller);
        return poller;
      }
      if (mapping.EventSourceArn.startsWith('arn:aws:sqs:'))
        return startQueuePoller(mapping, target, {
          ...world,
          queueUrl: world.queueUrlOf(mapping.EventSourceArn),
        });
      throw new LocalRunError(
        `${logicalId}: ${mapping.EventSourceArn} is not a source that the local run supports`,
      );
    });
  const trimmer =
    world.dynamoFile === undefined ? undefined : startTrimming(world.dynamoFile, readers, world.log);
  return {
    stop: async () => {
      trimmer?.stop();
      await Promise.all(pollers.map((poller) => poller.stop()));
    },
  };
};
