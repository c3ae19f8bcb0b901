import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalRunError } from './ports.ts';

/** One value of a template: plain JSON in which an object with a single key such as `Ref` stands for something else. */
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

/** A template and the stack it belongs to: the file's name. */
export type StackTemplate = Template & { stackName: string };

/** All templates of a folder that `node infra/app.ts` has written, by name of their stack. */
export const readTemplates = (folder: string): StackTemplate[] => {
  const suffix = '.template.json';
  let files: string[];
  try {
    files = readdirSync(folder).filter((file) => file.endsWith(suffix));
  } catch {
    files = [];
  }
  if (files.length === 0)
    throw new LocalRunError(`no template in ${folder}: synthesize first with \`node infra/app.ts\``);
  return files.sort().map((file) => ({
    ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Template),
    stackName: file.slice(0, -suffix.length),
  }));
};
