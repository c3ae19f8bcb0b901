import { logger } from '../../../shared/platform/log.ts';
import type { Datapoint } from './evaluate-alarm.ts';
import { pointsOfLine } from './metric-lines.ts';

/** Collects what this process counts from now on, until `jest.restoreAllMocks()`; the log stays silent. */
export const watchMetrics = (): { points: Datapoint[]; valuesOf: (name: string) => number[] } => {
  const points: Datapoint[] = [];
  jest.spyOn(logger, 'info').mockImplementation((_what, ...more) => {
    const [line] = more as unknown[];
    if (typeof line === 'object' && line !== null && '_aws' in line) points.push(...pointsOfLine(line));
  });
  return {
    points,
    valuesOf: (name) => points.filter((point) => point.name === name).map(({ value }) => value),
  };
};
