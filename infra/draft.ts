import type { Plugin } from 'esbuild';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiRoute } from './constructs/booking-api.ts';

// Lets the app synthesize while files are still being written. Goes away with the last of them.

/** Code that fails, for an entry file that does not exist yet. */
export const unwritten = (output: string, entry: string): string => {
  process.stderr.write(`not written yet: functions/${entry}.ts\n`);
  const directory = join(output, entry);
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(directory, 'index.mjs'),
    `export const handler = async () => { throw new Error('not written yet: ${entry}'); };\n`,
  );
  return directory;
};

/** Imports of our own files that do not exist yet fail when the function is loaded, not when it is built. */
export const unwrittenImports: Plugin = {
  name: 'unwritten-imports',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir }) => {
      if (existsSync(join(resolveDir, path))) return undefined;
      process.stderr.write(`not written yet: ${join(resolveDir, path)}\n`);
      return { path, external: true };
    }),
};

const routesFile = './../functions/routes.ts';

export const draftRoutes = async (): Promise<ApiRoute[]> => {
  if (!existsSync(join(import.meta.dirname, routesFile))) return [];
  const { routes } = (await import(routesFile)) as { routes: Record<string, ApiRoute> };
  return Object.values(routes);
};
