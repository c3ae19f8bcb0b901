import * as z from 'zod';

/** CloudFormation takes numbers and booleans also as text. */
export const number = z.coerce.number();
export const flag = z.union([z.boolean(), z.stringbool()]);

/** A JSON document, which CloudFormation takes as an object or as its text. */
export const json = z.union([z.string(), z.record(z.string(), z.unknown())]).transform((value, context) => {
  try {
    return typeof value === 'string' ? (JSON.parse(value) as Record<string, unknown>) : value;
  } catch {
    context.addIssue('not a JSON text');
    return z.NEVER;
  }
});

/** A property that is not run here: a template that sets it is refused rather than half obeyed. */
export const absent = z.undefined().optional();
