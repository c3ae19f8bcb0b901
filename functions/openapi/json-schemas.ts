import * as z from 'zod';

export type JsonSchema = Record<string, unknown>;

/** The side of a schema to show: what a client may send, or what it gets. */
export type Side = 'input' | 'output';

export type SchemaComponents = {
  /** The JSON schema of a zod schema. Parts with an id become components, and the schema refers to them. */
  schemaOf: (schema: z.ZodType, side: Side) => JsonSchema;
  /** All components so far, by name. */
  components: () => Record<string, JsonSchema>;
};

/**
 * The API refuses unknown fields, even if the zod schema would accept them. It may add fields to its answers at any time,
 * so the schema of an answer never forbids more fields.
 */
const openOrClosed = (jsonSchema: JsonSchema, side: Side): void => {
  if (side === 'output') {
    if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    return;
  }
  if (jsonSchema.type === 'object' && jsonSchema.properties) jsonSchema.additionalProperties ??= false;
};

const componentsPath = '#/components/schemas/';

/** A client may omit other fields than an answer does, so one schema may need two components. */
const namesOf = (id: string, side: Side): string[] => [id, side === 'input' ? `${id}Input` : `${id}Answer`];

/** Turns the routes' zod schemas into JSON schemas that share components: those with `.meta({ id })`. */
export const schemaComponents = (): SchemaComponents => {
  /** By name: the converted definition, to compare with others, and the definition to show. */
  const found = new Map<string, { converted: string; shown: JsonSchema }>();

  const nameOf = (id: string, side: Side, converted: string): string => {
    const isFree = (name: string): boolean => (found.get(name)?.converted ?? converted) === converted;
    const name = namesOf(id, side).find(isFree);
    if (name === undefined) throw new Error(`two schemas have the id ${id}`);
    return name;
  };

  const schemaOf = (schema: z.ZodType, side: Side): JsonSchema => {
    const {
      $defs: definitions = {},
      $schema: _dialect,
      ...whole
    } = z.toJSONSchema(schema, {
      io: side,
      target: 'draft-2020-12',
      unrepresentable: 'any',
      override: ({ jsonSchema }) => openOrClosed(jsonSchema as JsonSchema, side),
    });
    const parts = Object.entries(definitions).map(([id, { id: _id, ...definition }]) => {
      const converted = JSON.stringify(definition);
      return { id, converted, name: nameOf(id, side, converted) };
    });
    const names = new Map(parts.map(({ id, name }) => [id, name]));
    const referring = (json: string): JsonSchema =>
      JSON.parse(
        json.replaceAll(
          /"\$ref":"#\/\$defs\/([^"]+)"/g,
          (_, id: string) => `"$ref":"${componentsPath}${names.get(id) ?? id}"`,
        ),
      ) as JsonSchema;
    for (const { name, converted } of parts) found.set(name, { converted, shown: referring(converted) });
    return referring(JSON.stringify(whole));
  };

  return {
    schemaOf,
    components: () =>
      Object.fromEntries([...found].map(([name, { shown }]) => [name, shown] as const).sort(byName)),
  };
};

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);
