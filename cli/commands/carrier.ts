import type { Command } from 'commander';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultText } from '../../shared/carriers/faults.ts';
import { jsonSchemas } from '../../shared/carriers/json-schemas.ts';
import { readCarrier } from '../../shared/carriers/read-carrier.ts';
import { carrierFolderOf, carrierNames, carriersFolder } from '../../shared/platform/carrier-folder.ts';
import { print } from '../run-command.ts';

export const register = (program: Command): void => {
  const carrier = program.command('carrier').description('the folders of carriers');
  carrier
    .command('check')
    .description('find every fault of a carrier, or of all that are in carriers/')
    .argument('[folder]', 'a folder, or the name of one in carriers/')
    .action((folder?: string) => {
      for (const each of folder === undefined ? carrierNames() : [folder]) check(each);
    });
  carrier
    .command('schemas')
    .description('write carriers/schemas anew, by which editors complete and check the files')
    .action(() => {
      for (const [file, text] of Object.entries(jsonSchemas()))
        writeFileSync(join(carriersFolder, 'schemas', file), text);
    });
};

const check = (named: string): void => {
  const read = readCarrier(existsSync(named) ? named : carrierFolderOf(named));
  if (read.outcome === 'sound') {
    const { locales, currency, timeZone } = read.carrier;
    return print(`${named} is sound: ${currency}, ${timeZone}, ${locales.join(' and ')}`);
  }
  for (const fault of read.faults) process.stderr.write(`${named}: ${faultText(fault)}\n`);
  process.exitCode = 1;
};
