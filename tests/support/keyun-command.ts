import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Instant } from '../../shared/platform/time.ts';
import type { TestTables } from './dynamo.ts';
import { tableEnvironment } from './table-environment.ts';

export type Ended = { code: number; out: string; err: string };

const program = join(import.meta.dirname, '../../cli/keyun.ts');

/** A command as one types it, in a process of its own, with these variables and without a terminal. */
export const keyunIn = (env: NodeJS.ProcessEnv, ...words: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [program, ...words], { env, maxBuffer: 2 ** 28 }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });

type World = { tables: TestTables; time: { now: Instant } };

/** The same on the tables of a world, at its time; `first` are the first words of each. No provider has keys there. */
export const keyunOn =
  (world: () => World, ...first: string[]) =>
  (...words: string[]): Promise<Ended> =>
    keyunIn(tableEnvironment(world().tables, world().time.now), ...first, ...words);
