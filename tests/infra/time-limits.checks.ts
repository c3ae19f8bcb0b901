import { grants, type FunctionName, type Grants } from '../../infra/constructs/grants.ts';
import { providerNames } from '../../shared/payments/known-providers.ts';
import { functionLimits, mailLimits } from '../../shared/platform/aws-client.ts';
import {
  notificationAnswer,
  providerLimits,
  leaseLimits,
  secretLimits,
  queueAnswer,
  streamLimits,
  sweepLimits,
} from '../../shared/platform/limits.ts';
import { sampleCarrier } from '../support/sample-carrier.ts';
import { assembly, joined, ofType, target, type Template, functionBehind } from './synthesis.ts';
import { complaints, type Limits } from './time-limits.ts';

const secondsOf = (whole: Template): Limits['functions'] =>
  Object.fromEntries(
    ofType(whole, 'AWS::Lambda::Function').map(([, { Properties: properties }]) => {
      const entry = String(properties['Description']);
      const { secrets = [], mails }: Grants = grants[entry as FunctionName];
      return [
        entry,
        {
          seconds: Number(properties['Timeout']),
          asksProviders: providerNames.some((name) => secrets.includes(name)),
          mails: mails === true,
        },
      ];
    }),
  );

const entryOf = (whole: Template, id: string): string =>
  String(whole.Resources[id]?.Properties['Description']);

const queuesOf = (whole: Template): Limits['queues'] =>
  ofType(whole, 'AWS::Lambda::EventSourceMapping').flatMap(([, { Properties: properties }]) => {
    const queue = whole.Resources[target(properties['EventSourceArn'])];
    if (queue?.Type !== 'AWS::SQS::Queue') return [];
    const {
      VisibilityTimeout: visible,
      RedrivePolicy: redrive,
      MessageRetentionPeriod: kept,
    } = queue.Properties;
    return [
      {
        worker: entryOf(whole, functionBehind(whole, properties['FunctionName'])),
        visibilitySeconds: Number(visible),
        batchingSeconds: Number(properties['MaximumBatchingWindowInSeconds'] ?? 0),
        receives: Number((redrive as { maxReceiveCount: number }).maxReceiveCount),
        keptSeconds: Number(kept ?? 4 * 86_400),
      },
    ];
  });

const routesOf = (whole: Template): Limits['routes'] =>
  ofType(whole, 'AWS::ApiGatewayV2::Integration').map(([, { Properties: properties }]) => ({
    function: entryOf(whole, functionBehind(whole, properties['IntegrationUri'])),
    milliseconds: Number(properties['TimeoutInMillis']),
  }));

type Retrier = { MaxAttempts: number; IntervalSeconds: number; BackoffRate: number; MaxDelaySeconds: number };
type State = {
  Type: string;
  Resource: string;
  Parameters?: { FunctionName: string };
  TimeoutSeconds?: number;
  Retry?: Retrier[];
};

const workflowOf = (whole: Template): Limits['workflow'] => {
  const [[, machine] = []] = ofType(whole, 'AWS::StepFunctions::StateMachine');
  const text = joined(machine?.Properties['DefinitionString']);
  const { States: states, TimeoutSeconds: seconds } = JSON.parse(text) as {
    States: Record<string, State>;
    TimeoutSeconds?: number;
  };
  const tasks = Object.entries(states).filter(([, { Type: type }]) => type === 'Task');
  return {
    seconds: seconds ?? Infinity,
    tasks: tasks.map(
      ([name, { Resource: resource, Parameters: sent, TimeoutSeconds: own, Retry: retry = [] }]) => ({
        name,
        function: entryOf(whole, functionBehind(whole, sent?.FunctionName ?? resource)),
        seconds: own,
        retries: retry.map((each) => ({
          times: each.MaxAttempts,
          waitSeconds: Array.from({ length: each.MaxAttempts }, (_, n) =>
            Math.min(each.MaxDelaySeconds, each.IntervalSeconds * each.BackoffRate ** n),
          ).reduce((sum, wait) => sum + wait, 0),
        })),
      }),
    ),
  };
};

let limits: Limits;
beforeAll(() => {
  const { whole } = assembly();
  limits = {
    functions: secondsOf(whole),
    queues: queuesOf(whole),
    routes: routesOf(whole),
    workflow: workflowOf(whole),
    calls: { usual: functionLimits, mail: mailLimits },
    provider: providerLimits,
    notificationAnswer,
    queueAnswer,
    stream: streamLimits,
    sweep: sweepLimits,
    secrets: secretLimits,
    lease: leaseLimits,
    holdSeconds: sampleCarrier.holdSeconds,
  };
}, 120_000);

test('everything has a limit, and each fits into what is around it', () => {
  expect(Object.keys(limits.functions).sort()).toEqual(Object.keys(grants).sort());
  expect(limits.queues).toHaveLength(6);
  expect(limits.routes.length).toBeGreaterThan(10);
  expect(limits.workflow.tasks).toHaveLength(6);
  expect(complaints(limits)).toEqual([]);
});

/** The limits with another number in one place. */
const changed = (change: (copy: Limits) => void): Limits => {
  const copy = structuredClone(limits);
  change(copy);
  return copy;
};
const task = ({ workflow }: Limits, name: string) => workflow.tasks.find((each) => each.name === name)!;

test.each<[string, (copy: Limits) => void, RegExp]>([
  [
    'a function that a call outlasts',
    (all) => (all.functions['api/orders/get-order']!.seconds = 9),
    /get-order.*call/,
  ],
  ['more attempts of a call', (all) => (all.calls.usual.attempts = 4), /a call/],
  ['a slower connection', (all) => (all.calls.usual.connectMilliseconds = 2600), /connect/],
  ['a mail that outlasts its function', (all) => (all.calls.mail.attemptMilliseconds = 9000), /send-email/],
  ['a provider waited for too long', (all) => (all.provider.patience = 7500), /provider/],
  ['two requests of a provider that do not fit', (all) => (all.provider.request = 3500), /provider/],
  ['a dead sweep that keeps the next out', (all) => (all.lease.lasts = 60_000), /lease/],
  ['an item that outlasts its lease', (all) => (all.lease.lasts = 34_000), /lease/],
  ['a changed secret that is late', (all) => (all.secrets.age = 270_000), /a changed secret/],
  ['a notification that waits for a secret', (all) => (all.secrets.patience = 1300), /a wait for a secret/],
  ['no time to write what was learnt', (all) => (all.provider.reserve = 2000), /provider/],
  ['a notification that hangs', (all) => (all.notificationAnswer = 3000), /notification/],
  ['a queue whose message comes back too soon', (all) => (all.queues[0]!.visibilitySeconds = 179), /queue/],
  ['messages forgotten before they are dead', (all) => (all.queues[0]!.keptSeconds = 800), /queue/],
  [
    'a gateway that does not wait for its function',
    (all) => (all.routes[0]!.milliseconds = 10_000),
    /gateway/,
  ],
  ['a wait beyond the gateway’s own', (all) => (all.routes[0]!.milliseconds = 30_001), /gateway/],
  ['a task that gives its function up', (all) => (task(all, 'Issue').seconds = 30), /Issue/],
  ['a task without a limit', (all) => (task(all, 'Issue').seconds = undefined), /Issue/],
  ['a workflow that ends before its tasks', (all) => (all.workflow.seconds = 6000), /workflow/],
  ['a workflow without an end', (all) => (all.workflow.seconds = Infinity), /workflow/],
  ['an item that a call outlasts', (all) => (all.stream.item = 9000), /stream/],
  ['items that one hung one keeps all from', (all) => (all.stream.item = 15_000), /stream/],
  ['a sweep that begins what it cannot finish', (all) => (all.sweep.reserve = 34_000), /sweep/],
  [
    'a sweep without time for its items',
    (all) => (all.functions['schedule/clean-up']!.seconds = 90),
    /clean-up/,
  ],
])('%s is found', (_, change, what) => {
  expect(complaints(changed(change)).join('\n')).toMatch(what);
});
