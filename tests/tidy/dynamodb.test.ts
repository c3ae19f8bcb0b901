import ts from 'typescript';
import { codeFiles, lineOf, parse, visitAll } from './repository.ts';

const shared = codeFiles.filter((path) => path.startsWith('shared/'));

/** `path:line  text` of what a file gives as a condition, where it is not clauses joined by `allOf`. */
const looseConditions = (source: ts.SourceFile): string[] => {
  const found: string[] = [];
  visitAll(source, (node) => {
    const isCondition =
      (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) &&
      node.name.getText(source) === 'ConditionExpression';
    if (!isCondition) return;
    const value = ts.isPropertyAssignment(node) ? node.initializer : undefined;
    const isJoined = value && ts.isCallExpression(value) && value.expression.getText(source) === 'allOf';
    if (!isJoined) found.push(`${source.fileName}:${lineOf(source, node)}  ${node.getText(source)}`);
  });
  return found;
};

/** Which file alone may send a command that DynamoDB answers in part, or refuses for reasons of its own. */
const oneSender: Readonly<Record<string, string>> = {
  BatchGetCommand: 'shared/platform/batch-read.ts',
  UnprocessedKeys: 'shared/platform/batch-read.ts',
  BatchWriteCommand: 'shared/platform/batch-write.ts',
  UnprocessedItems: 'shared/platform/batch-write.ts',
  TransactWriteCommand: 'shared/platform/dynamo.ts',
};

const naming = (name: string): string[] =>
  shared.filter((path) => {
    let isNamed = false;
    visitAll(parse(path), (node) => {
      if (ts.isIdentifier(node) && node.text === name) isNamed = true;
    });
    return isNamed;
  });

describe('what is asked of DynamoDB', () => {
  const example = (text: string) => ts.createSourceFile('example.ts', text, ts.ScriptTarget.ES2024, true);

  test('a condition is clauses joined by allOf, so that an OR never swallows its neighbour', () => {
    expect(shared.map(parse).flatMap(looseConditions)).toEqual([]);
  });

  test.each([
    "{ ConditionExpression: 'a = b AND c = d' }",
    '{ ConditionExpression }',
    '{ ConditionExpression: it }',
  ])('%s is seen', (text) => {
    expect(looseConditions(example(`export const write = ${text};`))).toHaveLength(1);
  });

  test('allOf is not complained of', () => {
    expect(looseConditions(example("export const write = { ConditionExpression: allOf('a = b') };"))).toEqual(
      [],
    );
  });

  test.each(Object.entries(oneSender))('%s stands in %s alone, with its bounds', (name, path) => {
    expect(naming(name)).toEqual([path]);
  });
});
