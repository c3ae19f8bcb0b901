import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal, type LocalRun } from '../../infra/local/run/run-stack.ts';
import { UnusableCarrier } from '../../shared/platform/carrier-folder.ts';
import { inLocale } from '../../shared/platform/carrier.ts';
import { carrierOfRun, merchantOf } from '../carrier-of-run.ts';
import { clockOfRun } from '../clock-of-run.ts';
import { StoryBroken, type Teller } from './stage.ts';
import { tellStory } from './story.ts';

/** A hold of fifteen minutes ends after fifteen seconds. */
const timeScale = '60';

const print = (line: string) => process.stdout.write(`${line}\n`);

const teller = (): Teller => {
  let chapters = 0;
  return {
    part: (title) => print(`\n— ${title} —`),
    chapter: (title) => print(`\n${(chapters += 1)}. ${title}`),
    seen: (line) => print(`   ✓ ${line}`),
  };
};

/**
 * Runs the chosen carrier on free ports with its own data, shows the story of its demo feed and removes the data. Returns
 * the exit code: 0 only if every step succeeded. After a failure it keeps the data, so that you can look for the cause.
 */
export const runDemo = async (): Promise<number> => {
  const carrier = carrierOfRun();
  // The story has its own pace, and may happen at any time.
  const clock = clockOfRun({ ...process.env, KEYUN_TIME_SCALE: timeScale });
  const dataDir = mkdtempSync(join(tmpdir(), 'keyun-demo-'));
  const leave = () => {
    rmSync(dataDir, { recursive: true, force: true });
    process.exit(130);
  };
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(event, leave);
  let run: LocalRun | undefined;
  let why: string | undefined;
  try {
    print(
      `${inLocale(carrier.name, carrier.defaultLocale, carrier)}: a sale, from the timetable to the last seat, and what follows it`,
    );
    run = await startLocal({
      dataDir,
      ports: 'free',
      ...clock,
      merchant: merchantOf(carrier),
    });
    why = await tellStory({ run, dataDir, tell: teller(), carrier, timeScale: clock.timeScale });
  } catch (error) {
    if (!(error instanceof StoryBroken || error instanceof UnusableCarrier)) throw error;
    process.stderr.write(`\nkeyun: the demo failed: ${error.message}\nlogs: ${join(dataDir, 'logs')}\n`);
    await run?.stop();
    return 1;
  }
  await run.stop();
  rmSync(dataDir, { recursive: true, force: true });
  print(why ? `\nEvery step so far succeeded, and here the demo ends: ${why}.` : '\nEvery step succeeded.');
  return 0;
};
