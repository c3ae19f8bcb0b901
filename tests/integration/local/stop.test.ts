import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signIn, type Journey } from '../../../cli/demo/client.ts';
import { passenger } from '../../../cli/demo/passengers.ts';
import type { Endpoints } from '../../../infra/local/run/data-dir.ts';
import { projectRoot } from '../../../infra/local/run/paths.ts';
import { freePort } from '../../../infra/local/run/ports.ts';
import { temporaryFolder } from './temporary.ts';

// Each starts the whole system; the first may have to build it.
jest.setTimeout(240_000);

/** However it ends, and whatever it was doing, after so long nothing is left. */
const goneMillisecondsMax = 7000;

const listeners = ['API', 'SIGN_IN', 'INBOX', 'CASHIER', 'DYNAMODB', 'QUEUES', 'AWS'];

type System = { npm: ChildProcess; dataDir: string; ports: number[]; endpoints: Endpoints };

/** What npm starts, at the head of a group of its own, as a terminal has it. */
const start = async (): Promise<System> => {
  const dataDir = temporaryFolder();
  const ports = await Promise.all(listeners.map(() => freePort()));
  const npm = spawn(process.execPath, ['cli/bootstrap.js', 'start'], {
    cwd: projectRoot,
    detached: true,
    env: {
      ...process.env,
      ...Object.fromEntries(listeners.map((name, index) => [`KEYUN_${name}_PORT`, String(ports[index])])),
      KEYUN_DATA_DIR: dataDir,
    },
    stdio: 'ignore',
  });
  const file = join(dataDir, 'endpoints.json');
  while (!existsSync(file)) {
    if (npm.exitCode !== null) throw new Error('it does not start');
    await sleep(50);
  }
  return { npm, dataDir, ports, endpoints: JSON.parse(readFileSync(file, 'utf8')) as Endpoints };
};

/** Every process that was started with this data folder, whoever started it. */
const processesOf = (dataDir: string): { pid: number; program: string }[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const isOurs = readFileSync(`/proc/${name}/environ`, 'utf8').includes(`KEYUN_DATA_DIR=${dataDir}\0`);
        const program = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return isOurs && program !== '' ? [{ pid: Number(name), program }] : [];
      } catch {
        return [];
      }
    });

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    // A queue that is full does not even refuse.
    const hangs = setTimeout(() => resolve(true), 500);
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('close', () => clearTimeout(hangs));
    socket.on('connect', () => socket.destroy());
  });

/** What is still there. */
const left = async ({ dataDir, ports }: System): Promise<string[]> => [
  ...processesOf(dataDir).map(({ pid, program }) => `${pid} ${program}`),
  ...(await Promise.all(ports.map(async (port) => ((await isOpen(port)) ? [`port ${port}`] : [])))).flat(),
];

/** Many people who search and buy as fast as they can, until nobody answers. */
const rush = async ({ endpoints, dataDir }: System, people: number): Promise<void> => {
  const date = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  const person = async (n: number): Promise<void> => {
    const buyer = await signIn(endpoints, dataDir, `rush-${n}@example.com`);
    for (;;) {
      const { body } = await buyer.get<{ journeys?: Journey[] }>(`/v1/journeys?from=VNP&to=AOH&date=${date}`);
      const journey = body.journeys?.[n % body.journeys.length];
      if (!journey) continue;
      const wish = { runId: journey.runId, from: 'VNP', to: 'AOH', class: 'first' };
      await buyer.placeOrder({ ...wish, passengers: [passenger(n)] });
    }
  };
  await Promise.all(Array.from({ length: people }, (_, n) => person(n).catch(() => undefined)));
};

const pidOf = ({ dataDir }: System, name: string): number =>
  processesOf(dataDir).find(({ program }) => program.split(' ').some((part) => part.endsWith(name)))?.pid ??
  0;
const group = ({ npm }: System): number => -(npm.pid ?? 0);

it.each<[string, (system: System) => void]>([
  ['SIGTERM', ({ npm }) => npm.kill('SIGTERM')],
  ['Ctrl-C', (system) => process.kill(group(system), 'SIGINT')],
  ['a closed terminal', (system) => process.kill(group(system), 'SIGHUP')],
  ['the death of whoever started it', ({ npm }) => npm.kill('SIGKILL')],
  [
    'SIGTERM while the emulator hangs',
    (system) => {
      const emulator = processesOf(system.dataDir).filter(({ program }) =>
        /^\S*dynoxide serve/.test(program),
      );
      expect(emulator).toHaveLength(1);
      process.kill(emulator[0]!.pid, 'SIGSTOP');
      system.npm.kill('SIGTERM');
    },
  ],
  ['its own death', (system) => process.kill(pidOf(system, 'cli/keyun.ts'), 'SIGKILL')],
])('%s in the middle of a rush leaves no process and no open port', async (_, end) => {
  const system = await start();
  const rushing = rush(system, 48);
  await sleep(2000);
  end(system);
  const deadline = Date.now() + goneMillisecondsMax;
  let there = await left(system);
  expect(there).not.toEqual([]);
  while (there.length > 0 && Date.now() < deadline) {
    await sleep(100);
    there = await left(system);
  }
  for (const { pid } of processesOf(system.dataDir)) process.kill(pid, 'SIGKILL');
  expect(there).toEqual([]);
  await rushing;
});
