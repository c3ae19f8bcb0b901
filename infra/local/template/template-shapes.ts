import * as z from 'zod';

/** CloudFormation also accepts numbers and booleans as text. */
export const number = z.coerce.number();
export const flag = z.union([z.boolean(), z.stringbool()]);

/** A JSON document, which CloudFormation accepts as an object or as text. */
export const json = z.union([z.string(), z.record(z.string(), z.unknown())]).transform((value, context) => {
  try {
    return typeof value === 'string' ? (JSON.parse(value) as Record<string, unknown>) : value;
  } catch {
    context.addIssue('not a JSON text');
    return z.NEVER;
  }
});

/**
 * A property that the local run does not support: it refuses a template that sets it, because it would otherwise obey
 * only half of the template.
 */
export const absent = z.undefined().optional();
