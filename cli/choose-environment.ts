import type { Command } from 'commander';
import { dataDirectory, readEnvironment } from '../infra/local/run/data-dir.ts';
import { variableNames } from '../shared/platform/config.ts';
import { CommandFailure } from './connect.ts';

/** The system that a command uses: `own`, a run that it starts; `local`, the local run alone; `none`; or any. */
const systems: Readonly<Record<string, 'own' | 'local' | 'none'>> = {
  start: 'own',
  demo: 'own',
  token: 'local',
  carrier: 'none',
  profile: 'none',
  'gate verify': 'none',
  deploy: 'none',
  destroy: 'none',
  'deploy-check': 'none',
};

const whyNot = {
  own: 'starts a run on this machine and uses no stack',
  local: 'is for the local run and uses no stack',
  none: 'does not read the stacks that --stack names',
} as const;

/** The command of a command line, by its name: `keyun --stack X timetable list` asks for `timetable`. */
export const commandOf = (words: readonly string[]): string => {
  const [first = '', second, ...rest] = words;
  if (first === '--stack') return commandOf(rest);
  return first.startsWith('--stack=') ? commandOf(second === undefined ? [] : [second, ...rest]) : first;
};

/**
 * Sets the variables of the functions, with which a command works: those of the stacks that `--stack` or `KEYUN_STACK`
 * names, and then none of the shell's own; or the shell's own, if they name tables; or those of the local run.
 */
export const chooseEnvironment = async (command: Command): Promise<void> => {
  const { stack } = command.optsWithGlobals<{ stack?: string }>();
  const [name, whole] = namesOf(command);
  const system = systems[whole] ?? systems[name];
  if (system === 'none') {
    // The environment may name a stack for the other commands; who writes one here expects an effect.
    if (command.getOptionValueSourceWithGlobals('stack') === 'cli')
      throw new CommandFailure(refusalOf(name, system));
    return;
  }
  if (stack) {
    if (system) throw new CommandFailure(refusalOf(name, system));
    const { readStackEnvironment } = await import('./stack/read-stacks.ts');
    process.env['KEYUN_STACK'] = stack;
    const found = await readStackEnvironment(stack);
    for (const variable of [...variableNames, ...Object.keys(process.env).filter(isSecretId)])
      Reflect.deleteProperty(process.env, variable);
    Object.assign(process.env, found);
  } else if (system !== 'own' && process.env['TIMETABLE_TABLE'] === undefined) {
    Object.assign(process.env, readEnvironment(dataDirectory()));
  }
};

/** Whether the command works on a deployment that `--stack` names; the local run otherwise. */
export const usesStack = (): boolean => Boolean(process.env['KEYUN_STACK']);

const isSecretId = (variable: string): boolean => variable.endsWith('_SECRET_ID');

/** The name of the command below `keyun`, and that name with those of its own commands. */
const namesOf = (command: Command): [string, string] => {
  const names: string[] = [];
  for (let each = command; each.parent; each = each.parent) names.unshift(each.name());
  return [names[0] ?? '', names.join(' ')];
};

const refusalOf = (name: string, system: keyof typeof whyNot): string =>
  `${name} ${whyNot[system]}: leave --stack away${system === 'none' ? '' : ', and unset KEYUN_STACK'}`;
