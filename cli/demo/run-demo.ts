import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal, type LocalRun } from '../../infra/local/run/run-stack.ts';
import { StoryBroken, tellStory, type Teller } from './story.ts';

/** A hold of fifteen minutes ends after fifteen seconds. */
const timeScale = 60;

const print = (line: string) => process.stdout.write(`${line}\n`);

const teller = (): Teller => {
  let chapters = 0;
  return {
    chapter: (title) => print(`\n${(chapters += 1)}. ${title}`),
    seen: (line) => print(`   ✓ ${line}`),
  };
};

/** The story is of its stops, trains and passengers. */
const carrierOfDemo = 'cn-rail';

/**
 * Runs everything on free ports with its own data, shows the story and removes the data. Returns the exit code: 0 only if every
 * step succeeded. After a failure it keeps the data, so that you can look for the cause.
 */
export const runDemo = async (): Promise<number> => {
  const chosen = process.env['KEYUN_CARRIER'] || carrierOfDemo;
  if (chosen !== carrierOfDemo) {
    const why = 'its passengers pay with a provider that takes the currency of that carrier alone';
    process.stderr.write(`keyun: the demo is about ${carrierOfDemo}, not ${chosen}: ${why}\n`);
    return 1;
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'keyun-demo-'));
  const leave = () => {
    rmSync(dataDir, { recursive: true, force: true });
    process.exit(130);
  };
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(event, leave);
  let run: LocalRun | undefined;
  try {
    print('Keyun 客运: a sale, from the timetable to the last seat');
    run = await startLocal({ dataDir, ports: 'free', timeScale });
    await tellStory({ run, dataDir, tell: teller() });
  } catch (error) {
    if (!(error instanceof StoryBroken)) throw error;
    process.stderr.write(`\nkeyun: the demo failed: ${error.message}\nlogs: ${join(dataDir, 'logs')}\n`);
    await run?.stop();
    return 1;
  }
  await run.stop();
  rmSync(dataDir, { recursive: true, force: true });
  print('\nEvery step succeeded.');
  return 0;
};
