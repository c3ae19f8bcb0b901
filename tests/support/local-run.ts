import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoints } from '../../infra/local/run/data-dir.ts';
import { projectRoot } from '../../infra/local/run/paths.ts';
import { freePort } from '../../infra/local/run/ports.ts';

const listeners = ['API', 'SIGN_IN', 'INBOX', 'CASHIER', 'DYNAMODB', 'QUEUES', 'AWS'];

export type LocalRun = {
  endpoints: Endpoints;
  dataDir: string;
  /** It has died, or been stopped. */
  hasEnded(): boolean;
  /** As if the machine lost power; `restart` goes on with the same data, at a later time if one is given. */
  kill(): Promise<void>;
  restart(at?: Date): Promise<void>;
  stop(): Promise<void>;
};

/**
 * The whole system as `npm start` runs it, as a process of its own on free ports and with data of its own. Its clock begins at
 * the machine's time, or at a later one.
 */
export const startLocalRun = async (
  environment: Record<string, string> = {},
  begins?: Date,
): Promise<LocalRun> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'keyun-test-'));
  const file = join(dataDir, 'endpoints.json');
  const ports = await Promise.all(
    listeners.map(async (name) => [`KEYUN_${name}_PORT`, String(await freePort())]),
  );
  let child: ChildProcess;

  const start = async (at?: Date): Promise<Endpoints> => {
    rmSync(file, { force: true });
    if (at) writeFileSync(join(dataDir, 'clock.json'), JSON.stringify({ scaled: at.getTime() }));
    child = spawn(process.execPath, ['cli/keyun.ts', 'start'], {
      cwd: projectRoot,
      env: {
        ...process.env,
        ...(Object.fromEntries(ports) as object),
        KEYUN_DATA_DIR: dataDir,
        ...environment,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr?.on('data', (chunk) => (errors += String(chunk)));
    while (!existsSync(file)) {
      if (child.exitCode !== null) throw new Error(errors);
      await sleep(50);
    }
    return JSON.parse(readFileSync(file, 'utf8')) as Endpoints;
  };

  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  };

  return {
    endpoints: await start(begins),
    dataDir,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    kill: () => end('SIGKILL'),
    restart: async (at) => void (await start(at)),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) await end('SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
