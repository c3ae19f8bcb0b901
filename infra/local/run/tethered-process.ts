import { spawn } from 'node:child_process';

export type TetheredProcess = {
  /** Resolves with its last output after the process has ended. */
  exited: Promise<{ code: number | null; output: string }>;
  /** The last of what it has printed so far. */
  output(): string;
  stop(): Promise<void>;
};

/**
 * The shell holds our end of a pipe. When this process ends, in whatever way, the pipe closes and the shell asks the
 * program to end, and kills it two seconds later if it still runs. After a SIGKILL we could not do this ourselves. The
 * program's own input is empty.
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
  // In a group of its own, so that Ctrl-C reaches us first and the program still runs while we clean up.
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
  // We never write; but without a listener, a broken pipe would be an uncaught error.
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
  return { exited, output: () => output, stop };
};

const killGroup = (leader: number) => {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
};
