import { currentTemplates } from './bench-tables.ts';
import { runFight, runSale, type BenchRun } from './bench-runs.ts';
import { measureRefusal } from './refusal-cost.ts';
import type { BenchReport } from './report.ts';
import { countPurchase } from './whole-purchase.ts';

export type BenchScale = {
  seats: number;
  segments: number;
  manySegments: number;
  trains: number;
  atOnce: number;
  rounds: number;
  /** Requests of the comparison over HTTP; 0 leaves it out. */
  refusals: number;
};

export const fullScale: BenchScale = {
  seats: 1000,
  segments: 11,
  manySegments: 39,
  trains: 50,
  atOnce: 64,
  rounds: 10,
  refusals: 150,
};

const demand = 1.5;

/** All runs, one after the other, each on a DynamoDB of its own. `say` is told what begins. */
export const runBench = async (
  scale: BenchScale,
  { seed, say }: { seed: number; say: (line: string) => void },
): Promise<BenchReport> => {
  const { seats, segments, manySegments, trains, atOnce, rounds, refusals } = scale;
  const plans = [
    { name: `one train, ${segments} segments`, shape: { seats, segments }, demand, trains: 1 },
    {
      name: `one train, ${manySegments} segments`,
      shape: { seats, segments: manySegments },
      demand,
      trains: 1,
    },
    // What one train could not take, over many: half a train's seats, so that nobody is in anybody's way.
    { name: `${trains} trains`, shape: { seats, segments }, demand: demand / 3, trains },
  ];
  const templates = await currentTemplates();
  const world = { templates, seed };
  const runs: BenchRun[] = [];
  for (const plan of plans) {
    say(plan.name);
    runs.push(await runSale({ ...plan, atOnce }, world));
  }
  say('the last seat');
  runs.push(await runFight({ name: 'the last seat', buyers: atOnce, rounds }, world));
  say('one purchase, counted');
  const purchase = await countPurchase(templates);
  let refusal;
  if (refusals > 0) {
    say('a refused request');
    refusal = await measureRefusal(refusals);
  }
  return { seed, runs, refusal, purchase };
};
