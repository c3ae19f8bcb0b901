import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../../infra/local/run/paths.ts';

/** A program that will not hear of ending, tethered to a process that is killed outright. */
const tethered = async (): Promise<{ kill(): void; isThere(): boolean }> => {
  const file = JSON.stringify(join(projectRoot, 'infra/local/run/tethered-process.ts'));
  const stubborn = `trap '' TERM INT HUP; echo $$ > "$0"; while :; do sleep 0.1; done`;
  const script = `
    import { spawnTethered } from ${file};
    import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
    const pidFile = mkdtempSync('/tmp/keyun-tether-') + '/pid';
    spawnTethered('/bin/sh', ['-c', ${JSON.stringify(stubborn)}, pidFile]);
    const look = setInterval(() => {
      const pid = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').trim() : '';
      if (pid) { clearInterval(look); process.stdout.write(pid); }
    }, 20);
    setInterval(() => undefined, 60_000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
  return {
    kill: () => parent.kill('SIGKILL'),
    isThere: () => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    },
  };
};

it('a program that ignores every polite signal is gone all the same when its parent is', async () => {
  const { kill, isThere } = await tethered();
  expect(isThere()).toBe(true);
  kill();
  const deadline = Date.now() + 6000;
  while (isThere() && Date.now() < deadline) await sleep(50);
  expect(isThere()).toBe(false);
});
