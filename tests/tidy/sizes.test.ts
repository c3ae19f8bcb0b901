import ts from 'typescript';
import { codeFiles, parse, textOf, visitAll } from './repository.ts';
import ratchet from './ratchet.json' with { type: 'json' };

/**
 * A function fits on a screen and a file has one subject. What is longer today stands in ratchet.json with its
 * length: it may only become shorter, and the number follows it down. Nothing is added to that list.
 */
const fileLinesMax = 300;
const functionLinesMax = 70;

describe('sizes', () => {
  test(`a file has at most ${fileLinesMax} lines`, () => {
    const lengths = codeFiles.map((path) => [path, textOf(path).trimEnd().split('\n').length] as const);
    expect(tooLong(lengths, fileLinesMax)).toEqual(ratchet.files);
  });

  test(`a function has at most ${functionLinesMax} lines`, () => {
    expect(tooLong(codeFiles.flatMap(functionLengths), functionLinesMax)).toEqual(ratchet.functions);
  });
});

const tooLong = (lengths: readonly (readonly [string, number])[], most: number): Record<string, number> =>
  Object.fromEntries(lengths.filter(([, lines]) => lines > most));

function functionLengths(path: string): [string, number][] {
  const source = parse(path);
  const lengths: [string, number][] = [];
  const line = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  visitAll(source, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || isSuite(node)) return;
    const lines = line(node.getEnd()) - line(node.getStart(source)) + 1;
    lengths.push([`${path} ${nameOf(node)}`, lines]);
  });
  return lengths;
}

/** The function that `describe` is given is a list of tests, not something to be read as one. */
const isSuite = (node: ts.Node) =>
  ts.isCallExpression(node.parent) && /^describe\b/.test(node.parent.expression.getText());

function nameOf(node: ts.SignatureDeclaration): string {
  const named = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
  return named?.getText() ?? (ts.isConstructorDeclaration(node) ? 'constructor' : 'a nameless function');
}
