import type { Property, PropertyType, ResourceProperties } from '@aws-cdk/service-spec-types';
import type { TemplateObject, TemplateValue } from '../local/template/template.ts';
import { definitionOf } from './specification.ts';
import { intrinsicOf, isNoValue, isObject } from './template-values.ts';

/** A fault of a value and the path to it. */
export type Fault = { path: readonly string[]; what: string };

/** The kinds of values that intrinsics return; `any` for those that only CloudFormation knows. */
type TypeOfIntrinsic = (name: string, argument: TemplateValue) => 'text' | 'list' | 'any';

/** Checks the properties of a resource or of a part of one. */
export const faultsOfProperties = (
  properties: ResourceProperties,
  given: TemplateObject,
  typeOf: TypeOfIntrinsic,
  readOnly: readonly string[] = [],
  path: readonly string[] = [],
): Fault[] => [
  ...Object.entries(properties)
    .filter(([name, { required }]) => required && isNoValue(given[name]))
    .map(([name]) => ({ path: [...path, name], what: 'is required and missing' })),
  ...Object.entries(given).flatMap(([name, value]) => {
    const here = [...path, name];
    const property = properties[name];
    if (isNoValue(value)) return [];
    if (property) return faultsOfProperty(property, value, typeOf, here);
    return readOnly.includes(name)
      ? [{ path: here, what: 'is set by AWS and cannot be set here' }]
      : [{ path: here, what: 'is no property of this type' }];
  }),
];

/** A property accepts its type and its earlier types. Of several, the one with the fewest faults explains best. */
const faultsOfProperty = (
  { type, previousTypes = [] }: Property,
  value: TemplateValue,
  typeOf: TypeOfIntrinsic,
  path: readonly string[],
): Fault[] => fewest([type, ...previousTypes].map((one) => faultsOf(one, value, typeOf, path)));

const fewest = (answers: readonly Fault[][]): Fault[] =>
  answers.reduce((best, one) => (one.length < best.length ? one : best));

const faultsOf = (
  type: PropertyType,
  value: TemplateValue,
  typeOf: TypeOfIntrinsic,
  path: readonly string[],
): Fault[] => {
  const intrinsic = intrinsicOf(value);
  if (intrinsic) return faultsOfIntrinsic(type, intrinsic, typeOf, path);
  switch (type.type) {
    case 'ref':
      return isObject(value)
        ? faultsOfProperties(definitionOf(type).properties, value, typeOf, [], path)
        : wrong(path, 'an object');
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((entry, index) => faultsOf(type.element, entry, typeOf, [...path, String(index)]))
        : wrong(path, 'a list');
    case 'map':
      return isObject(value)
        ? Object.entries(value).flatMap(([key, entry]) =>
            faultsOf(type.element, entry, typeOf, [...path, key]),
          )
        : wrong(path, 'an object');
    case 'union':
      return fewest(type.types.map((one) => faultsOf(one, value, typeOf, path)));
    case 'tag':
      return isObject(value) && 'Key' in value && 'Value' in value ? [] : wrong(path, 'a Key and a Value');
    default:
      return faultsOfPlain(type, value, path);
  }
};

type PlainType = Exclude<PropertyType, { type: 'ref' | 'array' | 'map' | 'union' | 'tag' }>;

/** Numbers and booleans are accepted as text too: CloudFormation reads `"30"` as 30. */
const faultsOfPlain = (type: PlainType, value: TemplateValue, path: readonly string[]): Fault[] => {
  const text = String(value);
  switch (type.type) {
    case 'string':
      if (typeof value === 'object') return wrong(path, 'a text');
      return notAllowed(type.allowedValues, text, path);
    case 'date-time':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? [] : wrong(path, 'a time');
    case 'integer':
      if (!/^-?\d+$/.test(text)) return wrong(path, 'a whole number');
      return notAllowed(type.allowedValues?.map(String), text, path);
    case 'number':
      return text !== '' && Number.isFinite(Number(text)) ? [] : wrong(path, 'a number');
    case 'boolean':
      return text === 'true' || text === 'false' ? [] : wrong(path, 'true or false');
    case 'json':
      return typeof value === 'object' || isJson(text) ? [] : wrong(path, 'a JSON document');
    default:
      return value === null ? [] : wrong(path, 'null');
  }
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const notAllowed = (
  allowed: readonly string[] | undefined,
  value: string,
  path: readonly string[],
): Fault[] =>
  !allowed || allowed.includes(value)
    ? []
    : [{ path, what: `is "${value}", not one of ${allowed.join(', ')}` }];

const wrong = (path: readonly string[], expected: string): Fault[] => [{ path, what: `is not ${expected}` }];

const listTypes: ReadonlySet<string> = new Set(['array', 'json']);
const textTypes: ReadonlySet<string> = new Set([
  'string',
  'json',
  'date-time',
  'integer',
  'number',
  'boolean',
]);

const faultsOfIntrinsic = (
  type: PropertyType,
  { name, argument }: { name: string; argument: TemplateValue },
  typeOf: TypeOfIntrinsic,
  path: readonly string[],
): Fault[] => {
  if (name === 'Fn::If' && Array.isArray(argument))
    return argument
      .slice(1)
      .filter((branch) => !isNoValue(branch))
      .flatMap((branch) => faultsOf(type, branch, typeOf, path));
  const result = typeOf(name, argument);
  if (result === 'any') return [];
  const types = type.type === 'union' ? type.types : [type];
  const accepted = types.some((one) => (result === 'list' ? listTypes : textTypes).has(one.type));
  return accepted ? [] : [{ path, what: `is ${name}, which returns a ${result}, not ${type.type}` }];
};
