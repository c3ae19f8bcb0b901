import type { Command } from 'commander';

export const register = (program: Command): void => {
  program
    .command('bench')
    .description('measure sales under load and count what a booking costs, on an emulator of its own')
    .option('--json', 'print the figures as JSON')
    .option('--seats <number>', 'seats of the train', '1000')
    .option('--seed <number>', 'which arrivals', '1')
    .action(async ({ json, seats, seed }: { json?: boolean; seats: string; seed: string }) => {
      const { fullScale, runBench } = await import('../bench/run-bench.ts');
      const { textOf } = await import('../bench/report.ts');
      const report = await runBench(
        { ...fullScale, seats: Number(seats) },
        { seed: Number(seed), say: (line) => void process.stderr.write(`${line} …\n`) },
      );
      process.stdout.write(`${json ? JSON.stringify(report, null, 2) : textOf(report)}\n`);
    });
};
