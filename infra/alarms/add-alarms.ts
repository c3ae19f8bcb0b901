import {
  Alarm,
  ComparisonOperator,
  MathExpression,
  Metric,
  TreatMissingData,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { AlarmEntry, Watched } from './model.ts';
import { alarmEntries } from './registry.ts';
import { runbookOf } from './runbooks.ts';

const isOne = (watches: IMetric | Readonly<Record<string, IMetric>>): watches is IMetric =>
  watches instanceof Metric || watches instanceof MathExpression;

/** `dead-letters-send-email` → `DeadLettersSendEmail` */
const pascal = (name: string): string =>
  name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

const threshold = ({ goesOff }: AlarmEntry) =>
  'above' in goesOff
    ? { threshold: goesOff.above, comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD }
    : { threshold: goesOff.below, comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD };

/** Makes the alarms of the registry. Each tells the topic when it goes off, and ends by itself. */
export const addAlarms = (scope: Construct, watched: Watched, topic: ITopic): Alarm[] =>
  alarmEntries.flatMap((entry) => {
    const { id, means, after, silence } = entry;
    const watches = entry.watches(watched);
    const named = isOne(watches)
      ? [[id, watches] as const]
      : Object.entries(watches).map(([of, metric]) => [`${id}-${of}`, metric] as const);
    return named.map(([name, metric]) => {
      const alarm = new Alarm(scope, pascal(name), {
        alarmName: `Keyun-${watched.deployment.stage}-${name}`,
        alarmDescription: `${means} What to do: ${runbookOf(id, watched.deployment)}`,
        metric,
        ...threshold(entry),
        datapointsToAlarm: after.bad,
        evaluationPeriods: after.of,
        treatMissingData:
          silence.means === 'the-fault' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(new SnsAction(topic));
      return alarm;
    });
  });
