import { alarmEntries } from '../../infra/alarms/registry.ts';
import { providerNames } from '../../shared/payments/known-providers.ts';
import { codeFiles, textOf } from '../tidy/repository.ts';
import { assembly, ofType, target, templates, synthesize, type Template, type Value } from './synthesis.ts';
import { alarmsOfTemplate } from './watched-alarms.ts';

let whole: Template;
beforeAll(() => {
  ({ whole } = assembly());
}, 120_000);

/**
 * The metrics of AWS that alarms may watch, with their dimensions (source: each service's page "CloudWatch metrics and
 * dimensions"), and the resource whose name a dimension has.
 */
const ofAws: Readonly<Record<string, { metrics: string[]; dimensions: readonly string[] }[]>> = {
  'AWS/ApiGateway': [{ metrics: ['5xx', 'Count', 'Latency'], dimensions: ['ApiId'] }],
  'AWS/Lambda': [
    { metrics: ['Throttles'], dimensions: [] },
    { metrics: ['Duration', 'Errors', 'Invocations', 'IteratorAge'], dimensions: ['FunctionName'] },
  ],
  'AWS/DynamoDB': [
    {
      metrics: ['ConsumedWriteCapacityUnits', 'ReadThrottleEvents', 'WriteThrottleEvents'],
      dimensions: ['TableName'],
    },
    { metrics: ['WriteThrottleEvents'], dimensions: ['GlobalSecondaryIndexName', 'TableName'] },
  ],
  'AWS/SQS': [
    {
      metrics: ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible'],
      dimensions: ['QueueName'],
    },
  ],
  'AWS/SNS': [{ metrics: ['NumberOfNotificationsFailed'], dimensions: ['TopicName'] }],
  'AWS/Events': [{ metrics: ['FailedInvocations'], dimensions: ['RuleName'] }],
  'AWS/States': [
    {
      metrics: ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'],
      dimensions: ['StateMachineArn'],
    },
  ],
  'AWS/SES': [{ metrics: ['Reject', 'Reputation.BounceRate', 'Reputation.ComplaintRate'], dimensions: [] }],
};

const resourceOf: Readonly<Record<string, string>> = {
  ApiId: 'AWS::ApiGatewayV2::Api',
  FunctionName: 'AWS::Lambda::Function',
  TableName: 'AWS::DynamoDB::Table',
  QueueName: 'AWS::SQS::Queue',
  TopicName: 'AWS::SNS::Topic',
  RuleName: 'AWS::Events::Rule',
  StateMachineArn: 'AWS::StepFunctions::StateMachine',
};

/** What `Ref` gives is the name for these; the others have an attribute for it. */
const attributeOf: Readonly<Record<string, string | undefined>> = {
  QueueName: 'QueueName',
  TopicName: 'TopicName',
};

const watched = () => [...alarmsOfTemplate().values()].flatMap((alarm) => alarm.watched);

test('every alarm reaches the operators, and says in one sentence what it means and where its page is', () => {
  const alarms = [...alarmsOfTemplate()];
  expect(alarms.length).toBeGreaterThan(30);
  for (const [name, { properties }] of alarms) {
    const [action] = properties['AlarmActions'] as [{ Ref: string }];
    expect(whole.Resources[target(action)]?.Type).toBe('AWS::SNS::Topic');
    const entry = alarmEntries.find(({ id }) => name === id || name.startsWith(`${id}-`));
    expect(properties['AlarmDescription']).toBe(`${entry?.means} What to do: docs/runbooks/${entry?.id}.md`);
    expect(entry?.means).toMatch(/^[A-Z][^.]*\.$/);
  }
});

test('each metric of AWS has the name and the dimensions that its service gives it, of a resource of ours', () => {
  const foreign = watched().filter(({ namespace }) => namespace !== 'Keyun');
  expect(foreign.length).toBeGreaterThan(40);
  for (const { namespace, name, dimensions } of foreign) {
    const names = Object.keys(dimensions).toSorted();
    const known = ofAws[namespace]?.find(
      (group) => group.metrics.includes(name) && String(group.dimensions) === String(names),
    );
    expect([namespace, name, names, known !== undefined]).toEqual([namespace, name, names, true]);
    for (const dimension of names.filter((one) => one in resourceOf)) {
      const value = dimensions[dimension] as Value;
      expect(whole.Resources[target(value)]?.Type).toBe(resourceOf[dimension]);
      const attribute = attributeOf[dimension];
      if (attribute) expect(value).toHaveProperty(['Fn::GetAtt', '1'], attribute);
      else expect(value).toHaveProperty('Ref');
    }
  }
});

test('an alarm on an index names an index that exists', () => {
  const [, bookings] = ofType(whole, 'AWS::DynamoDB::Table').find(([id]) => id.startsWith('Bookings')) ?? [];
  const indexes = bookings?.Properties['GlobalSecondaryIndexes'] as { IndexName: string }[];
  const named = watched().flatMap(({ dimensions }) => dimensions['GlobalSecondaryIndexName'] ?? []);
  expect(named).toHaveLength(2);
  for (const name of named) expect(indexes.map(({ IndexName }) => IndexName)).toContain(name);
});

test('each metric of our own is written by a function, or counted by a filter, for the stage that the alarm watches', () => {
  const written = new Set(
    codeFiles
      .filter((path) => /^(shared|functions)\//.test(path))
      .flatMap((path) => [...textOf(path).matchAll(/\b([A-Z]\w+): \{ value: [^}]+, unit: '/g)])
      .map(([, name]) => name),
  );
  const filtered = ofType(whole, 'AWS::Logs::MetricFilter').flatMap(([, { Properties: properties }]) =>
    (properties['MetricTransformations'] as { MetricName: string; MetricNamespace: string }[]).map(
      ({ MetricName, MetricNamespace }) => `${MetricNamespace} ${MetricName}`,
    ),
  );
  expect(filtered).toEqual(['Keyun GatewayThrottles']);
  const own = watched().filter(({ namespace }) => namespace === 'Keyun');
  expect(new Set(own.map(({ name }) => name))).toEqual(new Set([...written, 'GatewayThrottles']));
  for (const { dimensions } of own) {
    const { provider, ...rest } = dimensions;
    expect(rest).toEqual({ stage: 'dev' });
    expect([undefined, ...providerNames]).toContain(provider);
  }
});

test('the filter of the access log counts what the log says', () => {
  const [[, filter] = []] = ofType(whole, 'AWS::Logs::MetricFilter');
  const [[, stage] = []] = ofType(whole, 'AWS::ApiGatewayV2::Stage');
  const { Format: format } = stage?.Properties['AccessLogSettings'] as { Format: string };
  expect(JSON.parse(format)).toMatchObject({ stage: 'dev', status: '$context.status' });
  expect(filter?.Properties).toMatchObject({
    FilterPattern: '{ $.status = "429" }',
    MetricTransformations: [{ Dimensions: [{ Key: 'stage', Value: '$.stage' }], MetricValue: '1' }],
  });
});

test('an alarm has at most ten metrics, the limit of CloudWatch', () => {
  for (const [name, { watched: metrics }] of alarmsOfTemplate())
    expect([name, metrics.length <= 10]).toEqual([name, true]);
});

test('an alarm on a table fills what is missing: CloudWatch would otherwise keep it as it is for ever', () => {
  const ofTables = [...alarmsOfTemplate().values()].flatMap(({ watched: metrics, expression }) =>
    metrics.filter(({ namespace }) => namespace === 'AWS/DynamoDB').map(({ id }) => ({ id, expression })),
  );
  expect(ofTables.length).toBeGreaterThan(10);
  for (const { id, expression } of ofTables) expect(expression).toContain(`FILL(${id}, 0)`);
});

describe('the dashboard', () => {
  const bodyOf = (template: Template): string => {
    const [[, dashboard] = []] = ofType(template, 'AWS::CloudWatch::Dashboard');
    const { 'Fn::Join': joined } = dashboard?.Properties['DashboardBody'] as {
      'Fn::Join': [string, Value[]];
    };
    return joined[1].map((part) => (typeof part === 'string' ? part : target(part))).join('');
  };
  type Widget = { type: string; properties: { metrics?: unknown[]; markdown?: string; alarms?: string[] } };
  const widgets = (template: Template) => (JSON.parse(bodyOf(template)) as { widgets: Widget[] }).widgets;

  test('has at most fifty metrics, which are free', () => {
    const metrics = widgets(whole).flatMap(({ properties }) => properties.metrics ?? []);
    expect(metrics.length).toBeGreaterThan(20);
    expect(metrics.length).toBeLessThanOrEqual(50);
  });

  test('shows every alarm and names its page', () => {
    expect(widgets(whole).flatMap(({ properties }) => properties.alarms ?? [])).toHaveLength(
      alarmsOfTemplate().size,
    );
    const text = widgets(whole)
      .flatMap(({ properties }) => properties.markdown ?? [])
      .join('');
    for (const { id, means } of alarmEntries)
      expect(text).toContain(`**${id}** (docs/runbooks/${id}.md): ${means}`);
  });
});

test('with an address of the pages, alarms and dashboard link them; detailed metrics are on only if one asks for them', () => {
  const detailed = (template: Template) => {
    const [[, stage] = []] = ofType(template, 'AWS::ApiGatewayV2::Stage');
    return (stage?.Properties['DefaultRouteSettings'] as { DetailedMetricsEnabled: boolean })
      .DetailedMetricsEnabled;
  };
  expect(detailed(whole)).toBe(false);
  const linked = templates(
    synthesize({ docsUrl: 'https://git.example/keyun/blob/main/', detailedMetrics: 'true' }),
  ).whole;
  expect(detailed(linked)).toBe(true);
  const page = 'https://git.example/keyun/blob/main/docs/runbooks/api-slow.md';
  const descriptions = ofType(linked, 'AWS::CloudWatch::Alarm').map(
    ([, one]) => one.Properties['AlarmDescription'],
  );
  expect(descriptions).toContainEqual(expect.stringContaining(page));
  expect(JSON.stringify(ofType(linked, 'AWS::CloudWatch::Dashboard'))).toContain(`[api-slow](${page})`);
}, 60_000);
