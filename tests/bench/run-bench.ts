import { currentTemplates } from './bench-tables.ts';
import { runFight, runSale, type BenchRun, type SalePlan } from './bench-runs.ts';
import { measureRefusal } from './refusal-cost.ts';
import type { BenchReport } from './report.ts';
import type { TrainShape } from './train.ts';
import { countPurchase } from './whole-purchase.ts';

export type BenchScale = {
  seats: number;
  segments: number;
  manySegments: number;
  trains: number;
  /** A trip of a city network; in one of its two sales nobody rides further than `longestRide` segments. */
  longTrip: { seats: number; segments: number; longestRide: number; atOnce: number };
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
  longTrip: { seats: 100, segments: 129, longestRide: 20, atOnce: 8 },
  atOnce: 64,
  rounds: 10,
  refusals: 150,
};

const demand = 1.5;

const plansOf = (scale: BenchScale): SalePlan[] => {
  const { seats, segments, manySegments, trains, longTrip, atOnce } = scale;
  const oneTrain = (name: string, shape: TrainShape) => ({ name, shape, demand, trains: 1, atOnce });
  // A tram or a bus: few seats, few buyers at once, a stop every three minutes.
  const tram = { seats: longTrip.seats, segments: longTrip.segments, minutes: 3 };
  const few = { atOnce: longTrip.atOnce };
  return [
    oneTrain(`one train, ${segments} segments`, { seats, segments }),
    oneTrain(`one train, ${manySegments} segments`, { seats, segments: manySegments }),
    // What one train could not take, over many: half a train's seats, so that nobody is in anybody's way.
    { name: `${trains} trains`, shape: { seats, segments }, demand: demand / 3, trains, atOnce },
    { ...oneTrain(`long trip, ${longTrip.segments} segments`, tram), ...few },
    { ...oneTrain('long trip, short rides', { ...tram, longestRide: longTrip.longestRide }), ...few },
  ];
};

/**
 * All runs, one after the other, each on a DynamoDB of its own. `say` is told what begins. With `only`, it runs nothing
 * but the sales whose name contains it.
 */
export const runBench = async (
  scale: BenchScale,
  { seed, say, only }: { seed: number; say: (line: string) => void; only?: string | undefined },
): Promise<BenchReport> => {
  const { atOnce, rounds, refusals } = scale;
  const templates = await currentTemplates();
  const world = { templates, seed };
  const runs: BenchRun[] = [];
  for (const plan of plansOf(scale).filter(({ name }) => name.includes(only ?? ''))) {
    say(plan.name);
    runs.push(await runSale(plan, world));
  }
  if (only !== undefined) return { seed, runs, refusal: undefined, purchase: undefined };
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
