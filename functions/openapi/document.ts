import type { Route } from '../routes/route.ts';
import { schemaComponents, type JsonSchema } from './json-schemas.ts';
import { operationOf } from './operation.ts';
import { problemExamples, problemSchema } from './problem-responses.ts';

export type OpenApiDocument = { openapi: '3.1.0' } & JsonSchema;

const description = `Search a carrier's timetable, hold seats, pay, and travel.

- **Sign in**: send \`Authorization: Bearer <access token>\` if an operation asks for it.
- **Retry**: if you lose the answer of an operation with an \`Idempotency-Key\`, send the request again. The same key with
  the same body gets the same answer; we refuse the same key with another body.
- **Errors** are \`application/problem+json\` (RFC 9457). Decide by \`type\` and show \`title\`, which says what happened and
  what to do next. \`errors\` lists the wrong fields: each \`message\` continues a sentence that begins with the field.
- **We refuse unknown fields and parameters**, so that you notice typing errors. Answers may get new fields at any time:
  ignore fields that you do not know.
- **Methods**: every address that answers GET also answers HEAD, and every address answers OPTIONS with its methods in
  \`Allow\`. Another method gets 405.
- **Caches**: an answer with an \`ETag\` may be kept as \`Cache-Control\` says. Send the tag in \`If-None-Match\`: 304 means
  that you have the newest answer. Nobody may keep any other answer.
- **Times** are RFC 3339 with an offset, dates are the stop's local dates, **money** is in minor units (fen, cents).`;

/** Tags in the order of a purchase. A new tag comes last until you add it here. */
const tagOrder = ['Timetable', 'Orders', 'Payments', 'Tickets'];

const rank = (tag: string): number => tagOrder.indexOf(tag) + 1 || tagOrder.length + 1;

const tagsOf = (routes: readonly Route[]): { name: string }[] =>
  [...new Set(routes.map(({ tag }) => tag))].sort((a, b) => rank(a) - rank(b)).map((name) => ({ name }));

/** The OpenAPI 3.1 document of a table of routes. `publicUrl` is the address of the API for clients. */
export const openApiDocument = (
  routes: Readonly<Record<string, Route>>,
  { version, publicUrl }: { version: string; publicUrl: string },
): OpenApiDocument => {
  const { schemaOf, components } = schemaComponents();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const [name, route] of Object.entries(routes)) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(name, route, schemaOf);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Keyun 客运',
      summary: 'The booking API of a passenger carrier',
      description,
      version,
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl }],
    tags: tagsOf(Object.values(routes)),
    paths,
    components: {
      schemas: { ...components(), Problem: problemSchema },
      examples: problemExamples,
      parameters: {
        IdempotencyKey: idempotencyKey,
        AcceptLanguage: acceptLanguage,
        IfNoneMatch: ifNoneMatch,
      },
      headers,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token.' },
      },
    },
  };
};

const acceptLanguage: JsonSchema = {
  name: 'Accept-Language',
  in: 'header',
  required: false,
  description:
    'The languages for names of stops and trips. A name without a translation comes as the timetable writes it.',
  schema: { type: 'string' },
  example: 'en, zh-CN;q=0.8',
};

const idempotencyKey: JsonSchema = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description:
    'Your own key for this request; send the same key when you retry. Use a new random one, such as a UUID: it protects what we store about the request.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x20-\\x7e]+$' },
};

const ifNoneMatch: JsonSchema = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description:
    'The `ETag` of the answer that you have: if it is still the newest, you get 304 without a body.',
  schema: { type: 'string' },
};

const headers: JsonSchema = {
  ETag: { description: 'A tag of this answer, for `If-None-Match`.', schema: { type: 'string' } },
  CacheControl: { description: 'How many seconds you may keep this answer.', schema: { type: 'string' } },
  RequestId: { description: 'Quote this id when you ask us about the request.', schema: { type: 'string' } },
  RetryAfter: { description: 'Seconds to wait before trying again.', schema: { type: 'integer' } },
};
