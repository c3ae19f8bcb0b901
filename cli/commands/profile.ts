import type { Command } from 'commander';
import { dirname, join } from 'node:path';
import { checkFile } from '../../shared/carriers/check-file.ts';
import { faultText } from '../../shared/carriers/faults.ts';
import { print } from '../run-command.ts';

export const register = (program: Command): void => {
  program
    .command('profile')
    .description('the files of a carrier, one by one')
    .command('check')
    .description('find every fault of a profile, or of the rules for what comes after the sale')
    .argument('<file>', 'a file such as carriers/eu-coach/after-sale.json')
    .action((file: string) => {
      const faults = checkFile(file);
      if (faults.length === 0) return print(`${file} is sound`);
      for (const fault of faults)
        process.stderr.write(`${faultText({ ...fault, file: join(dirname(file), fault.file) })}\n`);
      process.exitCode = 1;
    });
};
