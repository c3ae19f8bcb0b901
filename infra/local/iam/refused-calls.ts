import * as z from 'zod';
import { mappingSchema, sourceOf } from '../messaging/event-source-mapping.ts';
import type { Deployment } from '../template/deployment.ts';
import { json } from '../template/template-shapes.ts';
import { readRoleCalls } from './role-calls.ts';
import { readServiceCalls, routeArn, type RefusalOf } from './service-calls.ts';

const routeSchema = z.object({ ApiId: z.string(), RouteKey: z.string(), Target: z.string() });
const integrationSchema = z.object({ IntegrationUri: z.string() });
const stageSchema = z.object({ ApiId: z.string(), StageName: z.string() });
const alarmSchema = z.object({ AlarmActions: z.array(z.string()).default([]) });
const targetSchema = z.object({
  Arn: z.string(),
  DeadLetterConfig: z.object({ Arn: z.string() }).optional(),
});
const ruleSchema = z.object({ Targets: z.array(targetSchema).default([]) });
const subscriptionSchema = z.object({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string().optional(),
});
const scheduleSchema = z.object({ Target: z.object({ Arn: z.string(), RoleArn: z.string() }) });
const stateMachineSchema = z.object({ RoleArn: z.string(), DefinitionString: json });

/**
 * Every call that a deployment makes by itself and that AWS would refuse, a line for each: routes to functions, rules, schedules
 * and alarms to their targets, topics to queues, triggers to queues and streams, workflows to functions.
 */
export const refusedCalls = (deployment: Deployment): string[] => {
  const refusalOf = readServiceCalls(deployment);
  const roles = readRoleCalls(deployment);
  const refusals = [
    ...routeRefusals(deployment, refusalOf),
    ...deployment
      .all('AWS::Events::Rule', ruleSchema)
      .flatMap(({ attributes, properties }) =>
        properties.Targets.flatMap(({ Arn, DeadLetterConfig }) =>
          [Arn, DeadLetterConfig?.Arn ?? []].flat(),
        ).map((target) => refusalOf({ service: 'events', source: attributes['Arn'] ?? '', target })),
      ),
    ...deployment
      .all('AWS::CloudWatch::Alarm', alarmSchema)
      .flatMap(({ attributes, properties }) =>
        properties.AlarmActions.map((target) =>
          refusalOf({ service: 'cloudwatch', source: attributes['Arn'] ?? '', target }),
        ),
      ),
    ...deployment
      .all('AWS::SNS::Subscription', subscriptionSchema)
      .filter(({ properties }) => ['sqs', 'lambda'].includes(properties.Protocol))
      .map(({ properties: { TopicArn, Endpoint = '' } }) =>
        refusalOf({ service: 'sns', source: TopicArn, target: Endpoint }),
      ),
    ...deployment
      .all('AWS::Scheduler::Schedule', scheduleSchema)
      .map(({ properties: { Target } }) => roles.ofRole(Target.RoleArn, Target.Arn)),
    ...deployment
      .all('AWS::Lambda::EventSourceMapping', mappingSchema)
      .map(({ properties }) => roles.ofMapping(sourceOf(properties))),
    ...deployment
      .all('AWS::StepFunctions::StateMachine', stateMachineSchema)
      .flatMap(({ properties: { RoleArn, DefinitionString } }) =>
        functionsIn(DefinitionString).map((target) => roles.ofRole(RoleArn, target)),
      ),
  ];
  return refusals.filter((refusal) => refusal !== undefined);
};

/** Every route is called in every stage of its API. */
const routeRefusals = (deployment: Deployment, refusalOf: RefusalOf): (string | undefined)[] => {
  const integrations = new Map(
    deployment
      .all('AWS::ApiGatewayV2::Integration', integrationSchema)
      .map(({ ref, properties }) => [`integrations/${ref}`, properties.IntegrationUri]),
  );
  const stages = deployment.all('AWS::ApiGatewayV2::Stage', stageSchema).map(({ properties }) => properties);
  return deployment
    .all('AWS::ApiGatewayV2::Route', routeSchema)
    .flatMap(({ properties: { ApiId, RouteKey, Target } }) =>
      stages
        .filter((stage) => stage.ApiId === ApiId)
        .map(({ StageName }) =>
          refusalOf({
            service: 'apigateway',
            source: routeArn(ApiId, StageName, RouteKey),
            target: integrations.get(Target) ?? '',
          }),
        ),
    );
};

/** The functions that a definition names. */
const functionsIn = (definition: object): string[] => [
  ...new Set(JSON.stringify(definition).match(/arn:aws:lambda:[^"]*:function:[^"]+/g)),
];
