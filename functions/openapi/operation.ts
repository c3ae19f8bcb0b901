import type * as z from 'zod';
import type { Route } from '../routes/route.ts';
import type { JsonSchema, SchemaComponents } from './json-schemas.ts';
import { needsToken, problemResponses, tooMany } from './problem-responses.ts';

type SchemaOf = SchemaComponents['schemaOf'];

/** One parameter for each property of an object schema. */
const parametersOf = (schema: z.ZodType, place: 'path' | 'query', schemaOf: SchemaOf): JsonSchema[] => {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: property,
  }));
};

const keptHeaders = {
  ETag: { $ref: '#/components/headers/ETag' },
  'Cache-Control': { $ref: '#/components/headers/CacheControl' },
};

const successOf = ({ success }: Route, schemaOf: SchemaOf): JsonSchema => {
  const { status, description, body, mediaType, kept } = success;
  const content = {
    ...(body && { 'application/json': { schema: schemaOf(body, 'output') } }),
    ...(mediaType && { [mediaType]: {} }),
  };
  const headers = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' }, ...(kept && keptHeaders) };
  return {
    [status]: { description, headers, ...(Object.keys(content).length > 0 && { content }) },
    ...(kept && {
      304: { description: 'You have this answer already: `If-None-Match` names its tag', headers },
    }),
  };
};

const forWhom = ({ caller }: Route): string | undefined =>
  caller === 'operators' || caller === 'gates' ? `For members of the group \`${caller}\` only.` : undefined;

/** A route as an OpenAPI operation; its name in the table is the operation id. */
export const operationOf = (operationId: string, route: Route, schemaOf: SchemaOf): JsonSchema => {
  const description = forWhom(route);
  const parameters = [
    ...(route.pathParameters ? parametersOf(route.pathParameters, 'path', schemaOf) : []),
    ...(route.query ? parametersOf(route.query, 'query', schemaOf) : []),
    ...(route.idempotent ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ...(route.success.localised ? [{ $ref: '#/components/parameters/AcceptLanguage' }] : []),
    ...(route.success.kept ? [{ $ref: '#/components/parameters/IfNoneMatch' }] : []),
  ];
  return {
    operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(description && { description }),
    security: needsToken(route) ? [{ bearer: [] }] : [],
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: {
        required: !route.body.safeParse(undefined).success,
        content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
      },
    }),
    responses: { ...successOf(route, schemaOf), ...problemResponses(route), 429: tooMany },
  };
};
