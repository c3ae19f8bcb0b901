import type { CheckedResource, CheckedStack, Subject } from '../../infra/check/model.ts';
import type { TemplateObject, TemplateValue } from '../../infra/local/template/template.ts';

/** A fault in one place of a deployment, the check that must find it, and what the finding must say. */
export type PlantedFault = {
  title: string;
  check: string;
  change: (subject: Subject) => Subject | void;
  says: RegExp;
};

/** The deployment with its fault. The original stays as it is. */
export const withFault = (subject: Subject, { change }: PlantedFault): Subject => {
  const copy = { ...subject, stacks: structuredClone(subject.stacks) };
  return change(copy) ?? copy;
};

type Place = {
  stack: CheckedStack;
  logicalId: string;
  resource: CheckedResource;
  properties: TemplateObject;
};

/** The first resource of a type whose id or description contains a text. */
export const resourceIn = ({ stacks }: Subject, type: string, named = ''): Place => {
  for (const stack of stacks)
    for (const [logicalId, resource] of Object.entries(stack.Resources)) {
      const properties = (resource.Properties ??= {});
      const isNamed = `${logicalId} ${String(properties['Description'])}`.includes(named);
      if (resource.Type === type && isNamed) return { stack, logicalId, resource, properties };
    }
  throw new Error(`no ${type} ${named}`);
};

/** Replaces a text everywhere in a value; a fault that changes nothing is no fault. */
export const replaced = <Value extends TemplateValue>(value: Value, from: string, to: string): Value => {
  const text = JSON.stringify(value);
  if (!text.includes(from)) throw new Error(`nothing to replace: ${from}`);
  return JSON.parse(text.replaceAll(from, to)) as Value;
};

/** Changes the definition of the workflow as text, in which a quotation mark has a backslash. */
export const inWorkflow = (from: string, to: string) => (subject: Subject) => {
  const { properties } = resourceIn(subject, 'AWS::StepFunctions::StateMachine');
  const quoted = (text: string): string => JSON.stringify(text).slice(1, -1);
  properties['DefinitionString'] = replaced(properties['DefinitionString'] ?? null, quoted(from), quoted(to));
};

/** Sets a property of a resource; `undefined` removes it. */
export const setting =
  (type: string, named: string, property: string, value: TemplateValue | undefined) => (subject: Subject) => {
    const { properties } = resourceIn(subject, type, named);
    if (value === undefined) delete properties[property];
    else properties[property] = value;
  };

/** The first statement of the policy of a function's role that has an action. */
export const statementOf = (subject: Subject, role: string, action: string): TemplateObject => {
  const { properties } = resourceIn(subject, 'AWS::IAM::Policy', role);
  const { Statement } = properties['PolicyDocument'] as { Statement: TemplateObject[] };
  const found = Statement.find(({ Action }) => [Action].flat().includes(action));
  if (!found) throw new Error(`${role} has no grant of ${action}`);
  return found;
};

export const variablesOf = (subject: Subject, entry: string): TemplateObject =>
  (
    resourceIn(subject, 'AWS::Lambda::Function', entry).properties['Environment'] as {
      Variables: TemplateObject;
    }
  ).Variables;
