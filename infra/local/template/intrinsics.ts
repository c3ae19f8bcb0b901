import { accountId, identityOf, region, type LocalAddresses } from './identities.ts';
import { LocalRunError } from '../run/ports.ts';
import type { StackTemplate, TemplateObject, TemplateValue } from './template.ts';

/** A value of a template after we have resolved every reference in it. */
export type Resolve = (stackName: string, value: TemplateValue | undefined) => TemplateValue;

/** The stack of a value, and the other stacks, whose exports it may import. */
type Scope = { stack: StackTemplate; stacks: readonly StackTemplate[]; addresses: LocalAddresses };

const nothing = Symbol('AWS::NoValue');
type Resolved = TemplateValue | typeof nothing;

/**
 * Resolves CloudFormation's functions over all stacks of a deployment, including exports. If it cannot resolve
 * something, it throws an error that names it: a function that starts with half its configuration would be worse.
 */
export const makeResolve =
  (stacks: readonly StackTemplate[], addresses: LocalAddresses): Resolve =>
  (stackName, value) => {
    const stack = stacks.find((one) => one.stackName === stackName);
    if (!stack) throw new LocalRunError(`no stack ${stackName}`);
    const resolved = resolve({ stack, stacks, addresses }, value);
    return resolved === nothing ? null : resolved;
  };

const resolve = (scope: Scope, value: TemplateValue | undefined): Resolved => {
  if (Array.isArray(value))
    return value.map((entry) => resolve(scope, entry)).filter((entry) => entry !== nothing);
  if (!isObject(value)) return value ?? nothing;
  const entries = Object.entries(value);
  const [[name, argument] = ['', null]] = entries;
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
    const apply = functions[name];
    return apply ? apply(scope, argument) : fail(scope, name);
  }
  const resolved = entries.map(([key, entry]) => [key, resolve(scope, entry)] as const);
  return Object.fromEntries(
    resolved.filter((entry): entry is [string, TemplateValue] => entry[1] !== nothing),
  );
};

const isObject = (value: unknown): value is TemplateObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fail = ({ stack }: Scope, what: string): never => {
  throw new LocalRunError(`${stack.stackName}: cannot resolve ${what}`);
};

const text = (scope: Scope, value: TemplateValue | undefined): string => {
  const resolved = resolve(scope, value);
  if (typeof resolved === 'string') return resolved;
  if (typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
  return fail(scope, `text of ${JSON.stringify(value)}`);
};

const list = (scope: Scope, value: TemplateValue | undefined): TemplateValue[] => {
  const resolved = resolve(scope, value);
  return Array.isArray(resolved) ? resolved : fail(scope, `a list of ${JSON.stringify(value)}`);
};

const partsOf = (argument: TemplateValue | undefined): TemplateValue[] =>
  Array.isArray(argument) ? argument : [];

const pseudoParameters = ({ stackName }: StackTemplate): Record<string, Resolved> => ({
  'AWS::AccountId': accountId,
  'AWS::NoValue': nothing,
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
  'AWS::StackName': stackName,
  'AWS::URLSuffix': 'amazonaws.com',
});

const ref = (scope: Scope, name: string): Resolved => {
  const { stack, addresses } = scope;
  const builtIn = pseudoParameters(stack)[name];
  if (builtIn !== undefined) return builtIn;
  const resource = stack.Resources[name];
  if (resource) return identityOf(name, resource, addresses).ref;
  return stack.Parameters?.[name]?.['Default'] ?? fail(scope, `Ref ${name}`);
};

const getAtt = (scope: Scope, target: string): string => {
  const [name = '', ...rest] = target.split('.');
  const resource = scope.stack.Resources[name];
  if (!resource) return fail(scope, `Fn::GetAtt ${target}`);
  return (
    identityOf(name, resource, scope.addresses).attributes[rest.join('.')] ??
    fail(scope, `Fn::GetAtt ${target} (${resource.Type})`)
  );
};

const substitute = (scope: Scope, argument: TemplateValue): string => {
  const [template, variables] = Array.isArray(argument) ? argument : [argument];
  const own = isObject(variables) ? variables : {};
  return String(template).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (own[name] !== undefined) return text(scope, own[name]);
    return name.includes('.') ? getAtt(scope, name) : String(ref(scope, name));
  });
};

const importValue = (scope: Scope, name: string): Resolved => {
  for (const stack of scope.stacks) {
    const exporter = { ...scope, stack };
    for (const output of Object.values(stack.Outputs ?? {}))
      if (output.Export && text(exporter, output.Export.Name) === name)
        return resolve(exporter, output.Value);
  }
  return fail(scope, `Fn::ImportValue ${name}`);
};

const select = (scope: Scope, argument: TemplateValue): TemplateValue => {
  const [index, parts] = partsOf(argument);
  const found = list(scope, parts)[Number(text(scope, index))];
  return found ?? fail(scope, `Fn::Select ${JSON.stringify(argument)}`);
};

const findInMap = (scope: Scope, argument: TemplateValue): TemplateValue => {
  const [map = '', first = '', second = ''] = list(scope, argument).map(String);
  const found = scope.stack.Mappings?.[map]?.[first]?.[second];
  return found ?? fail(scope, `Fn::FindInMap ${map}.${first}.${second}`);
};

const condition = (scope: Scope, name: string): boolean =>
  holds(scope, scope.stack.Conditions?.[name] ?? fail(scope, `condition ${name}`));

const holds = (scope: Scope, value: TemplateValue): boolean => {
  if (typeof value === 'boolean') return value;
  const [[name, argument] = []] = isObject(value) ? Object.entries(value) : [];
  const parts = partsOf(argument);
  if (name === 'Fn::Equals') return text(scope, parts[0]) === text(scope, parts[1]);
  if (name === 'Fn::And') return parts.every((part) => holds(scope, part));
  if (name === 'Fn::Or') return parts.some((part) => holds(scope, part));
  if (name === 'Fn::Not') return !holds(scope, parts[0] ?? false);
  if (name === 'Condition') return condition(scope, String(argument));
  return fail(scope, `condition ${JSON.stringify(value)}`);
};

const functions: Record<string, (scope: Scope, argument: TemplateValue) => Resolved> = {
  Ref: (scope, argument) => ref(scope, String(argument)),
  'Fn::Base64': (scope, argument) => Buffer.from(text(scope, argument)).toString('base64'),
  'Fn::FindInMap': findInMap,
  'Fn::GetAtt': (scope, argument) => getAtt(scope, [argument].flat().join('.')),
  'Fn::If': (scope, argument) => {
    const [name, yes, no] = partsOf(argument);
    return resolve(scope, condition(scope, String(name)) ? yes : no);
  },
  'Fn::ImportValue': (scope, argument) => importValue(scope, text(scope, argument)),
  'Fn::Join': (scope, argument) => {
    const [separator, parts] = partsOf(argument);
    return list(scope, parts).join(text(scope, separator));
  },
  'Fn::Select': select,
  'Fn::Split': (scope, argument) => {
    const [separator, whole] = partsOf(argument);
    return text(scope, whole).split(text(scope, separator));
  },
  'Fn::Sub': substitute,
  'Fn::ToJsonString': (scope, argument) => JSON.stringify(resolve(scope, argument)),
};
