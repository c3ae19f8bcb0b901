import * as z from 'zod';
import type { Datapoint } from './evaluate-alarm.ts';

const lineSchema = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
});

/** The data points that CloudWatch takes from a line (source: "Embedded metric format specification"). */
export const pointsOfLine = (line: unknown): Datapoint[] => {
  const { _aws: meta, ...fields } = lineSchema.parse(line);
  return meta.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name: name }) => ({
        namespace,
        name,
        dimensions: Object.fromEntries(names.map((dimension) => [dimension, String(fields[dimension])])),
        at: meta.Timestamp,
        value: Number(fields[name]),
      })),
    ),
  );
};
