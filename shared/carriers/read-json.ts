import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from './faults.ts';

/** Parses a file of the folder. If it is not JSON, that is its only fault. */
export const jsonOf = (folder: string, file: string): { json: unknown } | { faults: Fault[] } => {
  try {
    return { json: JSON.parse(readFileSync(join(folder, file), 'utf8').replace(/^\u{FEFF}/u, '')) };
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = isAbsent ? 'is missing' : `is not JSON: ${(error as Error).message}`;
    return { faults: [{ file, path: '', message }] };
  }
};
