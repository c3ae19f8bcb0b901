import * as z from 'zod';
import { identityOf, type Identity, type LocalAddresses } from './identities.ts';
import { makeResolve } from './intrinsics.ts';
import { LocalRunError } from '../run/ports.ts';
import { assertKnownTypes, type RunningType } from './resource-types.ts';
import type { StackTemplate } from './template.ts';

/** A resource with all its references resolved; the part that runs it reads it by its own schema. */
export type Deployed<Properties> = Identity & {
  stackName: string;
  logicalId: string;
  properties: Properties;
};

export type Deployment = {
  /**
   * All resources of a type, in the template's order. Throws if one has a shape that the local run does not support.
   */
  all<Schema extends z.ZodType>(type: RunningType, schema: Schema): Deployed<z.output<Schema>>[];
  /** The stacks with their outputs. */
  stacks: readonly DeployedStack[];
  /** The single resource of a type that a deployment has once. */
  one<Schema extends z.ZodType>(type: RunningType, schema: Schema): Deployed<z.output<Schema>>;
};

export type DeployedStack = {
  stackName: string;
  /** `exportName`: the name under which other stacks import it, if any does. */
  outputs: { key: string; value: string; exportName?: string }[];
};

/** All stacks together, as we deploy them on this machine. */
export const makeDeployment = (
  templates: readonly StackTemplate[],
  addresses: LocalAddresses,
): Deployment => {
  assertKnownTypes(templates);
  const resolve = makeResolve(templates, addresses);

  const all: Deployment['all'] = (type, schema) =>
    templates.flatMap(({ stackName, Resources }) =>
      Object.entries(Resources)
        .filter(([, resource]) => resource.Type === type)
        .map(([logicalId, resource]) => {
          const read = schema.safeParse(resolve(stackName, resource.Properties ?? {}));
          if (!read.success)
            throw new LocalRunError(
              `${stackName}/${logicalId} (${type}): ${z.prettifyError(read.error).replaceAll(/\s+/g, ' ')}`,
            );
          return {
            ...identityOf(logicalId, resource, addresses),
            stackName,
            logicalId,
            properties: read.data,
          };
        }),
    );

  const stacks = templates.map(({ stackName, Outputs = {} }) => ({
    stackName,
    outputs: Object.entries(Outputs).map(([key, { Value, Export }]) => ({
      key,
      value: String(resolve(stackName, Value)),
      ...(Export && { exportName: String(resolve(stackName, Export.Name)) }),
    })),
  }));

  return {
    all,
    stacks,
    one: (type, schema) => {
      const [first, ...others] = all(type, schema);
      if (!first || others.length > 0)
        throw new LocalRunError(`the template has ${others.length + (first ? 1 : 0)} of ${type}, not one`);
      return first;
    },
  };
};
