import { environment } from './config.ts';
import { logger } from './log.ts';
import { millisecondsOf, type Instant } from './time.ts';

type Measured = Readonly<Record<string, { value: number; unit: 'Count' | 'Seconds' | 'Milliseconds' }>>;

/**
 * Writes a log line from which CloudWatch makes metrics of the namespace `Keyun`, one per stage, and one for each value of
 * `by`, each of which is billed (source: CloudWatch's "Embedded metric format specification"). It makes no call and
 * waits for nothing.
 */
export const writeMetrics = (
  what: string,
  measured: Measured,
  now: Instant,
  by: Readonly<Record<string, string>> = {},
): void => {
  const names = Object.entries(measured);
  logger.info(what, {
    _aws: {
      Timestamp: millisecondsOf(now),
      CloudWatchMetrics: [
        {
          Namespace: 'Keyun',
          Dimensions: [['stage', ...Object.keys(by)]],
          Metrics: names.map(([Name, { unit: Unit }]) => ({ Name, Unit })),
        },
      ],
    },
    stage: environment().KEYUN_STAGE,
    ...by,
    ...Object.fromEntries(names.map(([name, { value }]) => [name, value])),
  });
};
