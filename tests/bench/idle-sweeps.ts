import { sweepInTurn } from '../../shared/runs/sweep-runs.ts';
import type { StackTemplate } from '../../infra/local/template/template.ts';
import { measureLedger } from '../../shared/ledger/measure-ledger.ts';
import { plusSeconds } from '../../shared/platform/time.ts';
import { measureAttention } from '../../shared/upkeep/attention.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { reconcileDue, reportReconciliation } from '../../shared/reconciliation/reconcile-due.ts';
import { freeOrphans } from '../../shared/upkeep/free-orphans.ts';
import { withBenchTables, type BenchTables } from './bench-tables.ts';
import { purchaseDependencies } from './clerk.ts';
import { measured } from './meter.ts';
import { quietWorkflow } from './purchase-steps.ts';
import { seeded } from './seeded.ts';
import { total } from './tally.ts';
import { saleTime } from './train.ts';

const hasTime = () => true;
const time = { timeLeft: () => 60_000, itemMilliseconds: 10_000 };

/** What each scheduled function does when nothing is due: the calls of its handler, in their order. */
const sweeps = (tables: BenchTables): Record<string, () => Promise<unknown>> => {
  const dependencies = {
    ...purchaseDependencies(tables, seeded(1)),
    workflow: quietWorkflow,
    findProvider: () => undefined,
    signingKey: () => Promise.reject(new Error('nothing is signed')),
  };
  return {
    'schedule/clean-up': async () => {
      await cleanUp(dependencies)({ hasTime });
      await sweepInTurn(dependencies)(dependencies.carrier.timeZone, time);
      await measureAttention(tables.bookings, saleTime);
    },
    'schedule/free-orphans': () => freeOrphans(dependencies)({ hasTime }),
    'schedule/reconcile': async () => {
      await reconcileDue({ ...dependencies, providers: new Map() })(hasTime);
      await reportReconciliation({ ...dependencies, providers: new Map() });
      await measureLedger(dependencies)({ from: plusSeconds(saleTime, -25 * 3600), until: saleTime });
    },
  };
};

/** Units of one run of each scheduled function on empty tables. The run before it has left its notes. */
export const countIdleSweeps = (
  templates: readonly StackTemplate[],
): Promise<Record<string, { readUnits: number; writeUnits: number }>> =>
  withBenchTables(templates, async (tables) => {
    const counted: Record<string, { readUnits: number; writeUnits: number }> = {};
    for (const [entry, sweep] of Object.entries(sweeps(tables))) {
      await sweep();
      const { tally } = await measured(sweep);
      counted[entry] = { readUnits: total(tally.readUnits), writeUnits: total(tally.writeUnits) };
    }
    return counted;
  });
