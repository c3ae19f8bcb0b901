import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * The bootstrap in a clone of its own, with an npm that only notes that it was called and takes half a second. What
 * it starts is a small program that says what it was given.
 */
const cli = join(import.meta.dirname, '../../../cli');

const npm = `
const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
console.log('npm says something');
const calls = readFileSync('npm-calls', 'utf8').trim().split('\\n').length;
if (calls <= Number(process.env.NPM_FAILS ?? 0)) process.exit(7);
setTimeout(() => {
  mkdirSync('node_modules', { recursive: true });
  writeFileSync('node_modules/.package-lock.json', '{}');
}, 500);
`;

const keyun = `
process.on('disconnect', () => process.exit(3));
process.channel?.unref();
process.on('SIGTERM', () => process.exit(9));
if (process.argv[2] === 'stay') setInterval(() => undefined, 1000);
if (process.argv[2] === 'fail') process.exitCode = 5;
console.log(JSON.stringify({ args: process.argv.slice(2), pid: process.pid }));
`;

let clone: string;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'keyun-bootstrap-'));
  mkdirSync(join(clone, 'cli'));
  for (const file of ['bootstrap.js', 'install-packages.js', 'run-under-node-24.js']) {
    copyFileSync(join(cli, file), join(clone, 'cli', file));
  }
  writeFileSync(join(clone, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(clone, 'package-lock.json'), '{}');
  writeFileSync(join(clone, 'npm.cjs'), npm);
  writeFileSync(join(clone, 'cli/keyun.ts'), keyun);
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

const start = (args: string[], env: Record<string, string> = {}): ChildProcess =>
  spawn(process.execPath, ['cli/bootstrap.js', ...args], {
    cwd: clone,
    env: { ...withoutNpm(), npm_execpath: join(clone, 'npm.cjs'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** The test itself may run below npm, which must not be taken for the parent of what is tested. */
const withoutNpm = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));

const finish = async (child: ChildProcess) => {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, stdout, stderr };
};

const run = (args: string[], env?: Record<string, string>) => finish(start(args, env));
const npmCalls = () =>
  existsSync(join(clone, 'npm-calls'))
    ? readFileSync(join(clone, 'npm-calls'), 'utf8').trim().split('\n')
    : [];

/** The pid of the program below, once it runs. */
const pidBelow = async (child: ChildProcess): Promise<number> => {
  const [chunk] = (await once(child.stdout!, 'data')) as [Buffer];
  return (JSON.parse(chunk.toString()) as { pid: number }).pid;
};

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const ends = async (pid: number) => {
  for (let tries = 0; tries < 50 && isAlive(pid); tries += 1) await pause(100);
  return !isAlive(pid);
};

describe('installing', () => {
  test('happens once, from the lock file, and stdout belongs to the command alone', async () => {
    const first = await run(['orders', 'show', 'x']);
    const second = await run(['demo']);
    expect(npmCalls()).toEqual([expect.stringMatching(/^ci --include=dev --include=optional /)]);
    expect(JSON.parse(first.stdout)).toMatchObject({ args: ['orders', 'show', 'x'] });
    expect(first.stderr).toContain('npm says something');
    expect(second.stderr).toBe('');
  });

  test('two at once install once', async () => {
    const both = await Promise.all([run(['a']), run(['b'])]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(npmCalls()).toHaveLength(1);
  });

  test('a changed lock file is installed again, one that was only touched is not', async () => {
    await run(['a']);
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(clone, 'package-lock.json'), later, later);
    await run(['b']);
    expect(npmCalls()).toHaveLength(1);
    writeFileSync(join(clone, 'package-lock.json'), '{ "changed": true }');
    utimesSync(join(clone, 'package-lock.json'), later, later);
    await run(['c']);
    expect(npmCalls()).toHaveLength(2);
  });

  test('the lock of an install that died is taken over', async () => {
    mkdirSync(join(clone, '.keyun'));
    writeFileSync(join(clone, '.keyun/install.lock'), '2147483646 2147483645');
    expect((await run(['a'])).code).toBe(0);
    expect(existsSync(join(clone, '.keyun/install.lock'))).toBe(false);
  });

  test('an install that a stalled download ended is tried again', async () => {
    const { code, stderr } = await run(['a'], { NPM_FAILS: '1' });
    expect({ code, calls: npmCalls().length }).toEqual({ code: 0, calls: 2 });
    expect(stderr).toContain('keyun: npm ci ended with code 7; trying again (2 of 3)');
  });

  test('an install that fails each time ends with one clear line, and starts nothing', async () => {
    const { code, stdout, stderr } = await run(['a'], { NPM_FAILS: '9' });
    expect({ code, stdout, calls: npmCalls().length }).toEqual({ code: 1, stdout: '', calls: 3 });
    expect(stderr.trim().split('\n').at(-1)).toMatch(/^keyun: npm ci ended with code 7/);
  });

  test('a registry that cannot be reached is told in one line, without another try', async () => {
    const locked = { version: '1.0.0', resolved: 'http://127.0.0.1:1/a.tgz', integrity: 'sha512-AA==' };
    const dependencies = { a: '1.0.0' };
    writeFileSync(join(clone, 'package.json'), JSON.stringify({ type: 'module', dependencies }));
    writeFileSync(
      join(clone, 'package-lock.json'),
      JSON.stringify({ lockfileVersion: 3, packages: { '': { dependencies }, 'node_modules/a': locked } }),
    );
    const { code, stdout, stderr } = await run(['a'], {
      npm_execpath: '',
      npm_config_registry: 'http://127.0.0.1:1/',
      npm_config_cache: join(clone, 'cache'),
      npm_config_fetch_retries: '0',
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trim().split('\n')).toEqual([
      'keyun: installing packages from package-lock.json …',
      "keyun: npm cannot reach its registry (ECONNREFUSED), so nothing has started: check the network, or npm's registry and proxy settings",
    ]);
  });

  test('a Node that is too old, and a machine without npm, are told in one line each', async () => {
    const old =
      'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.0" } })';
    const tooOld = await run(['a'], {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(old)}`,
    });
    expect(tooOld).toMatchObject({ code: 1, stdout: '' });
    expect(tooOld.stderr).toMatch(
      /^keyun: Node 20 or newer is needed to begin, and this is \S+: install one from nodejs\.org\n$/,
    );
    expect(npmCalls()).toEqual([]);
    const withoutNpm = await run(['a'], { npm_execpath: '', PATH: clone });
    expect(withoutNpm).toMatchObject({ code: 1, stdout: '' });
    expect(withoutNpm.stderr).toMatch(
      /\nkeyun: cannot run npm \(.*ENOENT\): npm comes with Node, so install that anew\n$/,
    );
  });

  test('a signal ends the install for good', async () => {
    const child = start(['a']);
    const finished = finish(child);
    await once(child.stderr!, 'data');
    while (npmCalls().length === 0) await pause(20);
    child.kill('SIGTERM');
    const { code, stderr } = await finished;
    expect({ code, calls: npmCalls().length }).toEqual({ code: 1, calls: 1 });
    expect(stderr).toContain('npm ci ended with SIGTERM');
  });
});

describe('running', () => {
  beforeEach(() => {
    mkdirSync(join(clone, 'node_modules'));
    writeFileSync(join(clone, 'node_modules/.package-lock.json'), '{}');
  });

  test('ends with the code of the command', async () => {
    expect((await run(['fail'])).code).toBe(5);
  });

  test('passes a signal on', async () => {
    const child = start(['stay']);
    const finished = finish(child);
    await pidBelow(child);
    child.kill('SIGTERM');
    expect((await finished).code).toBe(9);
  });

  test('killed outright, it leaves nothing behind', async () => {
    const child = start(['stay']);
    const below = await pidBelow(child);
    child.kill('SIGKILL');
    expect(await ends(below)).toBe(true);
  });

  test('ends when the npm that started it is killed outright', async () => {
    const npmAlike = spawn('sh', ['-c', '"$0" cli/bootstrap.js stay; exit', process.execPath], {
      cwd: clone,
      env: { ...withoutNpm(), npm_lifecycle_event: 'start' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const below = await pidBelow(npmAlike);
    npmAlike.kill('SIGKILL');
    expect(await ends(below)).toBe(true);
  });
});
