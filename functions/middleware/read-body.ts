import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { canonicalJson } from './canonical-json.ts';
import type { Check } from './draft.ts';
import { findJsonError } from './find-json-error.ts';
import type { Refusal } from './problems.ts';

export const bodyBytesMax = 256 * 1024;
/** Far deeper than any request of this API, and shallow enough for the recursive code that follows. */
export const bodyDepthMax = 32;

const bytesOf = ({ body, isBase64Encoded }: APIGatewayProxyEventV2): Buffer | 'too large' => {
  if (!body) return Buffer.alloc(0);
  const encoding = isBase64Encoded ? 'base64' : 'utf8';
  if (Buffer.byteLength(body, encoding) > bodyBytesMax) return 'too large';
  return Buffer.from(body, encoding);
};

/** `application/json`, alone or with the charset UTF-8: JSON has no other. */
const isJson = (contentType: string | undefined): boolean =>
  /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?;?\s*$/i.test(contentType?.trim() ?? '');

/** Why we refuse a parsed body; undefined if we accept it. It needs no recursion: the body may still be too deep for that. */
const unfitness = (body: unknown): string | undefined => {
  const rest: { value: unknown; depth: number }[] = [{ value: body, depth: 1 }];
  for (let each = rest.pop(); each; each = rest.pop()) {
    const { value, depth } = each;
    if (typeof value === 'string' && !value.isWellFormed())
      return 'A string in the body is not valid Unicode.';
    if (typeof value !== 'object' || value === null) continue;
    if (depth > bodyDepthMax) return `The body has more than ${bodyDepthMax} levels of nesting.`;
    if (!Object.keys(value).every((key) => key.isWellFormed()))
      return 'A field name in the body is not valid Unicode.';
    for (const child of Object.values(value)) rest.push({ value: child, depth: depth + 1 });
  }
  return undefined;
};

const parseJson = (text: string): { body: unknown } | Refusal => {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { reason: 'bad-request', detail: `The body is not valid JSON: see ${findJsonError(text)}.` };
  }
  const detail = unfitness(body);
  return detail === undefined ? { body } : { reason: 'bad-request', detail };
};

/** Compare it within this request only: do not store it without a key (shared/bookings/idempotency-store.ts). */
const hashOf = (body: unknown): string => createHash('sha256').update(canonicalJson(body)).digest('hex');

/**
 * Reads the body: it checks the size for every route, and parses JSON if the route has a schema. The hash covers the body
 * as the client sent it, without defaults: if a release changes a default, a repeated request must still be the same one.
 */
export const readBody: Check = (draft) => {
  const bytes = bytesOf(draft.event);
  if (bytes === 'too large') {
    return { reason: 'request-too-large', detail: `The body may have at most ${bodyBytesMax} bytes.` };
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { reason: 'bad-request', detail: 'The body is not valid UTF-8.' };
  }
  const schema = draft.route.body;
  if (schema) {
    const absent = text.trim() === '';
    if (absent && !schema.safeParse(undefined).success) {
      return { reason: 'bad-request', detail: 'The body is empty, but this request needs a JSON object.' };
    }
    if (!absent && !isJson(draft.headers['content-type'])) return { reason: 'unsupported-media-type' };
    const parsed = absent ? { body: undefined } : parseJson(text);
    if ('reason' in parsed) return parsed;
    draft.body = parsed.body;
  }
  if (draft.idempotency) draft.idempotency.bodyHash = hashOf(draft.body);
  return undefined;
};
