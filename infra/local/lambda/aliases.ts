import * as z from 'zod';
import type { Deployment } from '../template/deployment.ts';
import { absent } from '../template/template-shapes.ts';

const aliasSchema = z.object({
  FunctionName: z.string(),
  Name: z.string(),
  // An alias with two versions at once: this machine has one of each function.
  RoutingConfig: absent,
  ProvisionedConcurrencyConfig: absent,
});

/** The template's aliases: each name by which services call one (its ARN and `function:alias`) → the name of its function. */
export const readAliases = (deployment: Deployment): Map<string, string> =>
  new Map(
    deployment
      .all('AWS::Lambda::Alias', aliasSchema)
      .flatMap(({ ref, properties: { FunctionName, Name } }) => [
        [ref, FunctionName],
        [`${FunctionName}:${Name}`, FunctionName],
      ]),
  );
