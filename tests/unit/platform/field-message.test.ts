import * as z from 'zod';
import { fieldMessage } from '../../../shared/platform/field-message.ts';

const messageOf = (schema: z.ZodType, value: unknown): string | undefined =>
  schema.safeParse(value, { error: fieldMessage }).error?.issues[0]?.message;

const wish = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('window') }),
  z.object({ kind: z.literal('aisle') }),
]);

describe('what is wrong with a field', () => {
  test.each<[z.ZodType, unknown, string]>([
    [z.int(), '3', 'must be a number'],
    [z.int(), 1.5, 'must be a whole number'],
    [z.coerce.number(), 'many', 'must be a number'],
    [z.string(), 3, 'must be a string'],
    [z.array(z.string()), 'a', 'must be a list'],
    [z.object({}), [], 'must be an object'],
    [z.boolean(), 'yes', 'must be true or false'],
    [z.int().positive(), 0, 'must be more than 0'],
    [z.int().min(1), 0, 'must be at least 1'],
    [z.int().max(9), 10, 'must be at most 9'],
    [z.string().min(1), '', 'must have at least 1 character'],
    [z.string().max(100), 'x'.repeat(101), 'must have at most 100 characters'],
    [z.array(z.string()).min(1), [], 'must have at least 1 item'],
    [z.array(z.string()).max(2), ['a', 'b', 'c'], 'must have at most 2 items'],
    [z.enum(['adult', 'child']), 'robot', 'must be one of adult, child'],
    [z.literal('ok'), 'no', 'must be ok'],
    [wish, { kind: 'roof' }, 'must be one of window, aisle'],
    [z.iso.date(), '2026-13-01', 'must be a date such as 2026-12-01'],
    [z.email(), 'zhang', 'must be an e-mail address'],
    [z.url(), 'here', 'must be a web address'],
    [z.string().regex(/^p\d$/), 'q', 'has the wrong format'],
    [z.string().regex(/^p\d$/, 'must be a parcel id'), 'q', 'must be a parcel id'],
  ])('%#. %2$s', (schema, value, message) => {
    expect(messageOf(schema, value)).toBe(message);
  });

  test('keeps the words of zod for what it has no words for', () => {
    expect(messageOf(z.number().multipleOf(5), 3)).toContain('multiple of 5');
    expect(messageOf(z.date(), 'now')).toContain('expected date');
  });
});
