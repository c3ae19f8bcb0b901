import type { LambdaApiHandler } from '../../../functions/middleware/api-handler.ts';
import { jobIdSchema } from '../../../shared/platform/ids.ts';
import { closeRun } from '../../../shared/runs/close-run.ts';
import { disruptionWorld, type DisruptionWorld } from '../../support/disruption-world.ts';
import { tableEnvironment } from '../../support/table-environment.ts';
import { json, passenger, send } from '../../unit/functions/api-request.ts';

/* What operators announce: POST /v1/operator/runs/{runId}/…, and GET /v1/operator/jobs/{jobId}. */

let world: DisruptionWorld;
let handlers: Record<'cancellation' | 'stop-cancellations' | 'delays' | 'job', LambdaApiHandler>;
beforeAll(async () => {
  world = await disruptionWorld();
  Object.assign(process.env, tableEnvironment(world.tables, world.time.now));
  const [cancel, stop, delay, job] = await Promise.all([
    import('../../../functions/api/operator/cancel-run.ts'),
    import('../../../functions/api/operator/cancel-stop.ts'),
    import('../../../functions/api/operator/announce-delay.ts'),
    import('../../../functions/api/operator/get-job.ts'),
  ]);
  handlers = {
    cancellation: cancel.handler,
    'stop-cancellations': stop.handler,
    delays: delay.handler,
    job: job.handler,
  };
});
afterAll(() => world.stop());

const operator = { sub: 'operator-1', 'cognito:groups': '[operators]' };
const announce = (what: keyof typeof handlers, runId: string, body?: object, claims: unknown = operator) =>
  send(handlers[what], {
    path: { runId },
    claims,
    ...(body && { headers: json, body: JSON.stringify(body) }),
  });
const jobOf = (jobId: unknown, claims: unknown = operator) =>
  send(handlers.job, { path: { jobId: String(jobId) }, claims });
const reasonOf = ({ status, body }: Awaited<ReturnType<typeof send>>) => [
  status,
  String(body['type']).split(':').at(-1),
];

test('a cancelled run has one job, whoever asks, and anybody of the staff sees how far it is', async () => {
  const run = await world.openRun('2026-12-05', 1);
  await world.issued(run, [1, 2]);
  const announced = await announce('cancellation', run.runId);
  expect(announced.status).toBe(201);
  expect(announced.body).toEqual({
    jobId: `${run.runId}~cancelled`,
    runId: run.runId,
    reason: 'run-cancelled',
    state: 'begun',
    createdAt: expect.any(String),
    until: expect.any(String),
    progress: { waived: 0, refunded: 0, ended: 0, look: 1, shards: 1, shardsDone: 0, unsettled: 0 },
  });
  expect(
    (await announce('cancellation', run.runId, undefined, { ...operator, sub: 'operator-2' })).body,
  ).toEqual(announced.body);
  world.pass(60);
  await world.work(jobIdSchema.parse(announced.body['jobId']));
  expect((await jobOf(announced.body['jobId'])).body).toMatchObject({
    state: 'waiting',
    progress: { waived: 2 },
  });
});

test('passengers announce nothing and see no job', async () => {
  const run = await world.nextRun();
  for (const what of ['cancellation', 'stop-cancellations', 'delays'] as const)
    expect(reasonOf(await announce(what, run.runId, { stopId: 'S1', minutes: 90 }, passenger))).toEqual([
      403,
      'forbidden',
    ]);
  expect(reasonOf(await jobOf(`${run.runId}~cancelled`, passenger))).toEqual([403, 'forbidden']);
});

test('what cannot be is refused with its reason', async () => {
  const run = await world.nextRun();
  const closed = await world.nextRun();
  await closeRun(world.dependencies, closed.runId);
  const past = await world.openRun('2026-11-01', 1);
  const over = await world.openRun('2026-11-02', 1);
  const ask = async (...what: Parameters<typeof announce>) => reasonOf(await announce(...what));
  expect(await ask('cancellation', 'G9~2026-12-05')).toEqual([404, 'not-found']);
  expect(await ask('cancellation', past.runId)).toEqual([409, 'run-over']);
  expect(await ask('stop-cancellations', over.runId, { stopId: 'S1' })).toEqual([409, 'run-over']);
  expect(await ask('stop-cancellations', run.runId, { stopId: 'nowhere' })).toEqual([422, 'stop-not-served']);
  expect(await ask('stop-cancellations', closed.runId, { stopId: 'S1' })).toEqual([409, 'run-not-running']);
  expect(await ask('stop-cancellations', run.runId, {})).toEqual([422, 'invalid-input']);
  expect(await ask('delays', closed.runId, { minutes: 90 })).toEqual([409, 'run-not-running']);
  expect(await ask('delays', past.runId, { minutes: 90 })).toEqual([422, 'delay-past']);
  expect(await ask('delays', run.runId, { minutes: 59 })).toEqual([422, 'delay-below-limit']);
  expect(await ask('delays', run.runId, { minutes: 1.5 })).toEqual([422, 'invalid-input']);
  expect(await ask('delays', run.runId, { minutes: -60 })).toEqual([422, 'invalid-input']);
  expect((await announce('delays', run.runId, { minutes: 60 })).status).toBe(201);
  expect((await announce('cancellation', closed.runId)).status).toBe(201);
  expect(reasonOf(await jobOf('G9~2026-12-05~cancelled'))).toEqual([404, 'not-found']);
});
