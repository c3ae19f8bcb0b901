import type { TemplateObject, TemplateValue } from '../local/template/template.ts';
import { placeOf, type CheckedStack, type Finding } from './model.ts';
import { isObject, textWithNames } from './template-values.ts';

/** Actions that AWS knows for no single resource. */
const forAll: ReadonlySet<string> = new Set([
  'dynamodb:ListStreams',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
]);

/** A reference to a resource of the template, in a text of `textWithNames`. */
const reference = /\$\{(?!AWS::)\w/;

/** The names that resources give themselves: an ARN may be made of one, where a reference would be a circle. */
const ownNames = (stacks: readonly CheckedStack[]): string[] =>
  stacks.flatMap(({ Resources }) =>
    Object.values(Resources).flatMap(({ Properties = {} }) =>
      Object.entries(Properties).flatMap(([property, value]) =>
        property.endsWith('Name') && typeof value === 'string' ? [value] : [],
      ),
    ),
  );

/** Why a statement of a function's role covers more than resources of this deployment; undefined if it does not. */
export const whyTooWide = (
  stacks: readonly CheckedStack[],
  { Action = [], Resource = [], Condition }: TemplateObject,
): string | undefined => {
  const actions = [Action].flat().map(String);
  const names = ownNames(stacks);
  const strange = [Resource].flat().find((resource) => {
    const text = textWithNames(stacks, resource);
    if (reference.test(text) || names.some((name) => text.endsWith(`:${name}`))) return false;
    if (text === '*' && actions.every((action) => forAll.has(action))) return false;
    return !(text.endsWith(':identity/*') && namesSender(Condition));
  });
  return strange === undefined
    ? undefined
    : `${actions[0]} on ${textWithNames(stacks, strange)}, which is no resource of the deployment`;
};

/** In the sandbox SES asks for the identities of recipients too, so the sender alone narrows the grant. */
const namesSender = (condition: TemplateValue | undefined): boolean =>
  isObject(condition) &&
  isObject(condition['StringEquals']) &&
  condition['StringEquals']['ses:FromAddress'] !== undefined;

/** Permissions that let in more than the services of this deployment: anybody could have such a source. */
export const widePermissions = (stacks: readonly CheckedStack[]): Finding[] =>
  stacks.flatMap(({ stackName, Resources }) =>
    Object.entries(Resources).flatMap(([logicalId, { Type, Properties = {} }]) => {
      if (Type !== 'AWS::Lambda::Permission') return [];
      const what = whySourceTooWide(stacks, Properties['SourceArn']);
      return what === undefined
        ? []
        : [{ where: placeOf(stackName, logicalId), what, remedy: 'name the ARN of what calls the function' }];
    }),
  );

const whySourceTooWide = (
  stacks: readonly CheckedStack[],
  source: TemplateValue | undefined,
): string | undefined => {
  if (source === undefined) return 'has no SourceArn: it lets in every account’s';
  const text = textWithNames(stacks, source);
  if (!reference.test(text)) return `lets in ${text}, which is no resource of the deployment`;
  // A colon of a pseudo parameter divides no parts.
  const account = text.replaceAll('AWS::', '').split(':')[4];
  return text.startsWith('arn:') && account?.includes('*') ? `lets in every account: ${text}` : undefined;
};
