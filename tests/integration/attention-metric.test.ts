import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { declinedRefund } from '../support/declined-refund.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';
import { tableEnvironment } from '../support/table-environment.ts';

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

const root = join(import.meta.dirname, '../..');
const invocation = `
  const { handler } = await import('./functions/schedule/clean-up.ts');
  await handler({}, { functionName: 'clean-up', awsRequestId: '1', getRemainingTimeInMillis: () => 60_000 });
`;

/** The line from which the metrics are made, as the function of every minute writes it to its log. */
const metricLine = async (): Promise<Record<string, unknown>> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', invocation],
    {
      cwd: root,
      env: {
        ...tableEnvironment(world.tables, world.time.now),
        POWERTOOLS_LOG_LEVEL: 'INFO',
        KEYUN_STAGE: 'test',
      },
    },
  );
  const lines = stdout.split('\n').filter((line) => line.includes('"_aws"'));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
};

test('what needs a person, and for how long it has, is measured every minute', async () => {
  const run = await world.openRun('2026-12-20', 2);
  expect(await metricLine()).toMatchObject({ AttentionWaiting: 0, AttentionOldest: 0 });
  await declinedRefund(world, run);
  world.pass(3 * 3600);
  const line = await metricLine();
  expect(line).toMatchObject({
    stage: 'test',
    AttentionWaiting: 1,
    _aws: {
      CloudWatchMetrics: [
        {
          Namespace: 'Keyun',
          Dimensions: [['stage']],
          Metrics: [
            { Name: 'AttentionWaiting', Unit: 'Count' },
            { Name: 'AttentionOldest', Unit: 'Seconds' },
          ],
        },
      ],
    },
  });
  const oldest = Number(line['AttentionOldest']);
  expect(oldest).toBeGreaterThanOrEqual(3 * 3600);
  expect(oldest).toBeLessThan(3 * 3600 + 60);
  const { Timestamp } = line['_aws'] as { Timestamp: number };
  expect(Math.abs(Timestamp - Date.parse(world.time.now))).toBeLessThan(60_000);
});
