import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Deployment } from '../template/deployment.ts';
import { matchesPattern, type EventPattern } from './event-pattern.ts';
import { accountId, region } from '../template/identities.ts';
import { readRoleCalls } from '../iam/role-calls.ts';
import { readServiceCalls } from '../iam/service-calls.ts';
import type { LocalFunction } from '../lambda/lambda.ts';
import type { LocalClock } from '../run/local-clock.ts';
import type { LocalLog } from '../run/local-log.ts';
import { LocalRunError } from '../run/ports.ts';
import { absent } from '../template/template-shapes.ts';

const targetSchema = z.object({
  Arn: z.string(),
  Input: z.string().optional(),
  InputPath: absent,
  DeadLetterConfig: z.object({ Arn: z.string() }).optional(),
  InputTransformer: z
    .object({ InputPathsMap: z.record(z.string(), z.string()).default({}), InputTemplate: z.string() })
    .optional(),
});
type Target = z.output<typeof targetSchema>;

/** A target, and why EventBridge may not call it. */
type Destination = { target: Target; refusal: string | undefined };

const ruleSchema = z.object({
  EventPattern: z.custom<EventPattern>().optional(),
  ScheduleExpression: z.string().optional(),
  State: z.string().default('ENABLED'),
  Targets: z.array(targetSchema).default([]),
  EventBusName: absent,
});
const scheduleSchema = z.object({
  ScheduleExpression: z.string(),
  State: z.string().default('ENABLED'),
  Target: targetSchema.extend({ RoleArn: z.string() }),
});

export type EventBridge = {
  /** Gives an event to every rule that it matches. */
  publish(event: { source: string; detailType: string; resources: string[]; detail: object }): void;
  stop(): Promise<void>;
};

type World = {
  clock: LocalClock;
  sns: SNSClient;
  sqs: SQSClient;
  functionOf(nameOrArn: string): LocalFunction;
  queueUrlOf(arn: string): string;
  log: LocalLog;
};

/** Scaled time may call for it more often, but this machine has other work to do. */
const tickMillisecondsMin = 250;

/**
 * The template's rules and schedules. It skips a tick while the previous one still works, and does not retry a failed
 * tick: the next one follows anyway. A target that a rule or schedule may not call gets nothing.
 */
export const startEventBridge = (deployment: Deployment, world: World): EventBridge => {
  const { rules, schedules } = readRules(deployment);
  const busy = new Set<Promise<void>>();
  let stopped = false;

  const deliver = async ({ target, refusal }: Destination, event: object): Promise<void> => {
    if (refusal !== undefined) return world.log.say(refusal);
    const delivery: Promise<void> = send(target, event, world)
      .catch(async (error: unknown) => {
        if (stopped) return;
        world.log.say(`${target.Arn} did not accept an event: ${String(error)}`);
        if (target.DeadLetterConfig)
          await sendToQueue(target.DeadLetterConfig.Arn, JSON.stringify(event), world);
      })
      .catch((error: unknown) => world.log.say(`a dead letter is lost: ${String(error)}`))
      .finally(() => busy.delete(delivery));
    busy.add(delivery);
    return delivery;
  };

  const envelope = (source: string, detailType: string, resources: string[], detail: object) => ({
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account: accountId,
    // EventBridge has whole seconds.
    time: `${new Date(world.clock.now()).toISOString().slice(0, 19)}Z`,
    region,
    resources,
    detail,
  });

  const every = ({ expression, arn, destinations }: Ticking): NodeJS.Timeout => {
    let isRunning = false;
    const tick = async () => {
      if (isRunning) return;
      isRunning = true;
      const event = envelope('aws.events', 'Scheduled Event', [arn], {});
      await Promise.all(destinations.map((one) => deliver(one, event)));
      isRunning = false;
    };
    const milliseconds = world.clock.realMilliseconds(rateMilliseconds(expression));
    return setInterval(() => void tick(), Math.max(tickMillisecondsMin, milliseconds));
  };

  const timers = [...rules, ...schedules].flatMap(({ expression, ...rest }) =>
    expression === undefined ? [] : [every({ expression, ...rest })],
  );

  return {
    publish: ({ source, detailType, resources, detail }) => {
      const event = envelope(source, detailType, resources, detail);
      for (const { pattern, destinations } of rules)
        if (pattern && matchesPattern(pattern, event))
          for (const destination of destinations) void deliver(destination, event);
    },
    stop: async () => {
      stopped = true;
      for (const timer of timers) clearInterval(timer);
      await Promise.all(busy);
    },
  };
};

type Ticking = { expression: string; arn: string; destinations: readonly Destination[] };

/** The rules and schedules that are switched on, with what each may call. */
const readRules = (deployment: Deployment) => {
  const refusalOf = readServiceCalls(deployment);
  const roles = readRoleCalls(deployment);
  const isOn = ({ properties }: { properties: { State: string } }) => properties.State !== 'DISABLED';
  return {
    rules: deployment
      .all('AWS::Events::Rule', ruleSchema)
      .filter(isOn)
      .map(({ attributes: { Arn: arn = '' }, properties }) => ({
        arn,
        expression: properties.ScheduleExpression,
        pattern: properties.EventPattern,
        destinations: properties.Targets.map((target) => ({
          target,
          refusal: refusalOf({ service: 'events', source: arn, target: target.Arn }),
        })),
      })),
    schedules: deployment
      .all('AWS::Scheduler::Schedule', scheduleSchema)
      .filter(isOn)
      .map(({ attributes: { Arn: arn = '' }, properties: { ScheduleExpression, Target: target } }) => ({
        arn,
        expression: ScheduleExpression,
        destinations: [{ target, refusal: roles.ofRole(target.RoleArn, target.Arn) }],
      })),
  };
};

const unitMilliseconds: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

const rateMilliseconds = (expression: string): number => {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const milliseconds = unitMilliseconds[unit ?? ''];
  if (!milliseconds)
    throw new LocalRunError(`the local run does not support the schedule ${expression}: use rate(…)`);
  return Number(count) * milliseconds;
};

const send = async (target: Target, event: object, world: World): Promise<void> => {
  const text = inputOf(target, event);
  if (target.Arn.startsWith('arn:aws:lambda:'))
    return void (await world.functionOf(target.Arn).invoke(JSON.parse(text)));
  if (target.Arn.startsWith('arn:aws:sns:')) {
    // No address on this machine is subscribed, so we print it for the person who watches.
    world.log.say(plainText(text));
    return void (await world.sns.send(new PublishCommand({ TopicArn: target.Arn, Message: text })));
  }
  if (target.Arn.startsWith('arn:aws:sqs:')) return sendToQueue(target.Arn, text, world);
  throw new LocalRunError(`${target.Arn} is not a target that the local run supports`);
};

const sendToQueue = async (arn: string, MessageBody: string, { sqs, queueUrlOf }: World): Promise<void> => {
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrlOf(arn), MessageBody }));
};

/** A template that is a JSON text: the person sees the text itself. */
const plainText = (text: string): string => (text.startsWith('"') ? String(JSON.parse(text)) : text);

/** What a target receives: the event, a fixed text, or a template with values of the event. */
const inputOf = ({ Input, InputTransformer }: Target, event: object): string => {
  if (Input !== undefined) return Input;
  if (!InputTransformer) return JSON.stringify(event);
  return InputTransformer.InputTemplate.replaceAll(/<([^>]+)>/g, (_, name: string) => {
    const path = InputTransformer.InputPathsMap[name] ?? '$';
    const value = path
      .split('.')
      .slice(1)
      .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], event);
    return typeof value === 'string' ? value : JSON.stringify(value ?? '');
  });
};
