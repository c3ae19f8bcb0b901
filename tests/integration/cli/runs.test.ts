import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { disruptionWorld, type DisruptionWorld } from '../../support/disruption-world.ts';
import { tableEnvironment } from '../../support/table-environment.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

let world: DisruptionWorld;
beforeEach(async () => {
  world = await disruptionWorld();
});
afterEach(() => world.stop());

type Ended = { code: number; out: string; err: string };

const runs = (...words: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(import.meta.dirname, '../../../cli/keyun.ts'), 'runs', ...words],
      { env: tableEnvironment(world.tables, world.time.now) },
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });

test('cancels a run, shows what its job does, and the same again is the same job', async () => {
  const run = await world.openRun('2026-12-05', 1);
  await world.issued(run, [1, 2]);
  const jobId = `${run.runId}~cancelled`;
  const begun = await runs('cancel', run.runId, '--no-wait', '--json');
  expect(JSON.parse(begun.out)).toMatchObject({ jobId, state: 'begun' });
  // The clean-up of the local run, while the command watches.
  world.pass(60);
  const followed = runs('cancel', run.runId);
  await world.sweep();
  const { code, out } = await followed;
  expect(code).toBe(0);
  expect(out).toContain(
    `${jobId}: passengers choose: 2 tickets waived, 0 seats of orders without tickets ended`,
  );
  expect((await runs('job', jobId)).out).toBe(out);
});

test('announces a stop and a delay, and says in a line what cannot be', async () => {
  const run = await world.openRun('2026-12-05', 1);
  expect(
    JSON.parse((await runs('cancel', run.runId, '--stop', 'S1', '--no-wait', '--json')).out),
  ).toMatchObject({
    disruption: { reason: 'stop-cancelled', stopId: 'S1' },
  });
  expect(
    JSON.parse((await runs('cancel', run.runId, '--delay', '90', '--no-wait', '--json')).out),
  ).toMatchObject({
    jobId: `${run.runId}~delay-90`,
  });
  const failures = [
    [['cancel', 'G9~2026-12-05'], 'no run has this id'],
    [['cancel', 'G9'], 'no run has the id G9'],
    [['cancel', run.runId, '--stop', 'nowhere'], 'the run does not call at this stop'],
    [['cancel', run.runId, '--delay', '10'], 'tickets stay as they are'],
    [['cancel', run.runId, '--delay', 'long'], 'a whole number of minutes'],
    [['cancel', run.runId, '--delay', '90', '--stop', 'S1'], 'are two announcements'],
    [['job', 'G9~2026-12-05~cancelled'], 'no job has the id'],
  ] as const;
  for (const [words, line] of failures) {
    const { code, out, err } = await runs(...words);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(line);
  }
});
