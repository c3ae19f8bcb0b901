import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../../infra/local/run/paths.ts';
import { startLocalRun, type LocalRun } from '../../support/local-run.ts';

/* A run whose clock was set, to a time before the machine's. */

// The first start may have to bundle and synthesize.
jest.setTimeout(240_000);

const startAt = '2026-03-29T07:59:59+08:00';
const start = new Date(startAt).getTime();
/** This machine may be slow, and it is not slow for months. */
const soon = start + 20 * 60_000;

let run: LocalRun;
beforeAll(async () => {
  run = await startLocalRun({ KEYUN_START_AT: startAt });
});
afterAll(() => run.stop());

const keyun = async (...words: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['cli/keyun.ts', ...words], {
    cwd: projectRoot,
    env: { ...process.env, KEYUN_DATA_DIR: run.dataDir },
  });
  return stdout;
};
const search = async (): Promise<{ asOf: string; journeys: { runId: string }[] }> => {
  const answer = await fetch(`${run.endpoints.api}/v1/journeys?from=VNP&to=AOH&date=2026-03-29`);
  return (await answer.json()) as { asOf: string; journeys: { runId: string }[] };
};
const expectSoon = (time: string): void => {
  expect(new Date(time).getTime()).toBeGreaterThanOrEqual(start);
  expect(new Date(time).getTime()).toBeLessThan(soon);
};

it('functions, the demo timetable and commands are at that time, and tokens of today are valid', async () => {
  const { asOf, journeys } = await search();
  expectSoon(asOf);
  expect(journeys.map(({ runId }) => runId)).toContain('G107~2026-03-29');

  expectSoon((JSON.parse(await keyun('audit', '--json')) as { at: string }).at);
  expect(await keyun('sales', 'show')).toContain('2026-03-29');

  const token = (await keyun('token', 'zhang@example.com')).trim();
  const orders = await fetch(`${run.endpoints.api}/v1/orders`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(orders.status).toBe(200);
});

it('a killed one continues where it stood', async () => {
  const before = (await search()).asOf;
  await run.kill();
  await run.restart();
  const { asOf } = await search();
  expect(asOf > before).toBe(true);
  expectSoon(asOf);
  expect(JSON.parse(readFileSync(join(run.dataDir, 'clock.json'), 'utf8'))).toMatchObject({ startAt: start });
});
