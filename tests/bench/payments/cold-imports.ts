import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { bundleFunctions } from '../../../infra/bundle.ts';
import { median } from './paired.ts';

export type ColdImport = { entry: string; kilobytes: number; milliseconds: number };

/** It answers with nothing of ours: the floor of what a function of the API can take. */
const smallest = 'api/about/health';

const measured = `
  const began = performance.now();
  await import(process.argv[1]);
  process.stdout.write(String(performance.now() - began), () => process.exit(0));
`;

const importOnce = async (file: string): Promise<number> => {
  const given = ['--input-type=module', '--eval', measured, pathToFileURL(file).href];
  const env = { AWS_REGION: 'us-east-1', POWERTOOLS_LOG_LEVEL: 'SILENT' };
  const { stdout } = await promisify(execFile)(process.execPath, given, { env });
  return Number(stdout);
};

/**
 * The size of each callback's bundle, and the time of its import in a process that has just started: the median of so many, taken
 * in turn, so that the load of the machine meets all of them.
 */
export const measureColdImports = async (times: number): Promise<ColdImport[]> => {
  const output = mkdtempSync(join(tmpdir(), 'keyun-bundles-'));
  try {
    const bundles = (await bundleFunctions(output)).filter(
      ({ entry }) => entry === smallest || entry.startsWith('payment-callbacks/'),
    );
    const seen = new Map(bundles.map(({ entry }) => [entry, [] as number[]]));
    for (let round = 0; round < times; round += 1)
      for (const { entry, directory } of bundles)
        seen.get(entry)?.push(await importOnce(join(directory, 'index.mjs')));
    return bundles.map(({ entry, bytes }) => ({
      entry,
      kilobytes: bytes / 1024,
      milliseconds: median(seen.get(entry) ?? []),
    }));
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
};
