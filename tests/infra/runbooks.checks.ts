import { allFiles, textOf } from '../tidy/repository.ts';
import { assembly } from './synthesis.ts';

const pages = allFiles.filter((path) => /^docs\/(runbooks\/.+|how-to\/restore)\.md$/.test(path));

const stack = (part: string) => {
  const found = assembly().stacks.find(({ name }) => name === `Keyun-dev-${part}`);
  if (!found) throw new Error(`no stack ${part}`);
  return found;
};

const named = (pattern: RegExp): { path: string; words: string[] }[] =>
  pages.flatMap((path) => [...textOf(path).matchAll(pattern)].map(([, ...words]) => ({ path, words })));

/** A name with a variable, such as `${QUEUE}Queue`, stands for one of each value that its page assigns or loops over. */
const meanings = (path: string, name: string): string[] => {
  const variable = /\$\{?(\w+)\}?/.exec(name)?.[1];
  if (!variable) return [name];
  const text = textOf(path);
  const values = new RegExp(`(?:${variable}=(\\w+) +# ([\\w, ]+)|for ${variable} in ([\\w ]+);)`).exec(text);
  const list = [values?.[1], values?.[2], values?.[3]].join(' ').match(/\b[A-Z]\w+/g) ?? [];
  return list.map((value) => name.replace(/\$\{?\w+\}?/, value));
};

describe('the pages for operators', () => {
  test('name resources that the stacks have', () => {
    const resources = named(/\bresource (Data|Selling|Api|Operators) ([\w${}]+)/g).filter(
      ({ path }) => !path.endsWith('README.md'),
    );
    expect(resources.length).toBeGreaterThan(15);
    for (const {
      path,
      words: [part = '', name = ''],
    } of resources) {
      const expanded = meanings(path, name);
      expect([path, name, expanded.length > 0]).toEqual([path, name, true]);
      for (const one of expanded) {
        const found = Object.keys(stack(part).Resources).some((id) => id.startsWith(one));
        expect([path, one, found]).toEqual([path, one, true]);
      }
    }
  });

  test('name outputs that the stacks have', () => {
    const outputs = named(/\boutput (Data|Selling|Api|Operators) ([\w${}]+)/g);
    expect(outputs.length).toBeGreaterThan(3);
    for (const {
      path,
      words: [part = '', name = ''],
    } of outputs)
      for (const one of meanings(path, name))
        expect([path, one, one in stack(part).Outputs]).toEqual([path, one, true]);
  });

  test('ask logs of functions that exist', () => {
    const asked = named(/\binsights (\w+)/g).filter(({ words: [name] }) => name !== 'EventsSendEmail');
    expect(asked.length).toBeGreaterThan(15);
    const groups = ['Selling', 'Api'].flatMap((part) => Object.keys(stack(part).Resources));
    for (const {
      path,
      words: [name = ''],
    } of asked)
      expect([path, name, groups.some((id) => id.startsWith(`${name}Log`))]).toEqual([path, name, true]);
  });
});
