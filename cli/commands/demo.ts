import type { Command } from 'commander';

export const register = (program: Command): void => {
  program
    .command('demo')
    .description('show a sale from search to ticket, and check every step')
    .action(async () => {
      const { runDemo } = await import('../demo/run-demo.ts');
      process.exit(await runDemo());
    });
};
