import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

export const root = join(import.meta.dirname, '../..');

const generated = new Set([
  '.git',
  '.keyun',
  'cdk.out',
  'coverage',
  'dist',
  'node_modules',
  'package-lock.json',
]);

/** Every file of the repository, as its path from the root. */
export const allFiles: readonly string[] = readdirSync(root, { recursive: false, withFileTypes: true })
  .filter((entry) => !generated.has(entry.name))
  .flatMap((entry) => (entry.isDirectory() ? walk(join(root, entry.name)) : [entry.name]))
  .toSorted();

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (generated.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [relative(root, path)];
  });
}

/** Each file is read once, and parsed once. */
const texts = new Map<string, string>();
const sources = new Map<string, ts.SourceFile>();

export function textOf(path: string): string {
  const text = texts.get(path) ?? readFileSync(join(root, path), 'utf8');
  texts.set(path, text);
  return text;
}

export const isCode = (path: string): boolean => /\.(?:ts|js|cjs)$/.test(path);
export const codeFiles: readonly string[] = allFiles.filter(isCode);
export const textFiles: readonly string[] = allFiles.filter(
  (path) => isCode(path) || /\.(?:md|json|html|eta|css|ya?ml)$|^\.ci\/|^\.[a-z]+$/.test(path),
);

/** `path:line  text` of each match, ready to be read in a failed expectation. */
export const findAll = (paths: readonly string[], pattern: RegExp): string[] =>
  paths.flatMap((path) =>
    textOf(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}  ${line.trim()}`] : [])),
  );

export function parse(path: string): ts.SourceFile {
  const source = sources.get(path) ?? ts.createSourceFile(path, textOf(path), ts.ScriptTarget.ES2024, true);
  sources.set(path, source);
  return source;
}

export const lineOf = (source: ts.SourceFile, node: ts.Node): number =>
  source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;

/** Calls `visit` on a node and on everything below it. */
export function visitAll(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => visitAll(child, visit));
}

/** `path:line  text` of every node that the test picks. */
export const findNodes = (paths: readonly string[], isWanted: (node: ts.Node) => boolean): string[] =>
  paths.flatMap((path) => {
    const source = parse(path);
    const found: string[] = [];
    visitAll(source, (node) => {
      if (isWanted(node))
        found.push(`${path}:${lineOf(source, node)}  ${node.getText(source).split('\n')[0]}`);
    });
    return found;
  });
