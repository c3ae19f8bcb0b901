import * as z from 'zod';
import { layoutsFileSchema } from '../feeds/read-layouts.ts';
import { afterSaleRulesSchema } from '../platform/after-sale/rules.ts';
import { profileSchema } from './profile-schema.ts';

const schemas = {
  profile: profileSchema,
  'after-sale': afterSaleRulesSchema,
  layouts: layoutsFileSchema,
};

/** The text of each file in carriers/schemas: with them an editor completes and checks a carrier's files. */
export const jsonSchemas = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      `${name}.schema.json`,
      `${JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), null, 2)}\n`,
    ]),
  );
