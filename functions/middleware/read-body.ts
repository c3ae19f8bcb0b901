import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { canonicalJson } from './canonical-json.ts';
import type { Check } from './draft.ts';
import { findJsonError } from './find-json-error.ts';
import type { Refusal } from './problems.ts';

export const bodyBytesMax = 256 * 1024;
/** Deeper than any request of this API by far, and shallow enough for every walk by recursion after it. */
export const bodyDepthMax = 32;

const bytesOf = ({ body, isBase64Encoded }: APIGatewayProxyEventV2): Buffer | 'too large' => {
  if (!body) return Buffer.alloc(0);
  const encoding = isBase64Encoded ? 'base64' : 'utf8';
  if (Buffer.byteLength(body, encoding) > bodyBytesMax) return 'too large';
  return Buffer.from(body, encoding);
};

/** `application/json`, with no parameter but a charset of UTF-8, which is the only one that JSON has. */
const isJson = (contentType: string | undefined): boolean =>
  /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?;?\s*$/i.test(contentType?.trim() ?? '');

/** Why a parsed body is not taken; undefined when it is. Keeps its own stack: the depth is not known to be safe yet. */
const unfitness = (body: unknown): string | undefined => {
  const rest: { value: unknown; depth: number }[] = [{ value: body, depth: 1 }];
  for (let each = rest.pop(); each; each = rest.pop()) {
    const { value, depth } = each;
    if (typeof value === 'string' && !value.isWellFormed()) return 'A text in the body is not valid Unicode.';
    if (typeof value !== 'object' || value === null) continue;
    if (depth > bodyDepthMax) return `The body is nested more than ${bodyDepthMax} levels deep.`;
    if (!Object.keys(value).every((key) => key.isWellFormed()))
      return 'A name in the body is not valid Unicode.';
    for (const child of Object.values(value)) rest.push({ value: child, depth: depth + 1 });
  }
  return undefined;
};

const parseJson = (text: string): { body: unknown } | Refusal => {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { reason: 'bad-request', detail: `The body is not JSON from ${findJsonError(text)} on.` };
  }
  const detail = unfitness(body);
  return detail === undefined ? { body } : { reason: 'bad-request', detail };
};

/** For comparing within this request alone: without a key it must not be stored (shared/bookings/idempotency-store.ts). */
const hashOf = (body: unknown): string => createHash('sha256').update(canonicalJson(body)).digest('hex');

/**
 * Reads the body: its size for every route, its JSON where the route has a schema for it. What was sent is hashed as
 * it was sent, before defaults are filled in: a default that changes with a release must not make a repeated request
 * a different one.
 */
export const readBody: Check = (draft) => {
  const bytes = bytesOf(draft.event);
  if (bytes === 'too large') {
    return { reason: 'request-too-large', detail: `A body may have at most ${bodyBytesMax} bytes.` };
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { reason: 'bad-request', detail: 'The body is not UTF-8.' };
  }
  const schema = draft.route.body;
  if (schema) {
    const absent = text.trim() === '';
    if (absent && !schema.safeParse(undefined).success) {
      return { reason: 'bad-request', detail: 'The body is empty; this request needs a JSON object.' };
    }
    if (!absent && !isJson(draft.headers['content-type'])) return { reason: 'unsupported-media-type' };
    const parsed = absent ? { body: undefined } : parseJson(text);
    if ('reason' in parsed) return parsed;
    draft.body = parsed.body;
  }
  if (draft.idempotency) draft.idempotency.bodyHash = hashOf(draft.body);
  return undefined;
};
