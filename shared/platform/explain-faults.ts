import type * as z from 'zod';
import { fieldMessage } from './field-message.ts';

/** A fault in a file that a person wrote: the path of the value, empty for the whole file, and what is wrong with it. */
type Explained = { path: string; message: string };

/** `['passengerTypes', 1, 'ages']` → `passengerTypes[1].ages` */
const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text ? `${text}.${String(part)}` : String(part);
  }, '');

const isMissing = (input: unknown, path: readonly PropertyKey[]): boolean =>
  undefined ===
  path.reduce<unknown>(
    (found, part) => (typeof found === 'object' && found !== null ? Reflect.get(found, part) : undefined),
    input,
  );

const faultsOf = (input: unknown, issue: z.core.$ZodIssue): Explained[] => {
  const unknown = (path: PropertyKey[]) => ({ path: pathText(path), message: 'is not a known setting' });
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknown([...issue.path, key]));
  if (issue.code === 'invalid_key') return [unknown(issue.path)];
  const message = isMissing(input, issue.path) ? 'is missing' : issue.message;
  return [{ path: pathText(issue.path), message }];
};

/** Parses what a person wrote, and explains every fault in plain words; keys that the schema does not know are faults. */
export const explainFaults = <Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): { data: z.output<Schema> } | { faults: Explained[] } => {
  const { success, data, error } = schema.safeParse(input, { error: fieldMessage });
  return success ? { data } : { faults: error.issues.flatMap((issue) => faultsOf(input, issue)) };
};
