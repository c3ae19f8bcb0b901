import ts from 'typescript';
import { codeFiles, lineOf, parse, visitAll } from './repository.ts';

/** What makes an answer depend on more than the arguments, and what to write instead. */
const forbidden: Record<string, string> = {
  'Date.now': 'take `now` as an argument; at the edge it comes from shared/platform/clock.ts',
  'new Date()': 'take `now` as an argument; at the edge it comes from shared/platform/clock.ts',
  'Temporal.Now': 'take `now` as an argument; at the edge it comes from shared/platform/clock.ts',
  'Math.random': 'take the random number as an argument; at the edge it comes from shared/platform/random.ts',
  'crypto.randomUUID': 'take the id as an argument; at the edge it comes from shared/platform/random.ts',
  'process.env': 'take the setting as an argument; at the edge it comes from shared/platform/config.ts',
};

/** Where those values come from. Everything else in shared and functions asks these files. */
const sources = /^shared\/platform\/(?:clock|random|config|log)\.ts$/;

const nameOf = (node: ts.Node): string | undefined => {
  if (ts.isPropertyAccessExpression(node)) return node.getText();
  const isNow = ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length;
  return isNow ? 'new Date()' : undefined;
};

const complaintsIn = (source: ts.SourceFile): string[] => {
  const found: string[] = [];
  visitAll(source, (node) => {
    const name = nameOf(node);
    const instead = name === undefined ? undefined : forbidden[name];
    if (instead) found.push(`${source.fileName}:${lineOf(source, node)}  ${name}: ${instead}`);
  });
  return found;
};

const complaints = (paths: readonly string[]): string[] => paths.map(parse).flatMap(complaintsIn);

describe('purity', () => {
  test.each(Object.keys(forbidden))('%s is seen', (name) => {
    const text = `export const it = () => String(${name});`;
    const source = ts.createSourceFile('example.ts', text, ts.ScriptTarget.ES2024, true);
    expect(complaintsIn(source)).toHaveLength(1);
  });

  test('models, rules and decisions depend on their arguments alone', () => {
    expect(
      complaints(codeFiles.filter((path) => /^shared\/.*\/(?:model|rules|decide-[^/]+)\.ts$/.test(path))),
    ).toEqual([]);
  });

  test('everything that is deployed takes time, chance and settings from one place each', () => {
    const deployed = codeFiles.filter((path) => /^(?:shared|functions)\//.test(path) && !sources.test(path));
    expect(complaints(deployed)).toEqual([]);
  });
});
