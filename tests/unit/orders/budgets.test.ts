import { countedRunsMax, decideBudgets, noCounts, type UserCounts } from '../../../shared/orders/budgets.ts';
import { runIdSchema, serviceDateSchema } from '../../../shared/platform/ids.ts';
import { rejected } from '../../../shared/platform/outcome.ts';

const runId = runIdSchema.parse('G1~2026-12-01');
const today = serviceDateSchema.parse('2026-11-20');
const budgets = { openOrdersMax: 2, endedOrdersPerDayMax: 3, seatsPerRunMax: 4 } as const;
const decide = (counts: Partial<UserCounts>, seats = 1) =>
  decideBudgets({ ...noCounts, ...counts }, { runId, seats, today }, budgets);
const otherRuns = (count: number) =>
  new Map(Array.from({ length: count }, (_, n) => [`G${n + 2}~2026-12-01`, 1]));

describe('the budgets of a user', () => {
  test('allow another order up to each limit', () => {
    expect(decide({})).toEqual({ outcome: 'accepted' });
    expect(decide({ openOrders: 1, ended: new Map([[today, 2]]) })).toEqual({ outcome: 'accepted' });
    expect(decide({ seats: new Map([[runId, 2]]) }, 2)).toEqual({ outcome: 'accepted' });
    expect(decide({ seats: otherRuns(countedRunsMax - 1) })).toEqual({ outcome: 'accepted' });
  });

  test('refuse one order too many', () => {
    expect(decide({ openOrders: 2 })).toEqual(rejected('too-many-open-orders'));
  });

  test('refuse after too many orders that ended on the same day', () => {
    expect(decide({ openOrders: 2, ended: new Map([[today, 3]]) })).toEqual(
      rejected('too-many-ended-orders'),
    );
    expect(decide({ ended: new Map([['2026-11-19', 3]]) })).toEqual({ outcome: 'accepted' });
  });

  test('refuse one seat too many on the run, and seats on too many runs', () => {
    expect(decide({ seats: new Map([[runId, 3]]) }, 2)).toEqual(rejected('too-many-seats'));
    expect(decide({ seats: otherRuns(countedRunsMax) })).toEqual(rejected('too-many-seats'));
  });
});
