import { routes } from '../../functions/routes.ts';
import {
  assembly,
  functionNamed,
  joined,
  ofType,
  functionBehind,
  type Properties,
  type Template,
} from './synthesis.ts';

let whole: Template;
beforeAll(() => {
  ({ whole } = assembly());
}, 120_000);

const stage = () => {
  const [[, found] = []] = ofType(whole, 'AWS::ApiGatewayV2::Stage');
  return found as unknown as { Properties: Properties; DependsOn: string[] };
};

const keys = Object.values(routes)
  .filter(({ caller }) => caller === 'provider')
  .map(({ method, path }) => `${method} ${path}`);

test('each provider’s notifications have a throttle of their own, and no other route has', () => {
  const { DefaultRouteSettings: usual, RouteSettings: apart } = stage().Properties as Record<
    string,
    Record<string, unknown>
  >;
  expect(keys.length).toBeGreaterThan(0);
  expect(Object.keys(apart ?? {}).sort()).toEqual([...keys].sort());
  for (const settings of Object.values(apart ?? {})) {
    // A setting that a route leaves out is AWS's default, not the stage's.
    expect(Object.keys(settings as object).sort()).toEqual(Object.keys(usual ?? {}).sort());
    expect(settings).toMatchObject({ ThrottlingRateLimit: 250, ThrottlingBurstLimit: 125 });
  }
});

test('the stage waits for the routes that its settings name, which AWS refuses otherwise', () => {
  const named = Object.keys(stage().Properties['RouteSettings'] as object);
  const waitsFor = stage().DependsOn.map((id) => whole.Resources[id]?.Properties['RouteKey']);
  expect(waitsFor.sort()).toEqual(named.sort());
});

test('in a new account every queue has as few workers as AWS allows, and triggers collect for a second', () => {
  const mappings = ofType(whole, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);
  const ofQueues = mappings.filter(({ ScalingConfig }) => ScalingConfig);
  expect(ofQueues).toHaveLength(6);
  for (const mapping of ofQueues)
    expect(mapping).toMatchObject({
      ScalingConfig: { MaximumConcurrency: 2 },
      MaximumBatchingWindowInSeconds: 1,
    });
  const ofStreams = mappings.filter(({ StartingPosition }) => StartingPosition);
  expect(ofStreams).toHaveLength(3);
  for (const mapping of ofStreams) {
    expect(mapping['ParallelizationFactor'] ?? 1).toBe(1);
    expect(Number(mapping['MaximumBatchingWindowInSeconds'])).toBeGreaterThanOrEqual(1);
  }
});

test('no function reserves concurrency: AWS refuses that in an account of ten', () => {
  for (const [, { Properties }] of ofType(whole, 'AWS::Lambda::Function'))
    expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
});

test('queues wait for their batching window before a message comes back', () => {
  const [id] = functionNamed(whole, 'events/send-email');
  const mapping = ofType(whole, 'AWS::Lambda::EventSourceMapping').find(
    ([, { Properties }]) => functionBehind(whole, Properties['FunctionName']) === id,
  )?.[1].Properties;
  const queue = whole.Resources[joined(mapping?.['EventSourceArn']).replace(/^\$\{(\w+)\}$/, '$1')];
  expect(Number(queue?.Properties['VisibilityTimeout'])).toBeGreaterThanOrEqual(6 * 30 + 1);
});
