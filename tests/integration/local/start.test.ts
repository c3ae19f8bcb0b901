import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoints } from '../../../infra/local/run/data-dir.ts';
import { projectRoot } from '../../../infra/local/run/paths.ts';
import { freePort } from '../../../infra/local/run/ports.ts';
import { temporaryFolder } from './temporary.ts';

// The first start may have to bundle and synthesize.
jest.setTimeout(120_000);

const dataDir = temporaryFolder();
const endpointsFile = join(dataDir, 'endpoints.json');
const variables = ['API', 'SIGN_IN', 'INBOX', 'CASHIER', 'DYNAMODB', 'QUEUES', 'AWS'];
let ports: Record<string, string>;
const started: Started[] = [];

beforeAll(async () => {
  const pairs = await Promise.all(
    variables.map(async (name) => [`KEYUN_${name}_PORT`, String(await freePort())]),
  );
  ports = Object.fromEntries(pairs) as Record<string, string>;
});
afterAll(() => {
  for (const { child } of started) child.kill('SIGKILL');
});

type Started = { child: ChildProcess; ended: Promise<number | null>; errors(): string };

const start = (environment: Record<string, string> = {}): Started => {
  const child = spawn(process.execPath, ['cli/keyun.ts', 'start', '--no-demo-feed'], {
    cwd: projectRoot,
    env: { ...process.env, ...ports, KEYUN_DATA_DIR: dataDir, ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let text = '';
  child.stderr?.on('data', (chunk) => (text += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const one = { child, ended, errors: () => text };
  started.push(one);
  return one;
};

const answering = async ({ errors, child }: Started): Promise<Endpoints> => {
  while (!existsSync(endpointsFile)) {
    if (child.exitCode !== null) throw new Error(errors());
    await sleep(50);
  }
  return JSON.parse(readFileSync(endpointsFile, 'utf8')) as Endpoints;
};

const isGone = async (url: string): Promise<boolean> => {
  for (let attempt = 0; attempt < 60; attempt += 1) {
    try {
      await fetch(url);
    } catch {
      return true;
    }
    await sleep(50);
  }
  return false;
};

it('a start answers; others on its data or its ports are told so in one line', async () => {
  const first = start();
  const endpoints = await answering(first);
  expect((await fetch(`${endpoints.api}/v1/health`)).status).toBe(200);

  const sameData = start();
  expect(await sameData.ended).toBe(1);
  expect(sameData.errors().trim()).toMatch(/^keyun: a local run uses .*KEYUN_DATA_DIR to another folder$/);

  const samePorts = start({ KEYUN_DATA_DIR: temporaryFolder() });
  expect(await samePorts.ended).toBe(1);
  expect(samePorts.errors().trim()).toMatch(/^keyun: port \d+ \(the API\) is in use: .*KEYUN_API_PORT/);

  first.child.kill('SIGKILL');
  expect(await isGone(endpoints.dynamodb)).toBe(true);
});

it('one that follows a kill starts on the same data, and ends when it is told to', async () => {
  // What the killed one has left says nothing of this one.
  rmSync(endpointsFile);
  const again = start();
  const { dynamodb } = await answering(again);
  again.child.kill('SIGTERM');
  expect(await again.ended).toBe(0);
  expect(existsSync(endpointsFile)).toBe(false);
  expect(await isGone(dynamodb)).toBe(true);
});

it('ends when whoever started it is gone', async () => {
  const orphan = start();
  const { dynamodb } = await answering(orphan);
  orphan.child.disconnect();
  await orphan.ended;
  expect(await isGone(dynamodb)).toBe(true);
});
