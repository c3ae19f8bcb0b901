import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as z from 'zod';
import { readJson, writeJson } from './local-files.ts';
import { chosenCarrier, projectRoot, templatesFolder } from './paths.ts';
import { LocalRunError } from './ports.ts';
import { spawnTethered } from './tethered-process.ts';

/** The sources of bundles and templates. The local run itself is not in them. */
const sources = ['functions', 'shared', 'infra', 'carriers', 'cdk.json', 'package-lock.json'];
const notSources = join('infra', 'local');

const stampFile = join(templatesFolder, 'keyun-sources.json');
const stampSchema = z.object({ sources: z.string() });

/**
 * The context for the app, in the form of CDK's command line. This machine has its own limit of functions at once, so its
 * triggers need not collect as in a small account. Nothing stands before its API.
 */
const context = { carrier: chosenCarrier, concurrency: 1000, front: 'off' };

/** The app's exit code if it cannot use the carrier or another setting (infra/app.ts). Its output says why. */
const refusedCode = 2;

/** Bundles the functions and synthesizes the template, unless nothing has changed since the last time. */
export const buildWhenStale = async (say: (line: string) => void): Promise<void> => {
  const current = stampOf(sources.flatMap((name) => filesOf(join(projectRoot, name))));
  const last = stampSchema.safeParse(readJson(stampFile));
  if (last.success && last.data.sources === current && existsSync(join(templatesFolder, 'manifest.json')))
    return;
  say('building the functions and the template …');
  const env = { ...process.env, CDK_OUTDIR: templatesFolder, CDK_CONTEXT_JSON: JSON.stringify(context) };
  const app = spawnTethered(process.execPath, ['infra/app.ts'], { cwd: projectRoot, env });
  const { code, output } = await app.exited;
  if (code === refusedCode) throw new LocalRunError(output.trim());
  if (code !== 0)
    throw new LocalRunError(`the synthesis of the template failed:\n${output || `code ${code}`}`);
  writeJson(stampFile, { sources: current });
};

const filesOf = (path: string): string[] => {
  if (relative(projectRoot, path) === notSources) return [];
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return [];
  if (!found.isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
};

const stampOf = (files: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const file of files) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${relative(projectRoot, file)} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
};
