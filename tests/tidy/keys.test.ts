import ts from 'typescript';
import { kinds } from '../../shared/bookings/kinds.ts';
import { codeFiles, lineOf, parse, visitAll } from './repository.ts';

/** A key that two files spell is a key that one of them may spell otherwise. */
const registry = 'shared/bookings/kinds.ts';
const inBookings = /^shared\/bookings\//;
const product = codeFiles.filter((path) => /^(?:shared|functions|infra|cli)\//.test(path));

const entries = Object.values(kinds);
const prefixes = new Set(entries.flatMap(({ partition, sort }) => [`${partition}#`, sort]));
const indexShards = ['DUE#', 'ATTENTION#'];

/** The texts of a file: of strings, and of what stands between the values of a template. */
const textsOf = (node: ts.Node): string | undefined =>
  ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateLiteralToken(node)
    ? node.text
    : undefined;

const spells = (text: string, wanted: Iterable<string>): boolean =>
  [...wanted].some((prefix) =>
    prefix.endsWith('#') ? new RegExp(`(?<![A-Z])${prefix}`).test(text) : text === prefix,
  );

const spelledIn = (source: ts.SourceFile, wanted: Iterable<string>): string[] => {
  const found: string[] = [];
  visitAll(source, (node) => {
    const text = textsOf(node);
    if (text !== undefined && spells(text, wanted))
      found.push(`${source.fileName}:${lineOf(source, node)}  ${text}`);
  });
  return found;
};

describe('keys of Bookings', () => {
  const example = (text: string) => ts.createSourceFile('example.ts', text, ts.ScriptTarget.ES2024, true);

  test.each([...prefixes])('%s is seen, in a string and in a template', (prefix) => {
    expect(spelledIn(example(`export const it = '${prefix}';`), prefixes)).toHaveLength(1);
    if (prefix.endsWith('#'))
      expect(spelledIn(example(`export const it = \`${prefix}\${1}\`;`), prefixes)).toHaveLength(1);
  });

  test('their prefixes are spelled in the registry alone: use bookingKey, kindOf, idOf', () => {
    const others = product.filter((path) => path !== registry);
    expect(others.flatMap((path) => spelledIn(parse(path), prefixes))).toEqual([]);
    expect(spelledIn(parse(registry), prefixes).length).toBeGreaterThan(20);
  });

  test('the shards of its indexes are named in shared/bookings alone: use dueOf, attentionValues', () => {
    const others = product.filter((path) => !inBookings.test(path));
    expect(others.flatMap((path) => spelledIn(parse(path), indexShards))).toEqual([]);
  });

  test('no two kinds have one key', () => {
    const keys = entries.map(({ partition, sort }) => `${partition} ${sort}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
