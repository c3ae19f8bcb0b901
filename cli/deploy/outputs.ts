import { join } from 'node:path';
import * as z from 'zod';
import { dataDirectory } from '../../infra/local/run/data-dir.ts';
import { readJson } from '../../infra/local/run/local-files.ts';

/** What the stacks say about themselves after a deployment, by the names of their outputs. */
export type Outputs = Readonly<Record<string, string>>;

/** Where the CDK's command line writes the outputs of a stage's stacks. */
export const outputsFile = (stage: string): string => join(dataDirectory(), `outputs-${stage}.json`);

const outputsSchema = z.record(z.string(), z.record(z.string(), z.string()));

/** The outputs of all stacks as one; names that CDK made for its own exports are left out. */
export const readOutputs = (stage: string): Outputs =>
  Object.fromEntries(
    Object.values(outputsSchema.catch({}).parse(readJson(outputsFile(stage))))
      .flatMap((outputs) => Object.entries(outputs))
      .filter(([name]) => !name.startsWith('ExportsOutput')),
  );
