import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { routes } from '../../functions/routes.ts';
import { allFiles, root, textOf } from './repository.ts';

/** What the pages claim and a machine can look up: files, scripts, commands, routes, the version. */
const pages = allFiles.filter((path) => path.endsWith('.md'));
const manifest = JSON.parse(textOf('package.json')) as { version: string; scripts: Record<string, string> };

const matchesOf = (path: string, pattern: RegExp): string[] =>
  [...textOf(path).matchAll(pattern)].map(([, found = '']) => found);

/** `path: claim` of every claim that does not hold. */
const untrue = (pattern: RegExp, holds: (claim: string, path: string) => boolean): string[] =>
  pages.flatMap((path) =>
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

  test('npm scripts that are named exist', () => {
    const scripts = /npm (?:run )?(?:-s )?(?!run |install|ci\b|pack\b)(start|test|(?<=run (?:-s )?)[a-z:]+)/g;
    expect(untrue(scripts, (script) => script in manifest.scripts)).toEqual([]);
  });

  test('commands that are named exist', () => {
    const help = execFileSync(process.execPath, [join(root, 'cli/keyun.ts'), '--help'], { encoding: 'utf8' });
    const known = new Set([...help.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name));
    expect(known.size).toBeGreaterThan(2);
    expect(untrue(/keyun -- ([a-z]+)/g, (command) => known.has(command))).toEqual([]);
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
