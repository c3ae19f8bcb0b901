import { InvalidArgumentError, Option, type Command } from 'commander';

const address = (text: string): string => {
  if (!/^[^\s@]+@[^\s@]+$/.test(text)) throw new InvalidArgumentError('must be an e-mail address');
  return text;
};

type Group = 'operators' | 'gates';

export const register = (program: Command): void => {
  program
    .command('token')
    .description('print an access token for an e-mail address (local run only)')
    .argument('<email>', 'the same address is always the same user', address)
    .addOption(
      new Option(
        '--group <group>',
        'make the user a member of this group, whatever keyun staff says',
      ).choices(['operators', 'gates']),
    )
    .action(async (email: string, { group }: { group?: Group }) => {
      const { dataDirectory, readEndpoints } = await import('../../infra/local/run/data-dir.ts');
      const { tokenFor } = await import('../../infra/local/identity/issue-tokens.ts');
      const { poolGroupsOf } = await import('../../infra/local/identity/pool-users.ts');
      const dataDir = dataDirectory();
      const { signIn, clientId } = readEndpoints(dataDir);
      const groups = group ? [group] : poolGroupsOf(dataDir, email);
      process.stdout.write(`${await tokenFor(dataDir, { issuer: signIn, clientId, email, groups })}\n`);
    });
};
