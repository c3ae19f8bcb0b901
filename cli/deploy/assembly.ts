import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { dataDirectory } from '../../infra/local/run/data-dir.ts';
import { projectRoot } from '../../infra/local/run/paths.ts';
import { CommandFailure } from '../connect.ts';
import type { Settings } from './settings.ts';

const stackSchema = z.object({
  type: z.literal('aws:cloudformation:stack'),
  environment: z.string(),
  dependencies: z.array(z.string()).default([]),
  properties: z.object({
    templateFile: z.string(),
    stackName: z.string().optional(),
    requiresBootstrapStackVersion: z.number().default(0),
  }),
});
const manifestSchema = z.object({ artifacts: z.record(z.string(), z.unknown()) });
const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      DeletionPolicy: z.string().optional(),
      Properties: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});

export type AssembledStack = {
  name: string;
  /** Its own region, if the app gives it one; the others go to the region of the deployment. */
  region: string | undefined;
  toolkitVersion: number;
  resources: z.infer<typeof templateSchema>['Resources'];
};

/** The CDK app's output, in the order in which its stacks are deployed. */
export type Assembly = { folder: string; stacks: readonly AssembledStack[] };

const readJsonFile = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** Each after those that it needs. */
const inOrder = (stacks: ReadonlyMap<string, z.infer<typeof stackSchema>>): string[] => {
  const ordered = new Set<string>();
  const add = (name: string): void => {
    const stack = stacks.get(name);
    if (!stack || ordered.has(name)) return;
    for (const needed of stack.dependencies) add(needed);
    ordered.add(name);
  };
  for (const name of stacks.keys()) add(name);
  return [...ordered];
};

export const readAssembly = (folder: string): Assembly => {
  const { artifacts } = manifestSchema.parse(readJsonFile(join(folder, 'manifest.json')));
  const found = new Map(
    Object.entries(artifacts).flatMap(([id, artifact]) => {
      const { success, data } = stackSchema.safeParse(artifact);
      return success ? [[id, data] as const] : [];
    }),
  );
  const stacks = inOrder(found).flatMap((id): AssembledStack[] => {
    const stack = found.get(id);
    if (!stack) return [];
    const { templateFile, stackName = id, requiresBootstrapStackVersion } = stack.properties;
    const region = stack.environment.split('/').at(-1);
    return [
      {
        name: stackName,
        region: region === 'unknown-region' ? undefined : region,
        toolkitVersion: requiresBootstrapStackVersion,
        resources: templateSchema.parse(readJsonFile(join(folder, templateFile))).Resources,
      },
    ];
  });
  return { folder, stacks };
};

/**
 * Synthesizes the CDK app with these settings into a folder of the stage. What is checked and shown is what is deployed: the
 * CDK's command line then takes this folder and runs the app no more. Throws what the app prints if it refuses.
 */
export const assemble = ({ context, deployment }: Settings): Assembly => {
  const folder = join(dataDirectory(), `assembly-${deployment.stage}`);
  const { status, stderr } = spawnSync(process.execPath, ['infra/app.ts'], {
    cwd: projectRoot,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  if (status !== 0) throw new CommandFailure(stderr.trim() || 'the CDK app did not synthesize');
  return readAssembly(folder);
};
