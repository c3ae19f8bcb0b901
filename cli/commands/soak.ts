import type { Command } from 'commander';

export const register = (program: Command): void => {
  program
    .command('soak')
    .description('buy again and again from a local run of its own, and show how memory and disk grow')
    .option('--purchases <number>', 'no more than so many', '256')
    .option('--at-once <number>', 'buyers at once', '8')
    .option('--minutes <number>', 'begin no purchase after', '60')
    .option('--sample-seconds <number>', 'between two lines', '60')
    .action(async (options: Record<'purchases' | 'atOnce' | 'minutes' | 'sampleSeconds', string>) => {
      const { headLine, isProperEnd, runSoak } = await import('../bench/soak.ts');
      const print = (line: string) => void process.stdout.write(`${line}\n`);
      print(headLine);
      const report = await runSoak(
        {
          purchases: Number(options.purchases),
          atOnce: Number(options.atOnce),
          minutes: Number(options.minutes),
          sampleSeconds: Number(options.sampleSeconds),
          idleSeconds: 20,
        },
        print,
      );
      for (const [end, count] of Object.entries(report.ends)) print(`${String(count).padStart(6)} ${end}`);
      print(`the slowest purchase took ${report.slowestSeconds.toFixed(1)} s`);
      // So that a script learns of it too: something ended as neither a ticket nor a clear refusal.
      if (!Object.keys(report.ends).every(isProperEnd) || report.hasEnded) process.exitCode = 1;
      print(`idle, it uses ${(100 * report.idleProcessorShare).toFixed(0)} % of a processor`);
    });
};
