import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const majorNeeded = 24;
/** Longer than a local run takes to stop. */
const killAfterMs = 6000;

/**
 * The deployed functions run under Node 24, so everything runs under it here: the one of the lock file if it has one for this
 * system (Linux x64), otherwise the current one if it is new enough.
 * @param {string} root
 */
export function findNode(root) {
  const own = join(root, 'node_modules/.bin/node');
  // We start it as a check: a binary for glibc does not run on a musl system.
  if (existsSync(own) && spawnSync(own, ['--version']).status === 0) return own;
  if (Number(process.versions.node.split('.')[0]) >= majorNeeded) return process.execPath;
  throw new Error(`Node ${majorNeeded} or newer is needed on this system; this is ${process.version}`);
}

/**
 * Runs the script and ends with its exit code. The child has an IPC channel without messages: if something kills this
 * process, the
 * channel closes and the child notices.
 * @param {string} root
 * @param {string} node
 * @param {string[]} script
 */
export function runUntilItEnds(root, node, script) {
  const child = spawn(node, script, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter) },
  });
  const forward = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  if (process.env.npm_lifecycle_event) endWithNpm(child);
  child.on('error', (error) => {
    process.stderr.write(`keyun: cannot run ${node}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    for (const each of signals) process.off(each, forward);
    if (signal) process.kill(process.pid, signal);
    else process.exit(code ?? 1);
  });
}

/** An npm that is killed sends no signal, but its end changes our parent. */
function endWithNpm(child) {
  const before = ancestors();
  const timer = setInterval(() => {
    if (ancestors() === before) return;
    clearInterval(timer);
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), killAfterMs).unref();
  }, 500);
  timer.unref();
}

/**
 * Our parent is npm, or a shell whose parent is npm. Only Linux lets us read the parent of the shell; on other systems we watch
 * the shell.
 */
function ancestors() {
  const parent = `${process.ppid}`;
  try {
    const [, name, rest] = /\((.*)\) . (.*)/s.exec(readFileSync(`/proc/${parent}/stat`, 'utf8')) ?? [];
    return /^(?:ba|da|z)?sh$/.test(name ?? '') ? `${parent} ${rest?.split(' ')[0]}` : parent;
  } catch {
    return parent;
  }
}
