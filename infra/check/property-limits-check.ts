import type { TemplateValue } from '../local/template/template.ts';
import { placeOf, type Check, type CheckedStack, type Finding } from './model.ts';
import { propertyLimits, type PropertyLimit } from './property-limits.ts';
import { intrinsicOf, isObject } from './template-values.ts';

/** Names, numbers and lists are within the limits that AWS documents. */
export const propertyLimitsCheck: Check = {
  name: 'limits-of-properties',
  proves: 'names, numbers and lists are within AWS’s limits',
  find: ({ stacks }) => stacks.flatMap(findingsOf),
};

const findingsOf = ({ stackName, Resources }: CheckedStack): Finding[] =>
  Object.entries(Resources).flatMap(([logicalId, { Type, Properties }]) =>
    (propertyLimits[Type] ?? []).flatMap((limit) =>
      valuesAt(Properties, limit.path).flatMap(({ path, value }) => {
        const what = breach(value, limit);
        return what === undefined
          ? []
          : [
              {
                where: placeOf(stackName, logicalId, path),
                what: `${what} (${Type})`,
                remedy: 'keep to the limit of the service, or AWS refuses the stack',
              },
            ];
      }),
    ),
  );

type Found = { path: readonly string[]; value: TemplateValue };

/** The values at a path; `*` goes through all entries of a list. */
const valuesAt = (
  value: TemplateValue | undefined,
  [key, ...rest]: readonly string[],
  path: readonly string[] = [],
): Found[] => {
  if (value === undefined || intrinsicOf(value)) return [];
  if (key === undefined) return [{ path, value }];
  if (key === '*')
    return Array.isArray(value)
      ? value.flatMap((entry, index) => valuesAt(entry, rest, [...path, String(index)]))
      : [];
  return isObject(value) ? valuesAt(value[key], rest, [...path, key]) : [];
};

const breach = (value: TemplateValue, { most, least }: PropertyLimit): string | undefined => {
  const [size, unit] = measured(value);
  if (size > most) return `has ${size}${unit}, more than ${most}`;
  return least !== undefined && size < least ? `has ${size}${unit}, less than ${least}` : undefined;
};

const measured = (value: TemplateValue): [size: number, unit: string] => {
  if (Array.isArray(value)) return [value.length, ' entries'];
  if (typeof value === 'string' && !/^-?\d+$/.test(value)) return [value.length, ' characters'];
  return [Number(value), ''];
};
