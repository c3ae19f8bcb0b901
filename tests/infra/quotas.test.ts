import { throttlesFor } from '../../infra/constructs/throttles.ts';
import { workerLimits, workersAtMost } from '../../infra/constructs/worker-limits.ts';

describe('workers', () => {
  test.each([54, 55, 60, 74, 100, 138, 400, 1000])(
    'of an account of %i leave half of it to buyers',
    (quota) => {
      expect(workersAtMost(workerLimits(quota))).toBeLessThanOrEqual(quota / 2);
    },
  );

  test('never have less than AWS allows, and never less in an account that has more', () => {
    let before = 0;
    for (let quota = 10; quota <= 1000; quota += 1) {
      const limits = workerLimits(quota);
      expect(Math.min(...Object.values(limits.queues))).toBeGreaterThanOrEqual(2);
      expect(limits.publishing).toBeGreaterThanOrEqual(1);
      const now = workersAtMost(limits);
      expect(now).toBeGreaterThanOrEqual(before);
      before = now;
    }
  });

  test('of an account that cannot be divided are called seldom instead', () => {
    for (let quota = 10; quota <= 1000; quota += 1) {
      const limits = workerLimits(quota);
      const divides = workersAtMost(limits) <= quota / 2;
      expect({ quota, collects: limits.collectSeconds > 0 }).toEqual({ quota, collects: !divides });
    }
    // AWS’s least for each of five queues is all that the smallest account has: docs/how-to/quotas.md says so.
    const queues = Object.values(workerLimits(10).queues).reduce((sum, workers) => sum + workers, 0);
    expect(queues).toBeLessThanOrEqual(10);
  });
});

describe('throttles', () => {
  // The quotas of AWS's small regions and of the others: requests a second, and at once.
  test.each([
    [2500, 1250],
    [10_000, 5000],
  ])('fit into a gateway of %i requests a second, %i at once', (rate, burst) => {
    const { route, callback } = throttlesFor(rate);
    // Two routes flooded at once leave the providers their share.
    expect(2 * route.rateLimit + callback.rateLimit).toBeLessThanOrEqual(rate);
    expect(2 * route.burstLimit + callback.burstLimit).toBeLessThanOrEqual(burst);
  });
});
