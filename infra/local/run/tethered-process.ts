import { spawn } from 'node:child_process';

export type TetheredProcess = {
  /** Resolves with what it printed last when the process is gone. */
  exited: Promise<{ code: number | null; output: string }>;
  stop(): Promise<void>;
};

/**
 * The shell holds our end of a pipe: when this process ends, however it ends, the pipe closes and the program is told to
 * end, and killed when it has not by two seconds later. SIGKILL leaves us no chance to do it ourselves. The program's
 * own input is empty.
 */
const tether = `
  exec 3<&0
  "$@" </dev/null & child=$!
  {
    cat <&3 >/dev/null
    kill $child
    for tenth in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do kill -0 $child || exit; sleep 0.1; done
    kill -9 $child
  } 2>/dev/null &
  wait $child`;

const stopMillisecondsMax = 3000;

/** Starts a program that cannot outlive this process. */
export const spawnTethered = (
  program: string,
  args: readonly string[],
  { cwd, env }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): TetheredProcess => {
  // In a group of its own, so that Ctrl-C reaches us first and the program is still there while we put things away.
  const shell = spawn('/bin/sh', ['-c', tether, 'sh', program, ...args], {
    detached: true,
    ...(cwd && { cwd }),
    ...(env && { env }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-2000));
  shell.stdout.on('data', keep);
  shell.stderr.on('data', keep);
  // Writing never happens; without a listener a pipe that breaks would be an uncaught error.
  for (const pipe of [shell.stdin, shell.stdout, shell.stderr]) pipe.on('error', () => undefined);
  const exited = new Promise<{ code: number | null; output: string }>((resolve) => {
    const settle = (code: number | null) => {
      shell.stdin.destroy();
      resolve({ code, output: output.trim() });
    };
    shell.on('error', (error) => ((output += error.message), settle(null)));
    shell.on('exit', settle);
  });
  const stop = async () => {
    shell.stdin.destroy();
    const timer = setTimeout(() => shell.pid && killGroup(shell.pid), stopMillisecondsMax);
    await exited;
    clearTimeout(timer);
  };
  return { exited, stop };
};

const killGroup = (leader: number) => {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It ended in the meantime.
  }
};
