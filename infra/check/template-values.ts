import type { TemplateObject, TemplateValue } from '../local/template/template.ts';
import type { CheckedStack } from './model.ts';

/** A reference or a function of CloudFormation: an object with one key of these names. */
export type Intrinsic = { name: string; argument: TemplateValue };

export const isObject = (value: unknown): value is TemplateObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const intrinsicOf = (value: TemplateValue | undefined): Intrinsic | undefined => {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? ['', null];
  if (entries.length !== 1) return undefined;
  const isIntrinsic =
    name === 'Ref' || name.startsWith('Fn::') || (name === 'Condition' && typeof argument === 'string');
  return isIntrinsic ? { name, argument } : undefined;
};

/** A property with this value does not exist. */
export const isNoValue = (value: TemplateValue | undefined): boolean =>
  value === undefined || (isObject(value) && value['Ref'] === 'AWS::NoValue');

/** Whether two values are the same; the order of keys does not count. */
export const isSame = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other);

const canonical = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );

export type Mention = { kind: 'ref' | 'attribute'; target: string; attribute: string };

const attributeMention = (text: string): Mention => {
  const [target = '', ...rest] = text.split('.');
  return { kind: 'attribute', target, attribute: rest.join('.') };
};

/** The names between `${` and `}` of Fn::Sub, without its own variables and literals. */
const substituted = (argument: TemplateValue): Mention[] => {
  const [text, variables] = Array.isArray(argument) ? argument : [argument];
  const own = isObject(variables) ? variables : {};
  return [...String(text).matchAll(/\$\{([^!}][^}]*)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !Object.hasOwn(own, name))
    .map((name) =>
      name.includes('.') ? attributeMention(name) : { kind: 'ref', target: name, attribute: '' },
    );
};

const mentionsOf = ({ name, argument }: Intrinsic): Mention[] => {
  if (name === 'Ref') return [{ kind: 'ref', target: String(argument), attribute: '' }];
  if (name === 'Fn::GetAtt') return [attributeMention([argument].flat().map(String).join('.'))];
  return name === 'Fn::Sub' ? substituted(argument) : [];
};

/** Calls `see` for every intrinsic in a value, with the path to it; also for those inside of others. */
export const walkIntrinsics = (
  value: TemplateValue | undefined,
  see: (intrinsic: Intrinsic, path: readonly string[]) => void,
  path: readonly string[] = [],
): void => {
  const intrinsic = intrinsicOf(value);
  if (intrinsic) {
    see(intrinsic, path);
    walkIntrinsics(intrinsic.argument, see, path);
  } else if (Array.isArray(value)) {
    value.forEach((entry, index) => walkIntrinsics(entry, see, [...path, String(index)]));
  } else if (isObject(value)) {
    for (const [key, entry] of Object.entries(value)) walkIntrinsics(entry, see, [...path, key]);
  }
};

/** Every resource or parameter that a value names, with the path to the place. */
export const mentionsIn = (
  value: TemplateValue | undefined,
): { mention: Mention; path: readonly string[] }[] => {
  const found: { mention: Mention; path: readonly string[] }[] = [];
  walkIntrinsics(value, (intrinsic, path) => {
    for (const mention of mentionsOf(intrinsic)) found.push({ mention, path });
  });
  return found;
};

/** The value that another stack exports by this name, and that stack. */
export const exportOf = (stacks: readonly CheckedStack[], name: string) => {
  for (const stack of stacks)
    for (const output of Object.values(stack.Outputs ?? {}))
      if (output.Export?.Name === name) return { stack, value: output.Value };
  return undefined;
};

/** The output that a Fn::GetStackOutput names, and its stack. */
export const stackOutputOf = (stacks: readonly CheckedStack[], argument: TemplateValue) => {
  const [stackName, outputName] = isObject(argument)
    ? [argument['StackName'], argument['OutputName']]
    : [argument].flat();
  const stack = stacks.find((one) => one.stackName === stackName);
  const output = stack?.Outputs?.[String(outputName)];
  return stack && output && { stack, value: output.Value };
};

/** The resource that a value leads to, through the exports of other stacks. */
export const resourceBehind = (
  stacks: readonly CheckedStack[],
  stack: CheckedStack,
  value: TemplateValue | undefined,
): { stack: CheckedStack; logicalId: string; attribute: string } | undefined => {
  const intrinsic = intrinsicOf(value);
  if (!intrinsic) return undefined;
  if (intrinsic.name === 'Fn::ImportValue' || intrinsic.name === 'Fn::GetStackOutput') {
    const source =
      intrinsic.name === 'Fn::ImportValue'
        ? exportOf(stacks, String(intrinsic.argument))
        : stackOutputOf(stacks, intrinsic.argument);
    return source && resourceBehind(stacks, source.stack, source.value);
  }
  const [mention] = mentionsOf(intrinsic);
  return mention && stack.Resources[mention.target]
    ? { stack, logicalId: mention.target, attribute: mention.attribute }
    : undefined;
};

/** The text of a value in which every reference stands as `${LogicalId}` or `${AWS::Region}`. */
export const textWithNames = (stacks: readonly CheckedStack[], value: TemplateValue | undefined): string => {
  if (typeof value === 'string') return value;
  const intrinsic = intrinsicOf(value);
  if (!intrinsic) return JSON.stringify(value) ?? '';
  const { name, argument } = intrinsic;
  if (name === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1]))
    return argument[1].map((part) => textWithNames(stacks, part)).join(String(argument[0]));
  if (name === 'Fn::Sub') return String([argument].flat()[0]);
  const source =
    name === 'Fn::ImportValue'
      ? exportOf(stacks, String(argument))
      : name === 'Fn::GetStackOutput'
        ? stackOutputOf(stacks, argument)
        : undefined;
  if (source) return textWithNames(stacks, source.value);
  const [mention] = mentionsOf(intrinsic);
  return mention ? `\${${mention.target}}` : JSON.stringify(value);
};
