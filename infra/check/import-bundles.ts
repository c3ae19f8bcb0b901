import { fork } from 'node:child_process';
import { basename, join } from 'node:path';
import type { ImportedBundle } from './model.ts';

export type BundleToImport = {
  folder: string;
  /** `index.handler`: the file without its ending, and the name that it exports. */
  handler: string;
  environment: Record<string, string>;
};

const importer = join(import.meta.dirname, 'bundle-importer.js');
const secondsMax = 120;

/**
 * Imports each bundle as Lambda does at a cold start, in a child process without a network and with the environment of its
 * function alone. The answers stand in the order of the bundles. A bundle that ends the process has an answer too, and the
 * others are imported in another process.
 */
export const importBundles = async (bundles: readonly BundleToImport[]): Promise<ImportedBundle[]> => {
  const isNew = (bundle: BundleToImport): boolean => !known.has(keyOf(bundle));
  const unknown = bundles.filter(isNew);
  for (const [index, answer] of (await importAll(unknown)).entries()) {
    const bundle = unknown[index];
    if (bundle) known.set(keyOf(bundle), answer);
  }
  return bundles.map((bundle) => known.get(keyOf(bundle)) ?? { node: '', failure: 'it was not imported' });
};

/** Answers of this process: deployments of several stages and carriers share most bundles. */
const known = new Map<string, ImportedBundle>();

/** CDK names the folder by its content. */
const keyOf = ({ folder, handler, environment }: BundleToImport): string =>
  [basename(folder), handler, ...Object.keys(environment).sort()].join(' ');

const importAll = async (bundles: readonly BundleToImport[]): Promise<ImportedBundle[]> => {
  const answers: ImportedBundle[] = [];
  while (answers.length < bundles.length) {
    const { heard, said } = await importUntilItEnds(bundles.slice(answers.length));
    answers.push(...heard);
    if (answers.length < bundles.length)
      answers.push({ node: '', failure: `it ends the process while it is loaded: ${said}` });
  }
  return answers;
};

const importUntilItEnds = (
  bundles: readonly BundleToImport[],
): Promise<{ heard: ImportedBundle[]; said: string }> =>
  new Promise((resolve, reject) => {
    const child = fork(importer, { env: {}, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), secondsMax * 1000);
    const heard: ImportedBundle[] = [];
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('message', (answer) => heard.push(answer as ImportedBundle));
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      resolve({ heard, said: said.trim().split('\n').at(-1) ?? '' });
    });
    child.send(bundles);
  });
