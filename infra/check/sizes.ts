import type { TemplateValue } from '../local/template/template.ts';
import { intrinsicOf, isObject } from './template-values.ts';

/** The length of a long ARN: a reference has that size once AWS has resolved it. */
const referenceLength = 140;

/** The number of characters of a value as compact JSON, at most. */
export const sizeOf = (value: TemplateValue | undefined): number =>
  JSON.stringify(filled(value))?.length ?? 0;

const filled = (value: TemplateValue | undefined): TemplateValue => {
  const intrinsic = intrinsicOf(value);
  if (intrinsic) {
    const { name, argument } = intrinsic;
    return name === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])
      ? argument[1].map((part) => String(filled(part))).join(String(argument[0]))
      : 'x'.repeat(referenceLength);
  }
  if (Array.isArray(value)) return value.map(filled);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, filled(entry)]));
  return value ?? null;
};
