import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readTemplates } from '../local/template/template.ts';
import { importBundles, type BundleToImport } from './import-bundles.ts';
import type { CheckedFunction, CheckedStack, Subject } from './model.ts';
import { readOwnCode } from './own-code.ts';
import { intrinsicOf, isObject } from './template-values.ts';

const manifestSchema = z.object({
  artifacts: z.record(z.string(), z.object({ dependencies: z.array(z.string()).default([]) })),
});

/** Reads what `node infra/app.ts` wrote into a folder, and imports every bundle once. */
export const readAssembly = async (folder: string): Promise<Subject> => {
  const { artifacts } = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  const stacks = readTemplates(folder).map((stack): CheckedStack => ({
    ...stack,
    bytes: statSync(join(folder, `${stack.stackName}.template.json`)).size,
    after: artifacts[stack.stackName]?.dependencies ?? [],
  }));
  const functions = stacks.flatMap((stack) => functionsOf(folder, stack));
  const imported = await importBundles(functions.map(({ toImport }) => toImport));
  return {
    stage: variableOf(functions, 'KEYUN_STAGE'),
    carrier: variableOf(functions, 'KEYUN_CARRIER'),
    stacks,
    functions: functions.map(({ found }, index): CheckedFunction => ({
      ...found,
      imported: imported[index] ?? { node: '', failure: 'was not imported' },
    })),
    ownCode: await readOwnCode(functions.map(({ found }) => found.entry)),
  };
};

type FoundFunction = { found: Omit<CheckedFunction, 'imported'>; toImport: BundleToImport };

const functionsOf = (folder: string, { stackName, Resources }: CheckedStack): FoundFunction[] =>
  Object.entries(Resources).flatMap(([logicalId, { Type, Properties = {}, Metadata = {} }]) => {
    const asset = Metadata['aws:asset:path'];
    if (Type !== 'AWS::Lambda::Function' || typeof asset !== 'string') return [];
    const directory = join(folder, asset);
    const file = join(directory, 'index.mjs');
    // CDK's own functions are of another kind.
    if (!existsSync(file)) return [];
    const bundle = readFileSync(file, 'utf8');
    const entry = String(Properties['Description']);
    return [
      {
        found: {
          stackName,
          logicalId,
          entry,
          folder: directory,
          bundle,
          bytes: Buffer.byteLength(bundle),
        },
        toImport: {
          folder: directory,
          handler: String(Properties['Handler']),
          environment: environmentOf(Properties),
        },
      },
    ];
  });

/** What a reference will lead to is unknown before the deployment; at import, any text does. */
const environmentOf = (properties: Record<string, unknown>): Record<string, string> => {
  const { Environment: environment } = properties;
  const variables = isObject(environment) ? environment['Variables'] : {};
  return Object.fromEntries(
    Object.entries(isObject(variables) ? variables : {}).map(([name, value]) => [
      name,
      intrinsicOf(value) ? `https://${name.toLowerCase()}.example` : String(value),
    ]),
  );
};

const variableOf = (functions: readonly FoundFunction[], name: string): string =>
  functions[0]?.toImport.environment[name] ?? '';
