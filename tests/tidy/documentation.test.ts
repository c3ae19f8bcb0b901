import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { routes } from '../../functions/routes.ts';
import { documentKinds } from '../../shared/users/document.ts';
import { allFiles, root, textFiles, textOf } from './repository.ts';

/** What the pages claim and a machine can look up: files, scripts, commands, routes, the version. */
const pages = allFiles.filter((path) => path.endsWith('.md'));
const manifest = JSON.parse(textOf('package.json')) as { version: string; scripts: Record<string, string> };

const matchesOf = (path: string, pattern: RegExp): string[] =>
  [...textOf(path).matchAll(pattern)].map(([, found = '']) => found);

/** `path: claim` of every claim that does not hold. */
const untrue = (
  pattern: RegExp,
  holds: (claim: string, path: string) => boolean,
  paths: readonly string[] = pages,
): string[] =>
  paths.flatMap((path) =>
    matchesOf(path, pattern)
      .filter((claim) => !holds(claim, path))
      .map((claim) => `${path}: ${claim}`),
  );

describe('documentation', () => {
  test('links lead to files that exist', () => {
    const links = /\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)/g;
    expect(untrue(links, (link, path) => existsSync(join(root, dirname(path), link)))).toEqual([]);
  });

  test('files and folders that are named exist', () => {
    const named = /`((?:\.ci|cli|docs|functions|infra|shared|tests)\/[\w./-]+)`/g;
    expect(untrue(named, (path) => existsSync(join(root, path)))).toEqual([]);
  });

  test('pages that anything names exist: name them from the root, or from where they are named', () => {
    const named = /(?<![\w./-]|https?:\/\/\S*)((?:\.{1,2}\/)*\w[\w./-]*\.md)\b/g;
    const exists = (page: string, path: string) =>
      [root, join(root, dirname(path))].some((from) => existsSync(join(from, page)));
    expect(matchesOf('CONTRIBUTING.md', named)).toContain('docs/protocol.md');
    expect(untrue(named, exists, textFiles)).toEqual([]);
  });

  test('kinds of documents are rows of their page, and no others', () => {
    expect(matchesOf('docs/how-to/documents.md', /^\| `([a-z-]+)`/gm)).toEqual(documentKinds);
  });

  test('transitions and reasons that anything names are in the protocol', () => {
    const protocol = textOf('docs/protocol.md').replaceAll(/\s+/g, ' ');
    const isRow = (transition: string) => protocol.includes(`| ${transition} |`);
    const isReason = (reason: string) => protocol.includes(reason.replaceAll(/[\s*]+/g, ' '));
    expect(untrue(/\b(T[1-9]\d?)\b/g, isRow, textFiles)).toEqual([]);
    expect(untrue(/docs\/protocol\.md, "([^"]+)"/g, isReason, textFiles)).toEqual([]);
  });

  test('npm scripts that are named exist', () => {
    const scripts = /npm (?:run )?(?:-s )?(?!run |install|ci\b|pack\b)(start|test|(?<=run (?:-s )?)[a-z:]+)/g;
    expect(untrue(scripts, (script) => script in manifest.scripts)).toEqual([]);
  });

  describe('commands', () => {
    const help = execFileSync(process.execPath, [join(root, 'cli/keyun.ts'), '--help'], { encoding: 'utf8' });
    const named = [...help.matchAll(/^ {2}([a-z][a-z-]+)/gm)].map(([, name = '']) => name);
    const known = named.filter((name) => name !== 'help');

    test('that are named exist', () => {
      expect(known.length).toBeGreaterThan(2);
      expect(untrue(/keyun -- ([a-z][a-z-]+)/g, (command) => known.includes(command))).toEqual([]);
    });

    test('have a row on their page', () => {
      const rows = matchesOf('docs/how-to/command-line.md', /^\| (`[^|]*)/gm);
      const inRows = new Set(rows.flatMap((row) => [...row.matchAll(/`([a-z-]+)/g)].map(([, name]) => name)));
      expect(known.filter((command) => !inRows.has(command))).toEqual([]);
    });
  });

  test('paths of the API that are named are routes', () => {
    const known = Object.values(routes).map(
      ({ path }) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    );
    const paths = /(\/v1\/[\w${}./~-]*[\w}])/g;
    expect(untrue(paths, (path) => known.some((route) => route.test(path)))).toEqual([]);
  });

  test('the changelog knows this version', () => {
    expect(textOf('CHANGELOG.md')).toContain(`## [${manifest.version}]`);
  });
});
