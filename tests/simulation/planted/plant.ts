import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../../infra/local/run/paths.ts';
import type { Edit, PlantedFault } from './model.ts';

const files = ['package.json', 'cdk.json', 'jest.config.ts'];
const folders = ['shared', 'functions', 'infra', 'carriers', 'cli', 'tests'];

/** A copy of what a simulation needs of this checkout, in which faults can be planted one after the other. */
export const makeGarden = () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyun-planted-'));
  for (const path of [...files, ...folders])
    cpSync(join(projectRoot, path), join(folder, path), { recursive: true });
  cpSync(join(projectRoot, 'cdk.out'), join(folder, 'cdk.out'), {
    recursive: true,
    filter: (path) => path.endsWith('cdk.out') || /(?:\.template|manifest)\.json$/.test(path),
  });
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  const edit = (name: string, { file, code, becomes }: Edit): (() => void) => {
    const path = join(folder, file);
    const sound = readFileSync(path, 'utf8');
    const found = sound.split(code).length - 1;
    if (found !== 1)
      throw new Error(`"${name}": its code occurs ${found} times in ${file}: bring it up to date`);
    writeFileSync(
      path,
      sound.replace(code, () => becomes),
    );
    return () => writeFileSync(path, sound);
  };
  return {
    folder,
    /** Plants a fault, and returns what takes it out again. Throws when the code it replaces is not there once. */
    plant: (fault: PlantedFault): (() => void) => {
      const undo = [fault, ...(fault.also ?? [])].map((each) => edit(fault.name, each));
      return () => {
        for (const each of undo.toReversed()) each();
      };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
