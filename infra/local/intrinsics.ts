import { accountId, identityOf, region, type LocalAddresses } from './identities.ts';
import { LocalRunError } from './ports.ts';
import type { StackTemplate, TemplateObject, TemplateValue } from './template.ts';

/** A value of a template in which every reference has been replaced by what it stands for. */
export type Resolve = (stackName: string, value: TemplateValue | undefined) => TemplateValue;

const nothing = Symbol('AWS::NoValue');
type Resolved = TemplateValue | typeof nothing;

const isObject = (value: unknown): value is TemplateObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Resolves CloudFormation's functions over all stacks of a deployment, exports included. Whatever cannot be resolved
 * is an error that names it: a function that starts with half its configuration would be worse.
 */
export const makeResolve = (templates: readonly StackTemplate[], addresses: LocalAddresses): Resolve => {
  const stacks = new Map(templates.map((template) => [template.stackName, template]));

  const fail = (stack: StackTemplate, what: string): never => {
    throw new LocalRunError(`${stack.stackName}: cannot resolve ${what}`);
  };

  const pseudo = (stack: StackTemplate): Record<string, Resolved> => ({
    'AWS::AccountId': accountId,
    'AWS::NoValue': nothing,
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/${stack.stackName}/local`,
    'AWS::StackName': stack.stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  });

  const ref = (stack: StackTemplate, name: string): Resolved => {
    const builtIn = pseudo(stack)[name];
    if (builtIn !== undefined) return builtIn;
    const resource = stack.Resources[name];
    if (resource) return identityOf(name, resource, addresses).ref;
    return stack.Parameters?.[name]?.['Default'] ?? fail(stack, `Ref ${name}`);
  };

  const getAtt = (stack: StackTemplate, target: string): string => {
    const [name = '', ...rest] = target.split('.');
    const resource = stack.Resources[name];
    if (!resource) return fail(stack, `Fn::GetAtt ${target}`);
    return (
      identityOf(name, resource, addresses).attributes[rest.join('.')] ??
      fail(stack, `Fn::GetAtt ${target} (${resource.Type})`)
    );
  };

  const text = (stack: StackTemplate, value: TemplateValue | undefined): string => {
    const resolved = resolve(stack, value);
    if (typeof resolved === 'string') return resolved;
    if (typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
    return fail(stack, `text of ${JSON.stringify(value)}`);
  };

  const list = (stack: StackTemplate, value: TemplateValue | undefined): TemplateValue[] => {
    const resolved = resolve(stack, value);
    return Array.isArray(resolved) ? resolved : fail(stack, `a list of ${JSON.stringify(value)}`);
  };

  const substitute = (stack: StackTemplate, value: TemplateValue): string => {
    const [template, variables] = Array.isArray(value) ? value : [value];
    const own = isObject(variables) ? variables : {};
    return String(template).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (own[name] !== undefined) return text(stack, own[name]);
      return name.includes('.') ? getAtt(stack, name) : String(ref(stack, name));
    });
  };

  const imported = (stack: StackTemplate, name: string): Resolved => {
    for (const exporter of stacks.values()) {
      for (const output of Object.values(exporter.Outputs ?? {})) {
        if (output.Export && text(exporter, output.Export.Name) === name)
          return resolve(exporter, output.Value);
      }
    }
    return fail(stack, `Fn::ImportValue ${name}`);
  };

  const holds = (stack: StackTemplate, value: TemplateValue): boolean => {
    if (typeof value === 'boolean') return value;
    const [[name, argument] = []] = isObject(value) ? Object.entries(value) : [];
    const parts = Array.isArray(argument) ? argument : [];
    if (name === 'Fn::Equals') return text(stack, parts[0]) === text(stack, parts[1]);
    if (name === 'Fn::And') return parts.every((part) => holds(stack, part));
    if (name === 'Fn::Or') return parts.some((part) => holds(stack, part));
    if (name === 'Fn::Not') return !holds(stack, parts[0] ?? false);
    if (name === 'Condition') return condition(stack, String(argument));
    return fail(stack, `condition ${JSON.stringify(value)}`);
  };

  const condition = (stack: StackTemplate, name: string): boolean =>
    holds(stack, stack.Conditions?.[name] ?? fail(stack, `condition ${name}`));

  type Apply = (stack: StackTemplate, argument: TemplateValue) => Resolved;
  const functions: Record<string, Apply> = {
    Ref: (stack, argument) => ref(stack, String(argument)),
    'Fn::Base64': (stack, argument) => Buffer.from(text(stack, argument)).toString('base64'),
    'Fn::FindInMap': (stack, argument) => {
      const [map = '', first = '', second = ''] = list(stack, argument).map(String);
      return (
        stack.Mappings?.[map]?.[first]?.[second] ?? fail(stack, `Fn::FindInMap ${map}.${first}.${second}`)
      );
    },
    'Fn::GetAtt': (stack, argument) =>
      getAtt(stack, Array.isArray(argument) ? argument.join('.') : String(argument)),
    'Fn::If': (stack, argument) => {
      const [name, yes, no] = Array.isArray(argument) ? argument : [];
      return resolve(stack, condition(stack, String(name)) ? yes : no);
    },
    'Fn::ImportValue': (stack, argument) => imported(stack, text(stack, argument)),
    'Fn::Join': (stack, argument) => {
      const [separator, parts] = Array.isArray(argument) ? argument : [];
      return list(stack, parts).join(text(stack, separator));
    },
    'Fn::Select': (stack, argument) => {
      const [index, parts] = Array.isArray(argument) ? argument : [];
      return (
        list(stack, parts)[Number(text(stack, index))] ??
        fail(stack, `Fn::Select ${JSON.stringify(argument)}`)
      );
    },
    'Fn::Split': (stack, argument) => {
      const [separator, whole] = Array.isArray(argument) ? argument : [];
      return text(stack, whole).split(text(stack, separator));
    },
    'Fn::Sub': substitute,
    'Fn::ToJsonString': (stack, argument) => JSON.stringify(resolve(stack, argument)),
  };

  const resolve = (stack: StackTemplate, value: TemplateValue | undefined): Resolved => {
    if (Array.isArray(value))
      return value.map((entry) => resolve(stack, entry)).filter((entry) => entry !== nothing);
    if (!isObject(value)) return value ?? nothing;
    const entries = Object.entries(value);
    const [[name, argument] = ['', null]] = entries;
    if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
      const apply = functions[name];
      return apply ? apply(stack, argument) : fail(stack, name);
    }
    const resolved = entries.map(([key, entry]) => [key, resolve(stack, entry)] as const);
    return Object.fromEntries(
      resolved.filter((entry): entry is [string, TemplateValue] => entry[1] !== nothing),
    );
  };

  return (stackName, value) => {
    const stack = stacks.get(stackName);
    if (!stack) throw new LocalRunError(`no stack ${stackName}`);
    const resolved = resolve(stack, value);
    return resolved === nothing ? null : resolved;
  };
};
