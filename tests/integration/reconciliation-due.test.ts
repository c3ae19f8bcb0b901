import { logger } from '../../shared/platform/log.ts';
import { money } from '../../shared/platform/money.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { reconcileDue, reportReconciliation } from '../../shared/reconciliation/reconcile-due.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { reconcilingWorld, rowOfPayment, type ReconcilingWorld } from '../support/reconciling-world.ts';

jest.setTimeout(120_000);

let world: ReconcilingWorld;
let run: Run;
beforeEach(async () => {
  world = await reconcilingWorld();
  run = await world.nextRun(8);
  world.wait(instantSchema.parse('2026-12-01T08:00:00.000Z'));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await world.stop();
});

const dependencies = () => ({
  ...world.dependencies,
  providers: { values: () => [world.findProvider()] },
});
const due = (hasTime = () => true) => reconcileDue(dependencies())(hasTime);
const days = ({ done }: Awaited<ReturnType<typeof due>>) => done.map((id) => id.slice('alipay-'.length));

const measured = async (): Promise<unknown> => {
  const said = jest.spyOn(logger, 'info');
  await reportReconciliation(dependencies());
  return said.mock.calls.findLast(([line]) => line === 'how bills and books agree')?.[1];
};

test('compares each of the last ten days once, the oldest first', async () => {
  world.wait(instantSchema.parse('2026-12-03T00:30:00.000Z'));
  // The bill of the second is ready at one.
  expect(days(await due())).toEqual([
    ...Array.from({ length: 8 }, (_, n) => `2026-11-${23 + n}`),
    '2026-12-01',
  ]);
  expect(await due()).toEqual({ done: [], failed: [] });
  world.pass(3600);
  expect(days(await due())).toEqual(['2026-12-02']);
});

test('catches up a day on which the provider did not answer, and goes on with the others meanwhile', async () => {
  await world.sell(run, 1, { isTold: false });
  world.wait(instantSchema.parse('2026-12-03T03:00:00.000Z'));
  world.bank.state.silent = true;
  const first = await due();
  expect(first.failed).toEqual([{ day: 'alipay-2026-12-01', why: 'provider-silent' }]);
  expect(days(first)).toContain('2026-12-02');
  expect(await measured()).toMatchObject({ ReconciliationLate: 1, ReconciliationDifferences: 0 });
  world.bank.state.silent = false;
  expect(days(await due())).toEqual(['2026-12-01']);
  expect(await measured()).toMatchObject({ ReconciliationLate: 0, ReconciliationDifferences: 0 });
});

test('does in the next call what there was no time for', async () => {
  world.wait(instantSchema.parse('2026-12-03T03:00:00.000Z'));
  expect(await due(() => false)).toEqual({ done: [], failed: [] });
  expect(days(await due())).toHaveLength(10);
});

test('reports how many differences are open', async () => {
  const payments = [await world.sell(run, 1), await world.sell(run, 2)];
  const [first, second] = payments;
  world.movements.splice(
    0,
    2,
    rowOfPayment(first!, world.time.now, { amount: money(1, 'CNY') }),
    rowOfPayment(second!, world.time.now, { amount: money(1, 'CNY') }),
  );
  world.wait(instantSchema.parse('2026-12-02T03:00:00.000Z'));
  await due();
  expect(await measured()).toMatchObject({ ReconciliationLate: 0, ReconciliationDifferences: 2 });
});
