import * as z from 'zod';

export type JsonSchema = Record<string, unknown>;

/** Which side of a schema is shown: what a client may send, or what it gets. */
export type Side = 'input' | 'output';

export type SchemaComponents = {
  /** The JSON schema of a zod schema; parts with an id become components and are referred to. */
  schemaOf: (schema: z.ZodType, side: Side) => JsonSchema;
  /** The components met so far, by name. */
  components: () => Record<string, JsonSchema>;
};

/**
 * The API refuses fields it does not know, whatever zod would do; and it may add fields to its answers at any time, so
 * an answer never says that it has no others.
 */
const openOrClosed = (jsonSchema: JsonSchema, side: Side): void => {
  if (side === 'output') {
    if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    return;
  }
  if (jsonSchema.type === 'object' && jsonSchema.properties) jsonSchema.additionalProperties ??= false;
};

const componentsPath = '#/components/schemas/';

/**
 * Turns the routes' zod schemas into JSON schemas that share components. A schema gets to be a component by
 * `.meta({ id })`; as an input it is another one, since sending and getting differ in what may be left out.
 */
export const schemaComponents = (): SchemaComponents => {
  const found = new Map<string, JsonSchema>();

  const schemaOf = (schema: z.ZodType, side: Side): JsonSchema => {
    const suffix = side === 'input' ? 'Input' : '';
    const { $defs, $schema, ...converted } = z.toJSONSchema(schema, {
      io: side,
      target: 'draft-2020-12',
      unrepresentable: 'any',
      override: ({ jsonSchema }) => openOrClosed(jsonSchema as JsonSchema, side),
    });
    void $schema;
    const withReferences = (part: object): JsonSchema =>
      JSON.parse(
        JSON.stringify(part).replaceAll(
          /"\$ref":"#\/\$defs\/([^"]+)"/g,
          (_, id: string) => `"$ref":"${componentsPath}${id}${suffix}"`,
        ),
      ) as JsonSchema;
    for (const [id, definition] of Object.entries($defs ?? {})) {
      const { id: own, ...rest } = withReferences(definition);
      void own;
      found.set(id + suffix, rest);
    }
    return withReferences(converted);
  };

  return {
    schemaOf,
    components: () => Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
};
