import type { Counted } from './counted.ts';
import type { CostLine } from './prices.ts';
import { functionBehind, resourcesOf, type CostTemplate, type Found } from './template-resources.ts';

/** A month as AWS bills it: 730 hours. */
const monthMinutes = 730 * 60;

/** Lambda keeps five connections to a queue open, each with a long poll (source: Lambda, "Using Lambda with SQS"). */
const longPolls = { connections: 5, seconds: 20 };

/** How long an idle run of a scheduled function is taken to last: it waits for its queries. */
const sweepSeconds = 0.5;

/** A principal's key for a table is asked for again every five minutes (source: DynamoDB, "encryption at rest: how it works"). */
const tableKeyMinutes = 5;

const perMinutes = (expression: string): number => {
  const [, amount, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const minutes = { minute: 1, hour: 60, day: 1440 }[unit];
  if (!amount || !minutes) throw new Error(`infra/costs cannot count the schedule ${expression}`);
  return 1 / (Number(amount) * minutes);
};

/** The scheduled functions, with their runs in a month. */
const sweepsOf = (templates: readonly CostTemplate[]) =>
  resourcesOf(templates, 'AWS::Events::Rule')
    .filter(({ properties }) => typeof properties['ScheduleExpression'] === 'string')
    .flatMap((rule) => {
      const worker = functionBehind(templates, rule);
      const runs = monthMinutes * perMinutes(String(rule.properties['ScheduleExpression']));
      return worker ? [{ worker, entry: String(worker.properties['Description']), runs }] : [];
    });

const isTraced = ({ properties }: Found): boolean =>
  (properties['TracingConfig'] as { Mode?: string } | undefined)?.Mode === 'Active';

const sweepLines = (templates: readonly CostTemplate[], counted: Counted): CostLine[] => {
  const sweeps = sweepsOf(templates);
  const total = (of: (sweep: (typeof sweeps)[number]) => number): number =>
    sweeps.reduce((sum, sweep) => sum + of(sweep), 0);
  const idleOf = (entry: string) => counted.idle[entry] ?? { readUnits: 0, writeUnits: 0 };
  const bytesOf = (entry: string) => counted.logBytes.idle[entry] ?? 0;
  const memory = ({ worker }: (typeof sweeps)[number]) => Number(worker.properties['MemorySize']) / 1024;
  const runs = Math.round(total((sweep) => sweep.runs));
  return [
    { what: `${runs} runs of scheduled functions`, units: runs, price: 'lambdaRequest' },
    {
      what: `their time, at ${sweepSeconds} s each`,
      units: total((sweep) => sweep.runs * sweepSeconds * memory(sweep)),
      price: 'lambdaGigabyteSecond',
    },
    {
      what: 'their reads',
      units: total(({ entry, runs: each }) => each * idleOf(entry).readUnits),
      price: 'readUnit',
    },
    {
      what: 'their writes',
      units: total(({ entry, runs: each }) => each * idleOf(entry).writeUnits),
      price: 'writeUnit',
    },
    {
      what: 'their log',
      units: total(({ entry, runs: each }) => each * bytesOf(entry)) / 1e9,
      price: 'logGigabyte',
    },
    {
      what: 'their traces: the first of each second is recorded',
      units: total(({ worker, runs: each }) => (isTraced(worker) ? each : 0)),
      price: 'trace',
    },
    {
      what: 'their requests for the key, at most one for each table in five minutes',
      units:
        sweeps.length *
        resourcesOf(templates, 'AWS::DynamoDB::Table').length *
        (monthMinutes / tableKeyMinutes),
      price: 'keyRequest',
    },
  ];
};

/** An alarm watches one metric, or those that its expression names. */
const watchedBy = ({ properties }: Found): number => {
  const named = properties['Metrics'];
  return Array.isArray(named) ? named.filter((each) => 'MetricStat' in (each as object)).length : 1;
};

type OfAlarm = { Namespace?: unknown; MetricName?: unknown; Dimensions?: unknown };

/**
 * The metrics of our own that the template names: the functions write them even when nothing happens. Each value of a
 * dimension makes one.
 */
const ownMetrics = (templates: readonly CostTemplate[]): number => {
  const watched = resourcesOf(templates, 'AWS::CloudWatch::Alarm').flatMap(({ properties }): OfAlarm[] => {
    const named = properties['Metrics'] as { MetricStat?: { Metric: OfAlarm } }[] | undefined;
    return named ? named.flatMap(({ MetricStat: stat }) => stat?.Metric ?? []) : [properties];
  });
  const own = watched.filter(({ Namespace }) => Namespace === 'Keyun');
  return new Set(own.map(({ MetricName, Dimensions }) => JSON.stringify([MetricName, Dimensions]))).size;
};

const watchLines = (templates: readonly CostTemplate[]): CostLine[] => {
  const alarms = resourcesOf(templates, 'AWS::CloudWatch::Alarm');
  const composite = resourcesOf(templates, 'AWS::CloudWatch::CompositeAlarm').length;
  const own = ownMetrics(templates);
  return [
    {
      what: `${alarms.length} alarms`,
      units: alarms.reduce((sum, alarm) => sum + watchedBy(alarm), 0),
      price: 'alarm',
    },
    { what: `${composite} composite alarms`, units: composite, price: 'compositeAlarm' },
    { what: `${own} metrics of its own, at most`, units: own, price: 'metric' },
    ...resourcesOf(templates, 'AWS::CloudWatch::Dashboard').map((dashboard): CostLine => {
      const metrics = metricsOn(dashboard);
      return {
        what: `a dashboard of ${metrics} metrics`,
        units: 1,
        price: metrics > 50 ? 'dashboard' : 'smallDashboard',
      };
    }),
  ];
};

/** A graph lists its metrics as rows: `["AWS/Lambda","Errors",…]`. */
const metricsOn = ({ properties }: Found): number =>
  [...JSON.stringify(properties['DashboardBody']).matchAll(/\[\\+"(?:AWS\/\w+|Keyun)\\+",/g)].length;

/** API Gateway's metrics of each route: count, two kinds of errors, two latencies. */
const metricsPerRoute = 5;

/** What each route adds that gets requests all the time, if the stage has detailed metrics: nothing while nobody calls. */
export const detailedMetrics = (templates: readonly CostTemplate[]): CostLine[] => {
  const detailed = resourcesOf(templates, 'AWS::ApiGatewayV2::Stage').some(
    ({ properties }) =>
      (properties['DefaultRouteSettings'] as { DetailedMetricsEnabled?: boolean } | undefined)
        ?.DetailedMetricsEnabled === true,
  );
  const routes = resourcesOf(templates, 'AWS::ApiGatewayV2::Route').length;
  return detailed
    ? [
        {
          what: `detailed metrics, if all ${routes} routes are busy`,
          units: metricsPerRoute * routes,
          price: 'metric',
        },
      ]
    : [];
};

const queueLines = (templates: readonly CostTemplate[]): CostLine[] => {
  const polled = resourcesOf(templates, 'AWS::Lambda::EventSourceMapping').filter(
    ({ properties }) => !('StartingPosition' in properties),
  ).length;
  const requests = (longPolls.connections * monthMinutes * 60) / longPolls.seconds;
  return [
    { what: `${polled} empty queues that Lambda polls`, units: polled * requests, price: 'sqsRequest' },
  ];
};

const firewallLines = (templates: readonly CostTemplate[]): CostLine[] => {
  const lists = resourcesOf(templates, 'AWS::WAFv2::WebACL');
  const rules = lists.reduce(
    (sum, { properties }) => sum + ((properties['Rules'] as unknown[] | undefined) ?? []).length,
    0,
  );
  return [
    { what: `${lists.length} web ACLs`, units: lists.length, price: 'webAcl' },
    { what: `their ${rules} rules`, units: rules, price: 'webAclRule' },
  ];
};

/** A month in which nobody buys, line by line, from the templates and what the bench counted. */
export const idleCosts = (templates: readonly CostTemplate[], counted: Counted): CostLine[] => {
  const many = (type: string) => resourcesOf(templates, type).length;
  const keys = many('AWS::KMS::Key');
  const secrets = many('AWS::SecretsManager::Secret');
  return [
    { what: keys === 1 ? 'a customer key' : `${keys} customer keys`, units: keys, price: 'key' },
    { what: `${secrets} secrets`, units: secrets, price: 'secret' },
    ...watchLines(templates),
    ...queueLines(templates),
    ...sweepLines(templates, counted),
    ...firewallLines(templates),
  ].filter(({ units }) => units > 0);
};
