import * as z from 'zod';
import { arnLike } from './arn-like.ts';
import { actionPattern, listOf, texts } from './iam-policies.ts';
import { textPattern, type TextPattern } from './text-pattern.ts';

/** A question to the policy of a queue, topic or key: may this service do that, for the resource that it acts for? */
export type ResourceRequest = {
  /** `sns.amazonaws.com` */
  service: string;
  action: string;
  resource: string;
  /** The values that conditions can test. An absent one fails its condition. */
  context: Readonly<Partial<Record<ResourceConditionKey, string>>>;
};

const conditionKeys = [
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:securetransport',
  'kms:encryptioncontext:aws:sns:topicarn',
  'kms:viaservice',
] as const;
type ResourceConditionKey = (typeof conditionKeys)[number];

const operators = {
  StringEquals: (wanted: string, given: string) => wanted === given,
  StringLike: (wanted: string, given: string) => textPattern(wanted).matches(given),
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: (wanted: string, given: string) => wanted.toLowerCase() === given,
} as const;
type Operator = keyof typeof operators;

type Condition = { operator: Operator; key: ResourceConditionKey; values: readonly string[] };

/** IAM ignores the case of keys. A key that nobody evaluates would be a hole, so it is an error. */
const keySchema = z
  .string()
  .transform((key) => key.toLowerCase())
  .pipe(z.enum(conditionKeys));

const conditionsSchema = z
  .partialRecord(z.enum(Object.keys(operators) as Operator[]), z.record(z.string(), texts))
  .transform((byOperator) =>
    Object.entries(byOperator).flatMap(([operator, byKey]) =>
      Object.entries(byKey ?? {}).map(([key, values]): Condition => ({
        operator: operator as Operator,
        key: keySchema.parse(key),
        values,
      })),
    ),
  );

const principalSchema = z
  .union([z.literal('*'), z.strictObject({ AWS: texts.optional(), Service: texts.optional() })])
  .transform((principal) => {
    const accounts = principal === '*' ? ['*'] : (principal.AWS ?? []);
    const services = principal === '*' ? [] : (principal.Service ?? []);
    return { everybody: accounts.includes('*'), services };
  });

export type ResourceStatement = {
  isDeny: boolean;
  principal: { everybody: boolean; services: readonly string[] };
  actions: readonly TextPattern[];
  resources: readonly TextPattern[];
  conditions: readonly Condition[];
};

const statementSchema = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Principal: principalSchema,
    Action: texts,
    Resource: texts,
    Condition: conditionsSchema.default([]),
  })
  .transform(({ Effect, Principal, Action, Resource, Condition }): ResourceStatement => ({
    isDeny: Effect === 'Deny',
    principal: Principal,
    actions: Action.map(actionPattern),
    resources: Resource.map(textPattern),
    conditions: Condition,
  }));

/** The document of a resource's own policy. It refuses what we could not evaluate. */
export const resourcePolicySchema = z
  .object({ Statement: listOf(statementSchema) })
  .transform(({ Statement }) => Statement);

const covers = (statement: ResourceStatement, request: ResourceRequest): boolean =>
  (statement.principal.everybody || statement.principal.services.includes(request.service)) &&
  statement.actions.some((one) => one.matches(request.action)) &&
  statement.resources.some((one) => one.matches(request.resource)) &&
  statement.conditions.every(({ operator, key, values }) => {
    const given = request.context[key];
    return given !== undefined && values.some((wanted) => operators[operator](wanted, given));
  });

/** Whether a resource's own policy lets a service in. A service has no other policy that could. */
export const letsIn = (statements: readonly ResourceStatement[], request: ResourceRequest): boolean => {
  const covering = statements.filter((statement) => covers(statement, request));
  return covering.length > 0 && covering.every(({ isDeny }) => !isDeny);
};
