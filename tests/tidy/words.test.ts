import ts from 'typescript';
import {
  allFiles,
  codeFiles,
  findAll,
  findNodes,
  lineOf,
  parse,
  textFiles,
  textOf,
  visitAll,
} from './repository.ts';

/** The banned words are put together here, so that this file does not contain them. */
const anyOf = (...words: string[]) => words.join('|');

const lineLengthMax = 130;

/** Prettier breaks code, never a string or a template: such a line is as long as what it says. */
function linesEndedByText(path: string): Set<number> {
  const source = parse(path);
  const lines = new Set<number>();
  visitAll(source, (node) => {
    if (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node)) return;
    const last = source.getLineAndCharacterOfPosition(node.getEnd()).line + 1;
    for (let line = lineOf(source, node); line <= last; line += 1) lines.add(line);
  });
  return lines;
}

const marks = ['TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK'];
const modes = ['on' + 'ly', 'sk' + 'ip', 'to' + 'do'];
const prefixed = ['x' + 'it', 'x' + 'test', 'x' + 'describe', 'f' + 'it', 'f' + 'describe'];
const homes = ['ho' + 'me', 'Us' + 'ers', 'ro' + 'ot', 'wo' + 'rk', 'mn' + 't'];
const registries = ['registry\\.np' + 'mjs', 'npm' + 'mirror', 'code' + 'artifact', 'arti' + 'factory'];

/** What may stand nowhere, what to do instead, and an example, so that a pattern that finds nothing is found out. */
const banned = [
  {
    what: 'nothing is marked as unfinished: finish it, or describe it where work is planned',
    pattern: `\\b(?:${anyOf(...marks)})\\b|(?://|\\*).*\\bXX${'X'}\\b`,
    example: `// ${marks[0]}: later`,
  },
  {
    what: 'no test is skipped, focused or only announced: write it, or take it out',
    pattern: `(?:describe|it|test)(?:\\.each)?\\.(?:${anyOf(...modes)})\\b|\\b(?:${anyOf(...prefixed)})\\(`,
    example: `test.${modes[1]}('a seat is sold once', …)`,
  },
  {
    what: 'no path of one machine: make it from import.meta.dirname or the working directory',
    pattern: `(?:^|[\\s'"\`(=:])/(?:${anyOf(...homes)})/`,
    example: `readFileSync('/${homes[0]}/me/feed.zip')`,
  },
  {
    what: 'no address of a package registry: npm has its own setting',
    pattern: anyOf(...registries),
    example: `https://${registries[0]?.replace('\\', '')}.org/`,
  },
].map(({ pattern, ...rest }) => ({ ...rest, pattern: new RegExp(pattern) }));

describe('words', () => {
  test.each(banned)('$what', ({ pattern, example }) => {
    expect(example).toMatch(pattern);
    expect(findAll([...textFiles, 'package-lock.json'], pattern)).toEqual([]);
  });

  test(`no line of code is longer than ${lineLengthMax} characters, unless a text ends it`, () => {
    const long = codeFiles.flatMap((path) => {
      const inText = linesEndedByText(path);
      const lines = textOf(path).split('\n');
      return lines.flatMap((line, index) =>
        line.length > lineLengthMax && !inText.has(index + 1) ? [`${path}:${index + 1}  ${line.trim()}`] : [],
      );
    });
    expect(long).toEqual([]);
  });

  test('nothing but entry points and the local run writes to the console: log with shared/platform/log.ts', () => {
    const deployed = codeFiles.filter((path) => /^(?:shared|functions)\//.test(path));
    expect(findAll(deployed, /\bconsole\./)).toEqual([]);
  });
});

describe('types and exports', () => {
  const written = codeFiles.filter((path) => /(?<!\.d)\.ts$/.test(path));

  test('nothing is typed as anything: use unknown and parse it', () => {
    expect(findNodes(written, (node) => node.kind === ts.SyntaxKind.AnyKeyword)).toEqual([]);
  });

  test('there is a default export only where a tool asks for one', () => {
    const asked = ['jest.config.ts'];
    const others = written.filter((path) => !asked.includes(path));
    const isDefault = (node: ts.Node) =>
      ts.isExportAssignment(node) ||
      (node.kind === ts.SyntaxKind.DefaultKeyword && ts.canHaveModifiers(node.parent));
    expect(findNodes(others, isDefault)).toEqual([]);
  });

  test('no file only passes on what others export', () => {
    expect(
      findNodes(written, (node) => ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined),
    ).toEqual([]);
  });
});

describe('names', () => {
  const vague = [
    'common',
    'dto',
    'helper',
    'helpers',
    'manager',
    'misc',
    'service',
    'services',
    'util',
    'utils',
  ];
  /** The stacks are Data and Service; AWS calls its product Secrets Manager; a GTFS service is a set of days. */
  const granted = [
    'infra/stacks/service.ts',
    'infra/local/identity/secrets-manager.ts',
    'shared/feeds/read-services.ts',
  ];

  test('files and folders are in kebab-case', () => {
    const kebab = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+)*$/;
    const conventional = /^(?:README|CONTRIBUTING|CHANGELOG|LICENSE|ARCHITECTURE|NOTICE|zh-CN)(?:\.[a-z]+)*$/;
    const gtfs = /^carriers\/[a-z-]+\/demo\/[a-z_]+\.txt$/; // named by the GTFS reference
    const ours = allFiles.filter((path) => !gtfs.test(path));
    const names = new Map(ours.flatMap((path) => path.split('/').map((name) => [name, path])));
    const others = [...names].filter(([name]) => !kebab.test(name) && !conventional.test(name));
    expect(others.map(([, path]) => path)).toEqual([]);
  });

  test('no file or folder has a name that says nothing: name it for its subject', () => {
    const lastWord = (name: string) => name.replace(/\..*$/, '').split('-').at(-1) ?? '';
    const named = codeFiles.filter((path) => path.split('/').some((name) => vague.includes(lastWord(name))));
    expect(named.filter((path) => !granted.includes(path))).toEqual([]);
  });

  test('nothing declared has such a name either', () => {
    const pattern = /(?:Utils?|Helpers?|Managers?|Dtos?)$/;
    const isVague = (node: ts.Node) =>
      (ts.isClassDeclaration(node) ||
        ts.isFunctionDeclaration(node) ||
        ts.isInterfaceDeclaration(node) ||
        ts.isTypeAliasDeclaration(node) ||
        ts.isVariableDeclaration(node)) &&
      node.name !== undefined &&
      ts.isIdentifier(node.name) &&
      pattern.test(node.name.text);
    expect(findNodes(codeFiles, isVague)).toEqual([]);
  });
});
