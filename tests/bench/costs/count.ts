import { countedSchema, readCounted, type Counted } from '../../../infra/costs/counted.ts';
import type { StackTemplate } from '../../../infra/local/template/template.ts';
import { countIdleSweeps } from '../idle-sweeps.ts';
import { countPurchase } from '../whole-purchase.ts';

/** Counts again what costs depend on. The log is measured in a local run (log-bytes.ts), so its figures stay. */
export const countAgain = async (templates: readonly StackTemplate[]): Promise<Counted> =>
  countedSchema.parse({
    purchase: await countPurchase(templates),
    idle: await countIdleSweeps(templates),
    logBytes: readCounted().logBytes,
  });
