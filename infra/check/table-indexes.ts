import type { TemplateObject, TemplateValue } from '../local/template/template.ts';
import type { CheckedResource } from './model.ts';
import { isObject, isSame } from './template-values.ts';

type Indexes = Record<string, TemplateValue>;

/** The global indexes of a table, by name, each with its keys and what it projects. */
export const indexesOf = ({ Type, Properties = {} }: CheckedResource): { indexes?: Indexes } => {
  if (Type !== 'AWS::DynamoDB::Table') return {};
  const indexes = [Properties['GlobalSecondaryIndexes'] ?? []].flat().filter(isObject);
  return {
    indexes: Object.fromEntries(
      indexes.map(({ IndexName, KeySchema = [], Projection = {} }: TemplateObject) => [
        String(IndexName),
        { KeySchema, Projection },
      ]),
    ),
  };
};

/** Why DynamoDB would refuse to change the indexes of a table, or would not have one that functions query. */
export const indexFaults = (before: Indexes, now: Indexes): string[] => {
  const names = (one: Indexes, other: Indexes) => Object.keys(one).filter((name) => !(name in other));
  const added = names(now, before);
  const removed = names(before, now);
  const changed = Object.keys(before).filter((name) => name in now && !isSame(before[name], now[name]));
  return [
    ...changed.map(
      (name) => `the index ${name} has other keys or another projection: DynamoDB cannot change one`,
    ),
    ...removed.map((name) => `the index ${name} is gone: functions of the last release still query it`),
    ...(added.length > 1 ? [`${added.length} new indexes: DynamoDB adds one in an update`] : []),
  ];
};
