import ts from 'typescript';
import { codeFiles, parse, textOf, visitAll } from './repository.ts';
import ratchet from './ratchet.json' with { type: 'json' };

/**
 * A function fits on a screen and a file has one subject. What is longer today stands in ratchet.json with the length
 * it may have: it may only become shorter, and once it fits it leaves that list. Nothing is added to it.
 */
const fileLinesMax = 300;
const functionLinesMax = 70;
type Lengths = Readonly<Record<string, number>>;

describe('sizes', () => {
  test(`a file has at most ${fileLinesMax} lines`, () => {
    const lengths = codeFiles.map((path) => [path, textOf(path).trimEnd().split('\n').length] as const);
    expect(complaints(Object.fromEntries(lengths), fileLinesMax, ratchet.files)).toEqual([]);
  });

  test(`a function has at most ${functionLinesMax} lines`, () => {
    const lengths = longestByName(codeFiles.flatMap(functionLengths));
    expect(complaints(lengths, functionLinesMax, ratchet.functions)).toEqual([]);
  });

  test('what is too long, or is listed in vain, is named', () => {
    const lengths = { fits: 10, tooLong: 11, listed: 12, grown: 13, shrunk: 9 };
    const named = complaints(lengths, 10, { listed: 12, grown: 12, shrunk: 12, gone: 12 });
    expect(named.map((complaint) => complaint.split(' ')[0])).toEqual(['tooLong', 'grown', 'shrunk', 'gone']);
  });
});

const complaints = (lengths: Lengths, most: number, granted: Lengths): string[] => [
  ...Object.entries(lengths)
    .filter(([name, lines]) => lines > (granted[name] ?? most))
    .map(([name, lines]) => `${name} has ${lines} lines, more than ${granted[name] ?? most}`),
  ...Object.keys(granted)
    .filter((name) => (lengths[name] ?? 0) <= most)
    .map((name) => `${name} need not be listed in ratchet.json any more`),
];

/** Functions without a name, and methods of one name, share an entry: the longest counts. */
const longestByName = (lengths: readonly (readonly [string, number])[]): Lengths => {
  const longest: Record<string, number> = {};
  for (const [name, lines] of lengths) longest[name] = Math.max(longest[name] ?? 0, lines);
  return longest;
};

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
