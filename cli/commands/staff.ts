import { InvalidArgumentError, type Command } from 'commander';
import { addMember, listMembers, removeMember } from '../staff/members.ts';
import { openUserPool, type UserPool } from '../staff/user-pool.ts';
import { print, printJson, reportFailure } from '../run-command.ts';

type Flags = { group: string; resend?: boolean; json?: boolean };

const address = (text: string): string => {
  if (!/^[^\s@]+@[^\s@]+$/.test(text)) throw new InvalidArgumentError('must be an e-mail address');
  return text;
};

export const register = (program: Command): void => {
  const staff = program.command('staff').description('the people who may do what passengers may not');
  staff
    .command('add')
    .description('make somebody a member of a group; a new user gets a mail with a first password')
    .argument('<email>', 'the address with which they sign in', address)
    .requiredOption('--group <group>', 'operators or gates')
    .option('--resend', 'mail a new first password, if they have not used theirs')
    .option('--json', 'print the result as JSON')
    .action((email: string, flags: Flags) => withUsers((pool) => add(pool, email, flags)));
  staff
    .command('list')
    .description('list the members of all groups')
    .option('--group <group>', 'of this group alone')
    .option('--json', 'print the list as JSON')
    .action((flags: Partial<Flags>) => withUsers((pool) => list(pool, flags)));
  staff
    .command('remove')
    .description('take somebody out of a group, or out of all; the account stays')
    .argument('<email>', 'the address with which they sign in', address)
    .option('--group <group>', 'out of this group alone')
    .option('--json', 'print the result as JSON')
    .action((email: string, flags: Partial<Flags>) => withUsers((pool) => remove(pool, email, flags)));
};

const withUsers = async (work: (pool: UserPool) => Promise<void>): Promise<void> => {
  let pool: UserPool | undefined;
  try {
    pool = openUserPool();
    await work(pool);
  } catch (error) {
    reportFailure(error);
  } finally {
    pool?.close();
  }
};

const add = async (pool: UserPool, email: string, { group, resend = false, json }: Flags): Promise<void> => {
  const user = await addMember(pool, email, { group, resend });
  if (json) return printJson({ email, group, user });
  const lines = {
    invited: `${email} is in ${group}; a mail with a first password is on its way, valid for three days`,
    'invited-again': `${email} is in ${group}; a mail with another first password is on its way`,
    known: `${email} is in ${group}, from the next sign-in on; they have an account already`,
  };
  return print(lines[user]);
};

const list = async (pool: UserPool, { group, json }: Partial<Flags>): Promise<void> => {
  const members = await listMembers(pool, group);
  if (json) return printJson({ members });
  for (const { email, groups, state } of members)
    print(`${email}  ${groups.join(', ')}${state === 'active' ? '' : `  ${state}`}`);
  if (members.length === 0) print(`Nobody is in ${group ?? 'a group'}: run keyun staff add`);
  return undefined;
};

const remove = async (pool: UserPool, email: string, { group, json }: Partial<Flags>): Promise<void> => {
  const left = await removeMember(pool, email, group);
  if (json) return printJson({ email, left });
  return print(
    left.length === 0
      ? `${email} is not in ${group ?? 'any group'}`
      : `${email} is no longer in ${left.join(' or ')}; a sign-in of theirs still counts for up to an hour`,
  );
};
