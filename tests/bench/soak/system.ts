import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readEndpoints, type Endpoints } from '../../../infra/local/run/data-dir.ts';
import { projectRoot } from '../../../infra/local/run/paths.ts';
import { freePort } from '../../../infra/local/run/ports.ts';

export type Usage = {
  memoryMegabytes: number;
  emulatorMegabytes: number;
  processorSeconds: number;
  diskMegabytes: number;
};

export type System = {
  endpoints: Endpoints;
  dataDir: string;
  /** By itself: it says how. */
  hasEnded(): boolean;
  usage(): Usage;
  stop(): Promise<void>;
};

const listeners = ['API', 'SIGN_IN', 'INBOX', 'CASHIER', 'DYNAMODB', 'QUEUES', 'AWS'];
/** It may have to build first. */
const startMillisecondsMax = 10 * 60_000;

/** What `npm start` runs, as a process of its own, so that its memory is not the buyers'. */
export const startSystem = async (): Promise<System> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'keyun-soak-'));
  const ports = await Promise.all(
    listeners.map(async (name) => [`KEYUN_${name}_PORT`, String(await freePort())] as const),
  );
  const child = spawn(process.execPath, ['cli/keyun.ts', 'start'], {
    cwd: projectRoot,
    env: { ...process.env, ...Object.fromEntries(ports), KEYUN_DATA_DIR: dataDir },
    // By the channel it knows when we are gone, however that comes.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  let isStopping = false;
  child.once('exit', (code, signal) => {
    if (!isStopping) process.stderr.write(`the local run has ended by itself: ${signal ?? `code ${code}`}\n`);
  });
  return {
    endpoints: await answering(dataDir, hasEnded),
    dataDir,
    hasEnded,
    usage: () => usageOf(child.pid ?? 0, dataDir),
    stop: async () => {
      isStopping = true;
      await ended(child, hasEnded);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

const answering = async (dataDir: string, hasEnded: () => boolean): Promise<Endpoints> => {
  const deadline = Date.now() + startMillisecondsMax;
  for (;;) {
    try {
      return readEndpoints(dataDir);
    } catch (error) {
      if (hasEnded() || Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
};

const ended = async (child: ChildProcess, hasEnded: () => boolean): Promise<void> => {
  if (hasEnded()) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exit;
};

type Process = { pid: number; parent: number; kilobytes: number; seconds: number };

/** Of the process and everything it has started. */
const usageOf = (pid: number, dataDir: string): Usage => {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,time='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line): Process => {
      const [own, parent, kilobytes, time = ''] = line.trim().split(/\s+/);
      return {
        pid: Number(own),
        parent: Number(parent),
        kilobytes: Number(kilobytes),
        seconds: secondsOf(time),
      };
    });
  const below = (id: number): Process[] =>
    all.filter(({ parent }) => parent === id).flatMap((each) => [each, ...below(each.pid)]);
  const own = all.filter((each) => each.pid === pid);
  const others = below(pid);
  const megabytes = (processes: readonly Process[]) =>
    sum(processes.map(({ kilobytes }) => kilobytes)) / 1024;
  return {
    memoryMegabytes: megabytes(own),
    emulatorMegabytes: megabytes(others),
    processorSeconds: sum([...own, ...others].map(({ seconds }) => seconds)),
    diskMegabytes: bytesBelow(dataDir) / 1024 / 1024,
  };
};

/** `[days-]hours:minutes:seconds`, the hours left out by some. */
const secondsOf = (time: string): number => {
  const [clock = '', days = '0'] = time.split('-').toReversed();
  return clock.split(':').reduce((total, part) => total * 60 + Number(part), 0) + Number(days) * 86_400;
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

const bytesBelow = (folder: string): number =>
  sum(
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(
      (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0,
    ),
  );
