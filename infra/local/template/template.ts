import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readJson } from '../run/local-files.ts';
import { LocalRunError } from '../run/ports.ts';

/**
 * One value of a template: plain JSON in which an object with a single key such as `Ref` is a reference or a function.
 */
export type TemplateValue =
  string | number | boolean | null | TemplateValue[] | { [key: string]: TemplateValue };
export type TemplateObject = { [key: string]: TemplateValue };

export type Resource = {
  Type: string;
  Properties?: TemplateObject;
  Condition?: string;
  Metadata?: TemplateObject;
};

export type Template = {
  Resources: Record<string, Resource>;
  Parameters?: Record<string, TemplateObject>;
  Conditions?: Record<string, TemplateValue>;
  Mappings?: Record<string, Record<string, Record<string, TemplateValue>>>;
  Outputs?: Record<string, { Value: TemplateValue; Export?: { Name: TemplateValue } }>;
};

/** A template and its stack: the file's name. */
export type StackTemplate = Template & { stackName: string };

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({ type: z.string(), properties: z.object({ templateFile: z.string().optional() }).optional() }),
  ),
});

/**
 * The templates that `node infra/app.ts` has written into a folder, by the name of their stack: only those in its
 * manifest. Files of stacks that no longer exist stay in the folder.
 */
export const readTemplates = (folder: string): StackTemplate[] => {
  const manifest = manifestSchema.safeParse(readJson(join(folder, 'manifest.json')));
  const files = Object.values(manifest.data?.artifacts ?? {}).flatMap(({ type, properties }) =>
    type === 'aws:cloudformation:stack' && properties?.templateFile ? [properties.templateFile] : [],
  );
  if (files.length === 0)
    throw new LocalRunError(`no template in ${folder}: synthesize first with \`node infra/app.ts\``);
  return files.sort().map((file) => ({
    ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Template),
    stackName: file.slice(0, -'.template.json'.length),
  }));
};
