import * as z from 'zod';
import type { Deployment } from '../template/deployment.ts';
import { accountId, region } from '../template/identities.ts';
import { arnLike } from './arn-like.ts';
import { actionPattern } from './iam-policies.ts';
import { letsIn, resourcePolicySchema, type ResourceStatement } from './resource-policies.ts';

/** A call that a service makes by itself: only the called resource's own policy can allow it. */
export type ServiceCall = {
  service: 'apigateway' | 'cloudwatch' | 'events' | 'sns';
  /** The ARN of the route, alarm, rule or topic that the service acts for. */
  source: string;
  /** The ARN of a function, queue or topic. */
  target: string;
};

/** Why a service may not make a call, or undefined if it may. */
export type RefusalOf = (call: ServiceCall) => string | undefined;

/**
 * What API Gateway says it acts for when a route calls a function. The route of unknown paths has no method, so its ARN has a
 * slash less: `…:api/stage/$default`.
 */
export const routeArn = (apiId: string, stage: string, routeKey: string): string =>
  `arn:aws:execute-api:${region}:${accountId}:${apiId}/${stage}/${routeKey.replace(' ', '')}`;

const permissionSchema = z.strictObject({
  Action: z.string().transform(actionPattern),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});

const queuePolicySchema = z.object({ PolicyDocument: resourcePolicySchema, Queues: z.array(z.string()) });
const topicPolicySchema = z.object({ PolicyDocument: resourcePolicySchema, Topics: z.array(z.string()) });
const topicSchema = z.object({ KmsMasterKeyId: z.string().optional() });
const keySchema = z.object({ KeyPolicy: resourcePolicySchema });

/** Reads every permission, queue policy, topic policy and key policy of the template. */
export const readServiceCalls = (deployment: Deployment): RefusalOf => {
  const mayInvoke = readPermissions(deployment);
  const mayUse = readResourcePolicies(deployment);
  return (call) => {
    const title = `${call.service} may not call ${call.target} for ${call.source}`;
    if (call.target.startsWith('arn:aws:lambda:'))
      return mayInvoke(call) ? undefined : `${title}: no AWS::Lambda::Permission of the function allows it`;
    const lacking = mayUse(call);
    return lacking === undefined ? undefined : `${title}: ${lacking}`;
  };
};

const readPermissions = (deployment: Deployment): ((call: ServiceCall) => boolean) => {
  const arns = new Map(
    deployment
      .all('AWS::Lambda::Function', z.object({}))
      .map(({ ref, attributes }) => [ref, attributes['Arn']]),
  );
  const permissions = deployment
    .all('AWS::Lambda::Permission', permissionSchema)
    .map(({ properties }) => properties);
  return ({ service, source, target }) =>
    permissions.some(
      ({ Action, FunctionName, Principal, SourceArn, SourceAccount }) =>
        Action.matches('lambda:InvokeFunction') &&
        (arns.get(FunctionName) ?? FunctionName) === target &&
        Principal === `${service}.amazonaws.com` &&
        (SourceArn === undefined || arnLike(SourceArn, source)) &&
        (SourceAccount === undefined || SourceAccount === accountId),
    );
};

/** What lacks for a call to a queue or topic; undefined if nothing does. */
const readResourcePolicies = (deployment: Deployment): ((call: ServiceCall) => string | undefined) => {
  const urls = new Map(
    deployment
      .all('AWS::SQS::Queue', z.object({}))
      .map(({ ref, attributes }) => [ref, attributes['Arn'] ?? '']),
  );
  const queues = deployment.all('AWS::SQS::QueuePolicy', queuePolicySchema).map(({ properties }) => ({
    arns: properties.Queues.map((url) => urls.get(url)),
    statements: properties.PolicyDocument,
  }));
  const topics = deployment.all('AWS::SNS::TopicPolicy', topicPolicySchema).map(({ properties }) => ({
    arns: properties.Topics as (string | undefined)[],
    statements: properties.PolicyDocument,
  }));
  const keys = readTopicKeys(deployment);
  const policiesOf = (arn: string): ResourceStatement[] =>
    [...queues, ...topics].filter(({ arns }) => arns.includes(arn)).flatMap(({ statements }) => statements);

  return (call) => {
    const { service, target } = call;
    const isTopic = target.startsWith('arn:aws:sns:');
    const request = { service: `${service}.amazonaws.com`, context: contextOf(call, isTopic) };
    const action = isTopic ? 'sns:Publish' : 'sqs:SendMessage';
    if (!letsIn(policiesOf(target), { ...request, action, resource: target }))
      return `its policy does not allow ${action}`;
    const key = keys.get(target);
    const lacking = ['kms:Decrypt', 'kms:GenerateDataKey'].find(
      (needed) => key && !letsIn(key.statements, { ...request, action: needed, resource: key.arn }),
    );
    return lacking && `the policy of its key does not allow ${lacking}`;
  };
};

/** The key of each encrypted topic: who publishes in a service's name uses it in that name too. */
const readTopicKeys = (deployment: Deployment) => {
  const keys = deployment.all('AWS::KMS::Key', keySchema).map(({ ref, attributes, properties }) => ({
    ids: [ref, attributes['Arn']],
    arn: attributes['Arn'] ?? '',
    statements: properties.KeyPolicy,
  }));
  return new Map(
    deployment.all('AWS::SNS::Topic', topicSchema).flatMap(({ ref, properties: { KmsMasterKeyId } }) => {
      const key = keys.find(({ ids }) => KmsMasterKeyId !== undefined && ids.includes(KmsMasterKeyId));
      return key ? [[ref, key] as const] : [];
    }),
  );
};

/** EventBridge does not say to a topic which rule it acts for, so a condition on that never holds. */
const contextOf = ({ service, source, target }: ServiceCall, isTopic: boolean) => ({
  'aws:securetransport': 'true',
  ...(isTopic && { 'kms:encryptioncontext:aws:sns:topicarn': target }),
  ...(!(isTopic && service === 'events') && { 'aws:sourcearn': source, 'aws:sourceaccount': accountId }),
});
