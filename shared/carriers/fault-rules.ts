import type * as z from 'zod';
import { explainFaults } from '../platform/explain-faults.ts';
import type { Fault } from './faults.ts';

export type Found = { path: string; message: string };

/**
 * A rule about fields that must fit together. `needs` is the part of the file that the rule looks at: if that part is
 * sound, the rule applies, whatever else is wrong. So a person sees all faults at once.
 */
export type Rule = { faultsIn: (json: unknown) => Found[] };
export const rule = <Needs extends z.ZodType>(
  needs: Needs,
  faultsIn: (sound: z.output<Needs>) => Found[],
): Rule => ({
  faultsIn: (json) => {
    const { success, data } = needs.safeParse(json);
    return success ? faultsIn(data) : [];
  },
});

/** The places of values that occur earlier too. */
export const twice = (values: readonly string[]): number[] =>
  values.flatMap((value, at) => (values.indexOf(value) < at ? [at] : []));

/** Every fault of a file, once: those of single fields, and those of fields that must fit together. */
export const faultsOfFile = (
  { file, json }: { file: string; json: unknown },
  schema: z.ZodType,
  rules: readonly Rule[],
): Fault[] => {
  const parsed = explainFaults(schema, json);
  const ofFields = 'faults' in parsed ? parsed.faults : [];
  const reported = new Set(ofFields.map(({ path }) => path));
  const ofRules = rules.flatMap(({ faultsIn }) => faultsIn(json)).filter(({ path }) => !reported.has(path));
  return [...ofFields, ...ofRules].map((found) => ({ file, ...found }));
};
