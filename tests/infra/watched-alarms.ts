import { readAlarm, type ReadAlarm } from '../support/alarms/evaluate-alarm.ts';
import { assembly, ofType, target, type Template, type Value } from './synthesis.ts';

/** The value of a dimension: a text, or the logical id of the resource whose name it is. */
export const nameOf = (value: unknown): string =>
  typeof value === 'string' ? value : target(value as Value);

export type AlarmOfTemplate = ReadAlarm & { properties: Template['Resources'][string]['Properties'] };

const readAlarms = (): ReadonlyMap<string, AlarmOfTemplate> =>
  new Map(
    ofType(assembly().whole, 'AWS::CloudWatch::Alarm').map(([, { Properties: properties }]) => {
      const alarm = readAlarm(properties);
      return [alarm.name.replace('Keyun-dev-', ''), { ...alarm, properties }];
    }),
  );

let known: ReturnType<typeof readAlarms> | undefined;

/** Every alarm of the template, by its name without the stage. */
export const alarmsOfTemplate = (): ReturnType<typeof readAlarms> => (known ??= readAlarms());

/** An alarm that has to be there. */
export const alarmNamed = (name: string): AlarmOfTemplate => {
  const found = alarmsOfTemplate().get(name);
  if (!found) throw new Error(`no alarm ${name}`);
  return found;
};
