import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Subject } from './model.ts';
import { readAssembly } from './read-assembly.ts';

const root = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

export type Context = Readonly<Record<string, string>>;

/** The app refused to synthesize; the message is what it said. */
export class SynthesisFailure extends Error {
  override name = 'SynthesisFailure';
}

/** What a stage must be told and what no check depends on. A caller’s own values win. */
const standIns: Context = { mailFrom: 'tickets@keyun.example', operatorEmail: 'operators@keyun.example' };

/**
 * Synthesizes a deployment into a folder that is removed again, and reads it. Without an account. CDK's own check of the syntax
 * is left out: these checks know more, and it takes half of the time.
 */
export const synthesizeSubject = async (context: Context): Promise<Subject> => {
  const folder = await mkdtemp(join(tmpdir(), 'keyun-check-'));
  try {
    await run(process.execPath, ['infra/app.ts'], {
      cwd: root,
      env: {
        ...process.env,
        CDK_OUTDIR: folder,
        CDK_CONTEXT_JSON: JSON.stringify({ ...standIns, ...context }),
        CDK_VALIDATION: 'false',
      },
    }).catch((error: { stderr?: string; message?: string }) => {
      throw new SynthesisFailure((error.stderr || error.message || String(error)).trim());
    });
    return await readAssembly(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** A deployment with its settings, and without any: as the record of a release knows it. */
export type SubjectPair = { subject: Subject; plain: Subject };

/** One synthesis after the other, since each uses every core; without settings, one is enough. */
export const synthesizePair = async (context: Context): Promise<SubjectPair> => {
  const subject = await synthesizeSubject(context);
  const { stage, carrier } = subject;
  const hasSettings = Object.keys(context).some((name) => name !== 'stage' && name !== 'carrier');
  return { subject, plain: hasSettings ? await synthesizeSubject({ stage, carrier }) : subject };
};
