import { Command } from 'commander';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { contextNames } from '../../infra/read-deployment.ts';
import { root, textOf } from '../tidy/repository.ts';

/** Every command that the page of deploying tells a person to type, against the program and package.json. */
const page = textOf('docs/how-to/deploy.md');
const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };

const program = new Command('keyun');
beforeAll(async () => {
  for (const file of readdirSync(join(root, 'cli/commands'))) {
    const { register } = (await import(`../../cli/commands/${file}`)) as {
      register: (program: Command) => void;
    };
    register(program);
  }
});

/** The lines of a shell's blocks, and what stands in backticks, each command on one line and without its comment. */
const typed = [
  ...[...page.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block = '']) =>
    block.replaceAll(/\\\n\s*/g, '').split('\n'),
  ),
  ...[...page.replaceAll(/```[^]*?```/g, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) =>
    code.replaceAll(/\s+/g, ' '),
  ),
]
  .map((line) => line.replace(/\s+#.*$/, '').trim())
  .filter((line) => line.startsWith('npm '));

type Typed = { script: string; words: string[] };

const parsed = typed.map((line): Typed => {
  const [, script = '', rest = ''] = /^npm (?:run )?(?:-s )?([\w:]+)(?: -- ?(.*))?$/.exec(line) ?? [];
  return { script, words: rest.split(' ').filter((word) => word !== '') };
});

/** The command that the words name, below the program or below the script's own command; and the words that are left. */
const commandOf = ({ script, words }: Typed): { command: Command; rest: string[] } => {
  const [stack, , ...afterStack] = words;
  let rest = stack === '--stack' ? afterStack : words;
  let command = program;
  if (script !== 'keyun') rest = [script, ...rest];
  for (;;) {
    const below = command.commands.find((each) => each.name() === rest[0]);
    if (!below) return { command, rest };
    [command, rest] = [below, rest.slice(1)];
  }
};

const ofProgram = parsed.filter(({ script }) => ['keyun', 'deploy', 'destroy'].includes(script));

test('the page tells the whole way', () => {
  const names = ofProgram.map((each) => commandOf(each).command.name());
  expect(names).toEqual(expect.arrayContaining(['deploy', 'destroy', 'add', 'import', 'open', 'audit']));
});

test('its npm scripts exist', () => {
  expect(parsed.map(({ script }) => script).filter((script) => !(script in scripts))).toEqual([]);
});

test('its commands and their options exist', () => {
  const unknown = ofProgram.flatMap((each) => {
    const { command, rest } = commandOf(each);
    const known = ['--help', ...command.options.map(({ long }) => long)];
    const options = rest.filter((word) => word.startsWith('--') && !known.includes(word));
    return command === program || command.commands.length > 0
      ? [`no such command: ${each.words.join(' ')}`]
      : options.map((option) => `${command.name()} has no ${option}`);
  });
  expect(unknown).toEqual([]);
});

test('every value of the context is on the page, and has an option that says what it is for', () => {
  const deploy = program.commands.find((each) => each.name() === 'deploy');
  const optionOf = (name: string) => deploy?.options.find((option) => option.attributeName() === name);
  expect(contextNames.filter((name) => !optionOf(name)?.description)).toEqual([]);
  expect(
    contextNames.filter((name) => !new RegExp(`^\\| (?:\`\\w+\`, )*\`${name}\``, 'm').test(page)),
  ).toEqual([]);
});
