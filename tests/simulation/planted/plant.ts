import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../../infra/local/paths.ts';
import type { PlantedFault } from './faults.ts';

const copied = [
  'package.json',
  'shared',
  'functions/middleware',
  'infra/local',
  'tests/support',
  'tests/simulation',
];

/** A copy of what a simulation needs of this checkout, in which faults can be planted one after the other. */
export const makeGarden = () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyun-planted-'));
  for (const path of copied) cpSync(join(projectRoot, path), join(folder, path), { recursive: true });
  cpSync(join(projectRoot, 'cdk.out'), join(folder, 'cdk.out'), {
    recursive: true,
    filter: (path) => path.endsWith('cdk.out') || path.endsWith('.template.json'),
  });
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    /** Plants a fault, and returns what takes it out again. Throws when the code it replaces is not there once. */
    plant: ({ name, file, code, becomes }: PlantedFault): (() => void) => {
      const path = join(folder, file);
      const sound = readFileSync(path, 'utf8');
      const found = sound.split(code).length - 1;
      if (found !== 1)
        throw new Error(`"${name}": its code stands ${found} times in ${file}: bring it up to date`);
      writeFileSync(
        path,
        sound.replace(code, () => becomes),
      );
      return () => writeFileSync(path, sound);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
