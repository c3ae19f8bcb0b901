import * as z from 'zod';
import type { FieldError } from './problems.ts';

type Path = readonly PropertyKey[];

/** `passengers[0].document.number`: the path of a value, written as in code. */
export const fieldName = (path: Path): string =>
  path.reduce<string>((name, key) => {
    if (typeof key === 'number') return `${name}[${key}]`;
    return name === '' ? String(key) : `${name}.${String(key)}`;
  }, '');

/** The schema inside `optional`, `default`, `pipe` and the like. */
const unwrapped = (schema: z.core.$ZodType): z.core.$ZodType => {
  const { def } = schema._zod;
  if ('innerType' in def) return unwrapped(def.innerType as z.core.$ZodType);
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in as z.core.$ZodType);
  return schema;
};

/** The member of a union that the client means: the value has all the literals of this member. */
const memberFor = (union: z.ZodUnion, value: object): z.core.$ZodType | undefined =>
  union.options.map(unwrapped).find(
    (option) =>
      option instanceof z.ZodObject &&
      Object.entries(option.shape).every(([key, field]) => {
        const literal = unwrapped(field as z.core.$ZodType);
        const given: unknown = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
        return !(literal instanceof z.ZodLiteral) || literal.values.has(given as z.core.util.Literal);
      }),
  );

/**
 * Finds fields that the schema does not have, so that a client notices a typing error in an optional field. The schemas
 * need not be strict, so other code can use them to read data from elsewhere.
 */
export const unknownFields = (schema: z.core.$ZodType, value: unknown, path: Path = []): FieldError[] => {
  if (typeof value !== 'object' || value === null) return [];
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodArray) {
    if (!Array.isArray(value)) return [];
    return value.flatMap((each, index) =>
      unknownFields(inner.element as z.core.$ZodType, each, [...path, index]),
    );
  }
  if (inner instanceof z.ZodUnion) {
    const member = memberFor(inner, value);
    return member ? unknownFields(member, value, path) : [];
  }
  if (!(inner instanceof z.ZodObject) || inner.def.catchall) return [];
  const shape = inner.shape as Readonly<Record<string, z.core.$ZodType>>;
  return Object.entries(value).flatMap(([key, each]) => {
    const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
    return field
      ? unknownFields(field, each, [...path, key])
      : [unknownField([...path, key], Object.keys(shape))];
  });
};

/** The message for a field or parameter that the route does not have. */
export const notPart = 'is not part of this request';

const unknownField = (path: Path, known: readonly string[]): FieldError => {
  const given = String(path.at(-1)).toLowerCase();
  const meant = known.find((name) => alike(name.toLowerCase(), given));
  const message = meant ? `is not part of this request; did you mean ${meant}?` : notPart;
  // A name may be as long as the body: the answer repeats only enough to find it.
  return { field: fieldName(path).slice(0, 200), message };
};

/** Equal except for one extra, missing or wrong letter, as in a plural or a typing error. */
const alike = (a: string, b: string): boolean => {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length < 3) return false;
  if (long.length - short.length > 1) return false;
  let same = 0;
  while (same < short.length && short[same] === long[same]) same += 1;
  const rest = short.length === long.length ? short.slice(same + 1) : short.slice(same);
  return long.slice(same + 1) === rest;
};
