import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** No settings of this machine, and no address outside of it. */
const anonymous = {
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};

export const inRegion = { ...anonymous, AWS_REGION: 'eu-central-1' };
export const withKey = (key: string) => ({
  ...inRegion,
  AWS_ACCESS_KEY_ID: key,
  AWS_SECRET_ACCESS_KEY: 'secret',
});

export type Ran = { code: number | null; stdout: string; stderr: string };

/** A command as a person types it, in a process of its own without a terminal. */
export const runCommand = async (args: string, env: Readonly<Record<string, string>>): Promise<Ran> => {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:AWS|npm)_/.test(name));
  const child = spawn(process.execPath, ['cli/keyun.ts', ...args.split(' ')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // CDK’s own check of the templates’ syntax takes half of a synthesis; other tests do it.
    env: { ...Object.fromEntries(own), ...anonymous, CDK_VALIDATION: 'false', ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
};
