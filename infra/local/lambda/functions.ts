import { join } from 'node:path';
import * as z from 'zod';
import type { Deployment } from '../template/deployment.ts';
import { readAliases } from './aliases.ts';
import { makeFunction, type LocalFunction } from './lambda.ts';
import type { LocalLog } from '../run/local-log.ts';
import { LocalRunError } from '../run/ports.ts';
import { readTemplates } from '../template/template.ts';
import { absent, number } from '../template/template-shapes.ts';

const functionSchema = z.object({
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string(),
  Runtime: z.string().startsWith('nodejs'),
  Description: z.string().optional(),
  Timeout: number.default(3),
  MemorySize: number.default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).default({}) }).optional(),
  Layers: absent,
  ReservedConcurrentExecutions: absent,
});

export type LocalFunctions = {
  all: readonly LocalFunction[];
  /** Throws if there is no function of that name or ARN, or with that alias. */
  of(nameOrArn: string): LocalFunction;
  stop(): Promise<void>;
};

/** The template's functions, each with its own variables and the `common` ones of this machine. */
export const makeFunctions = (
  deployment: Deployment,
  folder: string,
  common: Readonly<Record<string, string>>,
  log: LocalLog,
): LocalFunctions => {
  const codeFolders = assetFolders(folder);
  const all = deployment
    .all('AWS::Lambda::Function', functionSchema)
    .map(({ ref: name, attributes, logicalId, properties }) => {
      const code = codeFolders(logicalId);
      const [file = '', exportName = ''] = properties.Handler.split('.');
      return makeFunction(
        {
          name,
          arn: attributes['Arn'] ?? '',
          title: properties.Description ?? name,
          file: join(code, `${file}.mjs`),
          exportName,
          environment: {
            ...runtimeVariables(name, properties.MemorySize),
            ...common,
            // By this key, the proxy recognizes the function and its permissions.
            AWS_ACCESS_KEY_ID: logicalId,
            ...properties.Environment?.Variables,
            // The template may set another scale, but there is only one clock.
            ...pick(common, 'KEYUN_TIME_SCALE', 'KEYUN_TIME_ORIGIN'),
          },
          timeoutSeconds: properties.Timeout,
          memoryMegabytes: properties.MemorySize,
        },
        log,
      );
    });
  const known = new Map(
    all.flatMap((one) => [[one.settings.name, one] as const, [one.settings.arn, one] as const]),
  );
  for (const [alias, name] of readAliases(deployment)) {
    const aliased = known.get(name);
    if (aliased) known.set(alias, aliased);
  }
  return {
    all,
    of: (nameOrArn) => {
      const found = known.get(nameOrArn);
      if (!found) throw new LocalRunError(`there is no function ${nameOrArn}`);
      return found;
    },
    stop: async () => void (await Promise.all(all.map((one) => one.stop()))),
  };
};

/**
 * The folder of a function's code. CDK writes it into the resource's metadata, relative to the folder of the templates.
 */
const assetFolders = (folder: string): ((logicalId: string) => string) => {
  const resources = new Map(readTemplates(folder).flatMap(({ Resources }) => Object.entries(Resources)));
  return (logicalId) => {
    const path = resources.get(logicalId)?.Metadata?.['aws:asset:path'];
    if (typeof path !== 'string') throw new LocalRunError(`${logicalId}: its code is not a bundle of ours`);
    return join(folder, path);
  };
};

/** The variables that Lambda itself sets. */
const runtimeVariables = (name: string, memoryMegabytes: number): Record<string, string> => ({
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_FORMAT: 'JSON',
  AWS_LAMBDA_LOG_LEVEL: 'INFO',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  TZ: ':UTC',
});

const pick = (from: Readonly<Record<string, string>>, ...names: string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
