import * as z from 'zod';
import type { Deployment } from '../template/deployment.ts';
import { LocalRunError } from '../run/ports.ts';
import { textPattern, type TextPattern } from './text-pattern.ts';

/** A question to IAM: may this caller do this action to this resource? */
export type AccessRequest = {
  action: string;
  resource: string;
  /** The values that conditions can test. */
  context?: Readonly<Partial<Record<ConditionKey, string>>>;
};

/** `explicit deny` wins over any grant; `implicit deny` means that no statement grants it. */
export type Decision = 'allowed' | 'explicit deny' | 'implicit deny';

export type Statement = {
  effect: 'Allow' | 'Deny';
  actions: readonly TextPattern[];
  resources: readonly TextPattern[];
  /** Each key must have one of its values. */
  equals: readonly { key: ConditionKey; values: readonly string[] }[];
};

export const actionPattern = (text: string): TextPattern => {
  const { matches } = textPattern(text.toLowerCase());
  // Only actions ignore the case of letters.
  return { text, matches: (value) => matches(value.toLowerCase()) };
};

export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.union([item, z.array(item)]).transform((value) => [value].flat() as z.output<Item>[]);

// A variable takes its value from the request; as plain text it would match nothing.
const text = z
  .string()
  .refine((value) => !value.includes('${'), 'policy variables are not evaluated locally');
export const texts = listOf(text);

/** Any other key is an error at the start, because a condition that nobody evaluates would be a hole. */
const equalsSchema = z.strictObject({
  'kms:ViaService': texts.optional(),
  'ses:FromAddress': texts.optional(),
});
export type ConditionKey = keyof z.output<typeof equalsSchema>;

const statementSchema = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Action: texts,
    Resource: texts,
    Condition: z.strictObject({ StringEquals: equalsSchema.optional() }).optional(),
  })
  .transform(({ Effect, Action, Resource, Condition }): Statement => ({
    effect: Effect,
    actions: Action.map(actionPattern),
    resources: Resource.map(textPattern),
    equals: Object.entries(Condition?.StringEquals ?? {}).map(([key, values]) => ({
      key: key as ConditionKey,
      values: values ?? [],
    })),
  }));

const documentSchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: listOf(statementSchema),
});

const policySchema = z.object({ PolicyDocument: documentSchema, Roles: z.array(z.string()).default([]) });

/** Functions do not use the SDK for what these grant: a log, traces, an address in a network. */
const basicExecution =
  /:iam::aws:policy\/(?:service-role\/AWSLambda(?:Basic|VPCAccess)ExecutionRole|AWSXRayDaemonWriteAccess)$/;

const roleSchema = z.object({
  Policies: z.array(z.object({ PolicyDocument: documentSchema })).default([]),
  ManagedPolicyArns: z
    .array(z.string().regex(basicExecution, 'this managed policy is not evaluated locally'))
    .default([]),
  PermissionsBoundary: z.undefined('a permissions boundary is not evaluated locally').optional(),
});

/**
 * The statements of every role of the template, by the role's ARN. Throws for a statement that we could not evaluate.
 */
export const readPolicies = (deployment: Deployment): ((roleArn: string) => readonly Statement[]) => {
  const policies = deployment.all('AWS::IAM::Policy', policySchema).map(({ properties }) => properties);
  const byArn = new Map(
    deployment.all('AWS::IAM::Role', roleSchema).map(({ ref: name, attributes, properties }) => {
      const attached = policies.filter(({ Roles }) => Roles.includes(name));
      const documents = [...properties.Policies, ...attached];
      return [attributes['Arn'] ?? '', documents.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)];
    }),
  );
  return (roleArn) => {
    const statements = byArn.get(roleArn);
    if (!statements) throw new LocalRunError(`there is no role ${roleArn} in the template`);
    return statements;
  };
};

const covers = (
  { actions, resources, equals }: Statement,
  { action, resource, context }: AccessRequest,
): boolean =>
  actions.some((one) => one.matches(action)) &&
  resources.some((one) => one.matches(resource)) &&
  equals.every(({ key, values }) => values.some((value) => value === context?.[key]));

/** IAM's decision by a role's own policies. There is nothing else here: no boundaries and no organization. */
export const decide = (statements: readonly Statement[], request: AccessRequest): Decision => {
  const covering = statements.filter((statement) => covers(statement, request));
  if (covering.some(({ effect }) => effect === 'Deny')) return 'explicit deny';
  return covering.length > 0 ? 'allowed' : 'implicit deny';
};
