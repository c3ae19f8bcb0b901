import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { TemplateValue } from '../local/template/template.ts';
import type { CheckedStack, Subject } from './model.ts';
import { protectionOf } from './protection.ts';
import { isKept, pinnedOf } from './stateful.ts';
import { indexesOf } from './table-indexes.ts';

const value = z.custom<TemplateValue>();

const resourceSchema = z.object({
  type: z.string(),
  onDelete: z.string(),
  onReplace: z.string(),
  locked: z.boolean(),
  restorable: z.boolean(),
  pinned: z.record(z.string(), value),
  /** The indexes of a table, by name. */
  indexes: z.record(z.string(), value).optional(),
});

const releasedSchema = z.object({
  version: z.string(),
  /** By `<stack>/<logical id>`; the name of the stack is without its stage: `Keyun-Data/Key961B73FD`. */
  resources: z.record(z.string(), resourceSchema),
});
export type ReleasedResource = z.output<typeof resourceSchema>;
export type Released = z.output<typeof releasedSchema>;

const fileOf = (stage: string): string => join(import.meta.dirname, '..', 'released', `${stage}.json`);

/** What the last release deployed that must survive; undefined if nothing of this stage was released. */
export const readReleased = (stage: string): Released | undefined =>
  existsSync(fileOf(stage))
    ? releasedSchema.parse(JSON.parse(readFileSync(fileOf(stage), 'utf8')))
    : undefined;

/** Records a release. Later checks compare with it. Returns the path of the file. */
export const recordReleased = (subject: Subject, version: string): string => {
  const file = fileOf(subject.stage);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, textOf({ version, resources: keptOf(subject) }));
  return file;
};

/** A line for each resource, so that a difference shows which one changed. */
const textOf = ({ version, resources }: Released): string => {
  const lines = Object.entries(resources).map(([id, one]) => `${JSON.stringify(id)}: ${JSON.stringify(one)}`);
  return `{"version": ${JSON.stringify(version)}, "resources": {\n${lines.join(',\n')}\n}}\n`;
};

/** A deployment's templates alone. */
export type Templates = {
  stage: string;
  stacks: readonly Pick<CheckedStack, 'stackName' | 'Resources'>[];
};

/** Everything of a deployment that must survive the next one. */
export const keptOf = ({ stage, stacks }: Templates): Record<string, ReleasedResource> =>
  Object.fromEntries(
    stacks.flatMap(({ stackName, Resources }) =>
      Object.entries(Resources)
        .filter(([, resource]) => isKept(resource))
        .map(([logicalId, resource]) => [
          `${stackName.replace(`-${stage}-`, '-')}/${logicalId}`,
          {
            type: resource.Type,
            ...protectionOf(resource),
            pinned: pinnedOf(resource),
            ...indexesOf(resource),
          },
        ]),
    ),
  );
