import { codeBehind } from './code-of-functions.ts';
import { placeOf, type Check, type CheckedFunction, type CheckedStack, type Subject } from './model.ts';
import { actionsCalledBy } from './sdk-actions.ts';
import { isObject, resourceBehind } from './template-values.ts';
import { whyTooWide } from './widths.ts';
import type { TemplateObject, TemplateValue } from '../local/template/template.ts';

/**
 * Actions that no line of our code calls: patterns, and why they are granted. The last two are checked with the calls between
 * services, which need them.
 */
const withoutCode: readonly { pattern: RegExp; why: string }[] = [
  { pattern: /^logs:(CreateLogStream|PutLogEvents)$/, why: 'Lambda writes the log in the function’s name' },
  {
    pattern: /^xray:Put(TraceSegments|TelemetryRecords)$/,
    why: 'Lambda writes traces in the function’s name',
  },
  { pattern: /^ses:SendRawEmail$/, why: 'SES asks for it where the mail has an attachment' },
  {
    pattern: /^kms:(Decrypt|DescribeKey|Encrypt|GenerateDataKey|ReEncrypt(From|To))$/,
    why: 'services use the customer’s key in the name of whoever calls them',
  },
  {
    pattern: /^dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)$/,
    why: 'Lambda reads the stream in the function’s name',
  },
  {
    pattern:
      /^sqs:(ChangeMessageVisibility|DeleteMessage|GetQueueAttributes|GetQueueUrl|ReceiveMessage|SendMessage)$/,
    why: 'Lambda reads the queue, and writes to the dead letters, in the function’s name',
  },
];

/** Code that functions reach and never call: entry → action → why. */
const reachedInVain: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'events/apply-payment': {
    'secretsmanager:GetSecretValue':
      'it passes the keys of providers and of tickets on to use cases that settle money; here none is asked',
  },
};

/** Each function may do what its code calls, and nothing else. */
export const grantsCheck: Check = {
  name: 'grants',
  proves: 'each function may do what its code calls, and nothing else',
  find: (subject) => {
    const hasUsers = hasUserPool(subject);
    return subject.functions.flatMap((one) => {
      const statements = statementsFor(subject, one);
      const granted = new Set(statements.flatMap(({ Action = [] }) => [Action].flat().map(String)));
      const called = actionsCalledBy(codeBehind(subject, one.entry));
      const where = placeOf(one.stackName, one.logicalId, ['Role']);
      return [
        ...called
          .filter((alternatives) => !alternatives.some((action) => granted.has(action)))
          .filter(([action = '']) => !(action in (reachedInVain[one.entry] ?? {})))
          .filter(([action = '']) => hasUsers || !action.startsWith('cognito-idp:'))
          .map(([action]) => ({
            where,
            what: `${one.entry} calls ${action}, which is not granted`,
            remedy: 'add it to the line of the function in infra/constructs/grants.ts',
          })),
        ...[...granted]
          .filter((action) => !called.some((alternatives) => alternatives.includes(action)))
          .filter((action) => !withoutCode.some(({ pattern }) => pattern.test(action)))
          .map((action) => ({
            where,
            what: `${one.entry} may ${action}, which its code never calls`,
            remedy: 'remove it from the line of the function in infra/constructs/grants.ts',
          })),
        ...statements
          .flatMap((statement) => whyTooWide(subject.stacks, statement) ?? [])
          .map((why) => ({
            where,
            what: `${one.entry} may ${why}`,
            remedy: 'name the resource in infra/constructs/permissions.ts',
          })),
      ];
    });
  },
};

/** Where another issuer signs users in there is no pool, and functions find no pool to ask. */
const hasUserPool = ({ stacks }: Subject): boolean =>
  stacks.some(({ Resources }) =>
    Object.values(Resources).some(({ Type }) => Type === 'AWS::Cognito::UserPool'),
  );

/** What the policies of a function's role allow. */
const statementsFor = ({ stacks }: Subject, { stackName, logicalId }: CheckedFunction): TemplateObject[] => {
  const stack = stacks.find((one) => one.stackName === stackName);
  if (!stack) return [];
  const role = roleOf(stacks, stack, logicalId);
  const documents = Object.values(stack.Resources).flatMap(({ Type, Properties = {} }) =>
    Type === 'AWS::IAM::Policy' &&
    [Properties['Roles'] ?? []].flat().some((one) => resourceBehind(stacks, stack, one)?.logicalId === role)
      ? [Properties['PolicyDocument']]
      : [],
  );
  const inline = [stack.Resources[role]?.Properties?.['Policies'] ?? []]
    .flat()
    .map((policy) => (isObject(policy) ? policy['PolicyDocument'] : undefined));
  return [...documents, ...inline].flatMap(allowing);
};

const roleOf = (stacks: readonly CheckedStack[], stack: CheckedStack, logicalId: string): string =>
  resourceBehind(stacks, stack, stack.Resources[logicalId]?.Properties?.['Role'])?.logicalId ?? '';

const allowing = (document: TemplateValue | undefined): TemplateObject[] =>
  isObject(document)
    ? [document['Statement'] ?? []]
        .flat()
        .filter(isObject)
        .filter(({ Effect }) => Effect === 'Allow')
    : [];
