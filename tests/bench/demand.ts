import type { Stretch } from '../../shared/timetable/model.ts';
import type { TrainShape } from './train.ts';

/** Somebody who wants one seat from one stop to another. */
export type Arrival = { stretch: Stretch };

/** The ends of a line draw most, every fourth stop is a city, the rest are small. */
const weightOf = (stop: number, segments: number): number => {
  if (stop === 0 || stop === segments) return 6;
  return stop % 4 === 0 ? 3 : 1;
};

/**
 * Who comes, in order: stretches are drawn by the weight of both their stops, until the seat-segments asked for are
 * `times` as many as there are. On a line of 11 segments the mean stretch is about half of it, if the shape allows.
 */
export const arrivalsFor = (
  { seats, segments, longestRide = segments }: TrainShape,
  times: number,
  random: () => number,
): Arrival[] => {
  const stretches = Array.from({ length: segments + 1 }, (_, from) =>
    Array.from({ length: Math.min(longestRide, segments - from) }, (_, length) => ({
      from,
      to: from + length + 1,
    })),
  ).flat();
  const weights = stretches.map(({ from, to }) => weightOf(from, segments) * weightOf(to, segments));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const draw = (): Stretch => {
    let left = random() * whole;
    const index = weights.findIndex((weight) => (left -= weight) < 0);
    return stretches[index] ?? { from: 0, to: longestRide };
  };
  const arrivals: Arrival[] = [];
  for (let wanted = seats * segments * times; wanted > 0;) {
    const stretch = draw();
    arrivals.push({ stretch });
    wanted -= stretch.to - stretch.from;
  }
  return arrivals;
};

/**
 * How many seat-segments one clerk sells to the same people in the same order, who sees every seat and gives each the
 * gap that fits best: what a perfect single thread would sell.
 */
export const idealSale = ({ seats, segments }: TrainShape, arrivals: readonly Arrival[]): number => {
  const gaps: Stretch[] = Array.from({ length: seats }, () => ({ from: 0, to: segments }));
  let sold = 0;
  for (const { stretch } of arrivals) {
    let best: { index: number; length: number } | undefined;
    for (const [index, { from, to }] of gaps.entries()) {
      if (from > stretch.from || to < stretch.to) continue;
      if (!best || to - from < best.length) best = { index, length: to - from };
    }
    const gap = best && gaps[best.index];
    if (!best || !gap) continue;
    const rest = [
      { from: gap.from, to: stretch.from },
      { from: stretch.to, to: gap.to },
    ].filter(({ from, to }) => to > from);
    gaps.splice(best.index, 1, ...rest);
    sold += stretch.to - stretch.from;
  }
  return sold;
};
