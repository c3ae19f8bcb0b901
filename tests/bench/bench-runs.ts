import type { StackTemplate } from '../../infra/local/template/template.ts';
import { withBenchTables } from './bench-tables.ts';
import { arrivalsFor, idealSale } from './demand.ts';
import { figuresOf, holdSale, type Figures } from './sale.ts';
import { seeded } from './seeded.ts';
import { openTrains, trainOf, type TrainShape } from './train.ts';

export type BenchRun = Figures & { name: string; soldShare: number; idealShare: number };

export type SalePlan = {
  name: string;
  shape: TrainShape;
  /** Seat-segments asked for, over all trains, against those of one train. */
  demand: number;
  trains: number;
  atOnce: number;
};

export type BenchWorld = { templates: readonly StackTemplate[]; seed: number };

/** Sells trains to a list of arrivals that the seed gives, and the same list to the ideal clerk. */
export const runSale = (
  { name, shape, demand, trains, atOnce }: SalePlan,
  { templates, seed }: BenchWorld,
): Promise<BenchRun> =>
  withBenchTables(templates, async (tables) => {
    const runs = Array.from({ length: trains }, (_, number) => trainOf(shape, number + 1));
    await openTrains(tables.timetable, runs);
    const wishes = arrivalsFor(shape, demand, seeded(seed)).flatMap((arrival, index) => {
      const run = runs[index % trains];
      return run ? [{ run, ...arrival }] : [];
    });
    const sale = await holdSale(tables, wishes, { atOnce, random: seeded(seed + 1) });
    const ideal = [...Map.groupBy(wishes, ({ run }) => run).values()]
      .map((each) => idealSale(shape, each))
      .reduce((sum, sold) => sum + sold, 0);
    const capacity = shape.seats * shape.segments * trains;
    return {
      name,
      ...figuresOf(sale, tables),
      soldShare: sale.audit.sold / capacity,
      idealShare: ideal / capacity,
    };
  });

export type FightPlan = { name: string; buyers: number; rounds: number };

/** Buyers who all want the only seat of a train, all the way, train after train. */
export const runFight = (
  { name, buyers, rounds }: FightPlan,
  { templates, seed }: BenchWorld,
): Promise<BenchRun> =>
  withBenchTables(templates, async (tables) => {
    const shape = { seats: 1, segments: 11 };
    const runs = Array.from({ length: rounds }, (_, number) => trainOf(shape, number + 1));
    await openTrains(tables.timetable, runs);
    const stretch = { from: 0, to: shape.segments };
    const wishes = runs.flatMap((run) => Array.from({ length: buyers }, () => ({ run, stretch })));
    const sale = await holdSale(tables, wishes, { atOnce: buyers, random: seeded(seed) });
    const sold = sale.audit.sold / (shape.segments * rounds);
    return { name, ...figuresOf(sale, tables), soldShare: sold, idealShare: 1 };
  });
