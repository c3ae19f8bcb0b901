import { assembly, ofType, target, type Template } from './synthesis.ts';

let whole: Template;
beforeAll(() => {
  ({ whole } = assembly());
}, 120_000);

test('every alarm reaches the operators', () => {
  const alarms = ofType(whole, 'AWS::CloudWatch::Alarm');
  expect(alarms.length).toBeGreaterThan(8);
  for (const [, { Properties: properties }] of alarms) {
    const [action] = properties['AlarmActions'] as [{ Ref: string }];
    expect(whole.Resources[target(action)]?.Type).toBe('AWS::SNS::Topic');
    expect(properties['AlarmDescription']).toBeTruthy();
  }
});

test('what stops telling whether a person is needed is noticed', () => {
  const alarms = ofType(whole, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  expect(alarms.find(({ MetricName }) => MetricName === 'AttentionWaiting')).toMatchObject({
    TreatMissingData: 'breaching',
  });
});

test.each(['AttentionWaiting', 'AttentionOldest', 'ProviderRefusals', 'SecretsUnusable'])(
  'what functions count as %s has an alarm, in the stage that it is counted for',
  (name) => {
    const alarms = ofType(whole, 'AWS::CloudWatch::Alarm').map(
      ([, { Properties: properties }]) => properties,
    );
    expect(alarms.filter(({ MetricName }) => MetricName === name)).toEqual([
      expect.objectContaining({ Namespace: 'Keyun', Dimensions: [{ Name: 'stage', Value: 'dev' }] }),
    ]);
  },
);
