import type * as z from 'zod';
import type { Check, Draft } from './draft.ts';
import type { FieldError } from './problems.ts';
import { fieldMessage } from '../../shared/platform/field-message.ts';
import { fieldName, notPart, unknownFields } from './unknown-fields.ts';

/** One answer names at most this many fields; a corrected request gets the rest. */
const fieldErrorsMax = 50;

type Parsed = { value: unknown; errors: FieldError[] };

/** Codes of zod for a value of the wrong kind. If there is no value at all, the message says that it is missing. */
const kindCodes: ReadonlySet<string> = new Set(['invalid_type', 'invalid_value', 'invalid_union']);

const isMissing = (value: unknown, path: readonly PropertyKey[]): boolean =>
  path.reduce<unknown>(
    (part, key) =>
      typeof part === 'object' && part !== null && Object.hasOwn(part, key)
        ? (part as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  ) === undefined;

const fieldErrors = (error: z.ZodError, value: unknown): FieldError[] =>
  error.issues.flatMap((issue) => {
    const field = fieldName(issue.path).slice(0, 200);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        field: fieldName([...issue.path, key]).slice(0, 200),
        message: notPart,
      }));
    }
    const missing = kindCodes.has(issue.code) && isMissing(value, issue.path);
    return [{ field, message: missing ? 'is missing' : issue.message }];
  });

const parse = (schema: z.ZodType, value: unknown): Parsed => {
  const result = schema.safeParse(value, { error: fieldMessage });
  const unknown = unknownFields(schema, value);
  return result.success
    ? { value: result.data, errors: unknown }
    : { value: undefined, errors: [...fieldErrors(result.error, value), ...unknown] };
};

/** The query as plain values, and each name that appears more than once (API Gateway would join the values by commas). */
const queryOf = ({ event }: Draft): { query: Record<string, string>; repeated: FieldError[] } => {
  const parameters = event.rawQueryString
    ? new URLSearchParams(event.rawQueryString)
    : new URLSearchParams(event.queryStringParameters as Record<string, string> | undefined);
  const query = Object.create(null) as Record<string, string>;
  const repeated: FieldError[] = [];
  for (const [name, value] of parameters) {
    if (name in query) repeated.push({ field: name.slice(0, 200), message: 'appears more than once' });
    query[name] = value;
  }
  return { query, repeated };
};

/** Reads the values of the path. A value that cannot be an id gets 404, like an id that does not exist. */
export const readPath: Check = (draft) => {
  const schema = draft.route.pathParameters;
  if (!schema) return undefined;
  const result = schema.safeParse(draft.event.pathParameters ?? {});
  if (!result.success) return { reason: 'not-found' };
  draft.path = result.data;
  return undefined;
};

/**
 * Checks query and body against the schemas of the route, and reports all errors in one answer. A field or parameter that
 * the schema does not have is an error too; only a route without parameters ignores the query.
 */
export const readInput: Check = (draft) => {
  const errors: FieldError[] = [];
  if (draft.route.query) {
    const { query, repeated } = queryOf(draft);
    const parsed = parse(draft.route.query, query);
    errors.push(...repeated, ...parsed.errors);
    draft.query = parsed.value;
  }
  if (draft.route.body && errors.length < fieldErrorsMax) {
    const parsed = parse(draft.route.body, draft.body);
    errors.push(...parsed.errors);
    draft.body = parsed.value;
  }
  return errors.length === 0
    ? undefined
    : { reason: 'invalid-input', fields: errors.slice(0, fieldErrorsMax) };
};
