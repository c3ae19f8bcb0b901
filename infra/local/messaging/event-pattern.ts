import { LocalRunError } from '../run/ports.ts';

export type EventPattern = { [field: string]: EventPattern | PatternRule[] };
type PatternRule = string | number | boolean | null | Record<string, unknown>;

/** Whether an event matches a pattern of EventBridge. Throws for a pattern with any other kind of rule than these. */
export const matchesPattern = (pattern: EventPattern, event: unknown): boolean =>
  Object.entries(pattern).every(([field, expected]) => {
    const value = (event as Record<string, unknown> | undefined)?.[field];
    if (!Array.isArray(expected)) return matchesPattern(expected, value);
    const values = Array.isArray(value) ? (value as unknown[]) : [value];
    return expected.some((rule) => values.some((one) => matchesRule(rule, one)));
  });

const matchesRule = (rule: PatternRule, value: unknown): boolean => {
  if (typeof rule !== 'object' || rule === null) return value === rule;
  const [[name, argument] = ['', undefined]] = Object.entries(rule);
  if (name === 'exists') return (value !== undefined) === argument;
  if (name === 'prefix') return typeof value === 'string' && value.startsWith(String(argument));
  if (name === 'anything-but') return value !== undefined && ![argument].flat().includes(value);
  throw new LocalRunError(`the local run does not support the event pattern ${JSON.stringify(rule)}`);
};
