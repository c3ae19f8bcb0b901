import { Command, CommanderError } from 'commander';
import { basename } from 'node:path';
import { alarmEntries } from '../../infra/alarms/registry.ts';
import { allFiles, codeFiles, textOf } from './repository.ts';

type Registration = { register(program: Command): void };

const folder = 'docs/runbooks/';
const pages = allFiles.filter((path) => path.startsWith(folder) && !path.endsWith('README.md'));
const headings = ['What it means', 'What to look at', 'What to do', 'How to prove that it is over'];

/** The text of a page with commands on one line each. */
const textOfPage = (path: string): string => textOf(path).replaceAll(/\\\n\s*/g, ' ');

describe('runbooks', () => {
  test('every alarm has its page, and every page its alarm', () => {
    const ids = alarmEntries.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(pages.map((path) => basename(path, '.md')).toSorted()).toEqual(ids.toSorted());
  });

  test('the list of pages says what each alarm means', () => {
    for (const { id, means } of alarmEntries)
      expect(textOf(`${folder}README.md`)).toMatch(
        new RegExp(`\\| \\[${id}\\]\\(${id}\\.md\\) +\\| ${means} +\\|`),
      );
  });

  test.each(pages)(
    '%s says what it means, what to look at, what to do, and how to prove that it is over',
    (path) => {
      const parts = textOf(path).split(/^## /m).slice(1);
      expect(parts.map((part) => part.split('\n')[0])).toEqual(headings);
      for (const part of parts) expect(part.length).toBeGreaterThan(60);
      expect(parts.at(-1)).toContain(`state ${basename(path, '.md')}`);
    },
  );
});

describe('commands of keyun on the pages', () => {
  const named = pages.concat(`${folder}README.md`, 'docs/how-to/restore.md').flatMap((path) =>
    [...textOfPage(path).matchAll(/npm run -s keyun -- ([^`\n]+)/g)].map(([, words = '']) => ({
      path,
      words,
    })),
  );

  const program = async (): Promise<Command> => {
    const root = new Command('keyun');
    for (const path of codeFiles.filter((one) => one.startsWith('cli/commands/'))) {
      const { register } = (await import(`../../${path}`)) as Registration;
      register(root);
    }
    const quieten = (command: Command): void => {
      command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
      command.action(() => undefined);
      for (const each of command.commands)
        if (each.commands.length > 0) quietenGroup(each);
        else quieten(each);
    };
    const quietenGroup = (command: Command): void => {
      command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
      for (const each of command.commands) quieten(each);
    };
    quietenGroup(root);
    for (const each of root.commands) if (each.commands.length > 0) quietenGroup(each);
    return root;
  };

  /** The words of a command line; a comment ends it. */
  const wordsOf = (line: string): string[] =>
    [...line.replace(/ +#.*$/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(
      ([, quoted, plain]) => quoted ?? plain ?? '',
    );

  /** Why commander refuses a command, or nothing. */
  const refusalOf = async (line: string): Promise<string | undefined> => {
    try {
      (await program()).parse(wordsOf(line), { from: 'user' });
      return undefined;
    } catch (error) {
      if (error instanceof CommanderError) return error.message;
      throw error;
    }
  };

  test('all exist, with their options', async () => {
    expect(named.length).toBeGreaterThan(15);
    const refused: string[] = [];
    for (const { path, words } of named) {
      const why = await refusalOf(words);
      if (why) refused.push(`${path}: ${words}: ${why}`);
    }
    expect(refused).toEqual([]);
  });

  test('one that does not exist is found out', async () => {
    expect(await refusalOf('attention lst')).toContain('lst');
    expect(await refusalOf('audit --fix')).toContain('--fix');
    expect(await refusalOf('attention retry 01')).toContain('--reason');
  });
});

describe('questions to logs', () => {
  const words = new Set(
    [
      'filter',
      'stats',
      'by',
      'sort',
      'desc',
      'asc',
      'like',
      'or',
      'and',
      'as',
      'bin',
      'count',
      'min',
      'max',
      'pct',
    ].concat('ispresent'),
  );
  /** What Powertools and Lambda's runtime add to a line. */
  const always = new Set(['level', 'message', '@timestamp', 'cold_start', 'errorType', 'errorMessage']);
  const questions = (name: string) =>
    pages.flatMap((path) =>
      [...textOfPage(path).matchAll(new RegExp(`\\b${name} '([^']+)'`, 'g'))].map(([, query = '']) => ({
        path,
        query,
      })),
    );

  /** The fields that a question names: no texts, patterns, numbers, words of the language or names that it makes. */
  const fieldsOf = (query: string): string[] => {
    const bare = query.replaceAll(/"[^"]*"|\/[^/]+\//g, ' ');
    const made = new Set([...bare.matchAll(/ as (\w+)/g)].map(([, name]) => name));
    return [...bare.matchAll(/[@A-Za-z_][\w.]*/g)]
      .map(([name]) => name)
      .filter((name) => !words.has(name) && !made.has(name) && !/^(m|h)$/.test(name));
  };

  /** Fields that are objects themselves, with what they have, by the line. */
  const objects: Readonly<Record<string, string>> = { 'the workflow of an order died': 'outcome.outcome' };

  const sources = codeFiles.filter((path) => /^(shared|functions)\//.test(path));

  test('name lines and fields that functions write', () => {
    const asked = questions('insights \\w+');
    expect(asked.length).toBeGreaterThan(25);
    for (const { path, query } of asked) {
      const [, text] = /message = "([^"]+)"/.exec(query) ?? [];
      const writers = sources.filter((one) => text === undefined || textOf(one).includes(`'${text}'`));
      expect([path, text, writers.length > 0]).toEqual([path, text, true]);
      const unknown = fieldsOf(query).filter((field) => {
        const [root = '', ...inner] = field.split('.');
        const isThere =
          inner.length === 0 ||
          (root === 'thrown' && ['name', 'message', 'code'].includes(inner[0] ?? '')) ||
          objects[text ?? ''] === field;
        return (
          !always.has(root) &&
          !(isThere && writers.some((one) => new RegExp(`[{,]\\s*${root}\\s*[,:}]`).test(textOf(one))))
        );
      });
      expect([path, query, unknown]).toEqual([path, query, []]);
    }
  });

  test('of the access log name fields that the gateway writes', () => {
    const asked = questions('access');
    expect(asked.length).toBeGreaterThan(2);
    const log = /const accessLog = [^]*?^}\);/m.exec(textOf('infra/constructs/booking-api.ts'))?.[0] ?? '';
    const written = new Set([...log.matchAll(/^ {2}(\w+)[:,]/gm)].map(([, name]) => name));
    for (const { path, query } of asked)
      expect([path, fieldsOf(query).filter((field) => !written.has(field))]).toEqual([path, []]);
  });
});
