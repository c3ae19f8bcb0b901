import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const majorNeeded = 24;
/** Longer than a local run takes to stop. */
const killAfterMs = 6000;

/**
 * Node 24 is what is deployed, so it is what runs here: the one from the lock file where there is one for this
 * system (Linux x64), otherwise the one that is running already, if it is new enough.
 * @param {string} root
 */
export function findNode(root) {
  const own = join(root, 'node_modules/.bin/node');
  // It is asked, not only looked for: a binary made for glibc does not start on a musl system.
  if (existsSync(own) && spawnSync(own, ['--version']).status === 0) return own;
  if (Number(process.versions.node.split('.')[0]) >= majorNeeded) return process.execPath;
  throw new Error(`Node ${majorNeeded} or newer is needed on this system; this is ${process.version}`);
}

/**
 * Runs the script to its end and ends as it did. The child has an IPC channel and no messages on it: when this
 * process is killed outright, the channel closes, and the child learns of it.
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

/** An npm that is killed outright tells nobody. Its going shows in who our parent is. */
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
 * Our parent is npm, or the shell that npm ran the script in. Then npm is the shell's parent, which only Linux
 * lets us read; elsewhere the shell's end has to do.
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
