import { declinedRefund } from '../support/declined-refund.ts';
import { metricLinesOfCleanUp } from '../support/clean-up-lines.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

const metricLine = async (): Promise<Record<string, unknown>> => {
  const lines = await metricLinesOfCleanUp(world);
  expect(lines).toHaveLength(1);
  return lines[0] ?? {};
};

test('what needs a person, and for how long it has, is measured every minute', async () => {
  const run = await world.openRun('2026-12-20', 2);
  expect(await metricLine()).toMatchObject({ AttentionWaiting: 0, RefundsParked: 0, AttentionOldest: 0 });
  await declinedRefund(world, run);
  world.pass(3 * 3600);
  const line = await metricLine();
  expect(line).toMatchObject({
    stage: 'test',
    AttentionWaiting: 1,
    RefundsParked: 1,
    _aws: {
      CloudWatchMetrics: [
        {
          Namespace: 'Keyun',
          Dimensions: [['stage']],
          Metrics: [
            { Name: 'AttentionWaiting', Unit: 'Count' },
            { Name: 'RefundsParked', Unit: 'Count' },
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
