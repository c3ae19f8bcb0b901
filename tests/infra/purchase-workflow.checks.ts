import { closingAskedSeconds } from '../../shared/platform/limits.ts';
import { workflowTasks } from '../../shared/selling/workflow-tasks.ts';
import { joined, ofType, assembly, type Template, functionBehind } from './synthesis.ts';

type Named = { ErrorEquals: string[] };
type State = {
  Type: string;
  Resource?: string;
  Parameters?: { FunctionName: string; Payload: Record<string, string> };
  Next?: string;
  End?: boolean;
  TimeoutSeconds?: number;
  TimeoutSecondsPath?: string;
  Retry?: (Named & {
    JitterStrategy?: string;
    IntervalSeconds: number;
    MaxAttempts: number;
    BackoffRate: number;
    MaxDelaySeconds?: number;
  })[];
  Catch?: (Named & { Next: string })[];
};
type Definition = { StartAt: string; QueryLanguage: string; States: Record<string, State> };

let whole: Template;
let text: string;
let definition: Definition;
beforeAll(() => {
  ({ whole } = assembly());
  const [[, machine] = []] = ofType(whole, 'AWS::StepFunctions::StateMachine');
  text = joined(machine?.Properties['DefinitionString']);
  definition = JSON.parse(text) as Definition;
}, 120_000);

const state = (name: string): State => {
  const found = definition.States[name];
  if (!found) throw new Error(`no state ${name}`);
  return found;
};
const tasks = () => Object.entries(definition.States).filter(([, { Type: type }]) => type === 'Task');

/** The states that a purchase goes through when these errors are thrown on the way, first come first thrown. */
const walk = (errors: Readonly<Record<string, string>> = {}): string[] => {
  const path = [];
  for (let name: string | undefined = definition.StartAt; name;) {
    path.push(name);
    const current = state(name);
    const thrown = path.indexOf(name) === path.length - 1 ? errors[name] : undefined;
    if (thrown === undefined) {
      name = current.Next;
      continue;
    }
    const caught = current.Catch?.find(({ ErrorEquals: names }) => names.includes(thrown));
    if (!caught) return [...path, `failed by ${thrown}`];
    name = caught.Next;
  }
  return path;
};

describe('ways through a purchase', () => {
  test('a sold order takes four transitions, the ones from the start and to the end counted', () => {
    const path = walk();
    expect(path).toEqual(['Reserve', 'AwaitPayment', 'Issue']);
    expect(path.length + 1).toBe(4);
    expect(state('Issue').End).toBe(true);
  });

  test.each([
    [
      'the hold ends unpaid',
      { AwaitPayment: 'States.Timeout' },
      ['Reserve', 'AwaitPayment', 'ClosePayment', 'Release'],
    ],
    [
      'the order is cancelled',
      { AwaitPayment: 'OrderCancelled' },
      ['Reserve', 'AwaitPayment', 'ClosePayment', 'Release'],
    ],
    ['it was due before the workflow ran', { Reserve: 'OrderDue' }, ['Reserve', 'ClosePayment', 'Release']],
    ['it was paid before the workflow ran', { Reserve: 'AlreadyPaid' }, ['Reserve', 'Issue']],
    ['there is nothing left to do', { Reserve: 'OrderEnded' }, ['Reserve', 'Ended']],
    [
      'money arrives while the payment is being closed',
      { AwaitPayment: 'States.Timeout', ClosePayment: 'AlreadyPaid' },
      ['Reserve', 'AwaitPayment', 'ClosePayment', 'Issue'],
    ],
    [
      'somebody else has ended the order meanwhile',
      { AwaitPayment: 'States.Timeout', ClosePayment: 'OrderEnded' },
      ['Reserve', 'AwaitPayment', 'ClosePayment', 'Ended'],
    ],
    ['no ticket can be issued', { Issue: 'CannotIssue' }, ['Reserve', 'AwaitPayment', 'Issue', 'Refund']],
    [
      'something breaks that nobody foresaw',
      { Issue: 'TypeError' },
      ['Reserve', 'AwaitPayment', 'Issue', 'failed by TypeError'],
    ],
  ])('%s', (_, errors, path) => {
    expect(walk(errors)).toEqual(path);
  });
});

describe('every task', () => {
  test('tries again what is transient, spread in time', () => {
    expect(
      tasks()
        .map(([name]) => name)
        .sort(),
    ).toEqual(Object.keys(workflowTasks).sort());
    for (const [name, { Retry: [first] = [] }] of tasks()) {
      expect(first).toMatchObject({ JitterStrategy: 'FULL', BackoffRate: 2 });
      expect(first?.ErrorEquals).toEqual(
        expect.arrayContaining([
          'Lambda.ServiceException',
          'Lambda.TooManyRequestsException',
          'Lambda.SdkClientException',
          'Lambda.AWSLambdaException',
          'TransientFailure',
        ]),
      );
      // The time-out of AwaitPayment is the deadline of the hold: trying again would prolong it.
      expect(first?.ErrorEquals.includes('States.Timeout')).toBe(name !== 'AwaitPayment');
    }
  });

  test('is given up by the workflow a little later than by its own function', () => {
    for (const [name, { TimeoutSeconds: seconds, Resource: resource = '' }] of tasks()) {
      if (name === 'AwaitPayment') continue;
      const own = whole.Resources[functionBehind(whole, resource)]?.Properties['Timeout'];
      expect(seconds).toBeGreaterThan(Number(own));
    }
  });
});

test('the wait for the payment ends with the hold, and its token is all that can end it sooner', () => {
  expect(state('AwaitPayment')).toMatchObject({
    TimeoutSecondsPath: '$.secondsLeft',
    ResultPath: null,
    Resource: 'arn:${AWS::Partition}:states:::lambda:invoke.waitForTaskToken',
    Parameters: {
      FunctionName: expect.stringMatching(/^\$\{WorkflowAwaitPaymentLive\w{8}\}$/),
      Payload: { 'orderId.$': '$.orderId', 'taskToken.$': '$$.Task.Token' },
    },
  });
});

test('a provider that has not decided is asked again for longer than it may keep the seats', () => {
  const retry = state('ClosePayment').Retry?.find(({ ErrorEquals: names }) =>
    names.includes('PaymentsUnfinished'),
  );
  const {
    IntervalSeconds: first = 0,
    BackoffRate: rate = 1,
    MaxDelaySeconds: cap = Infinity,
    MaxAttempts: times = 0,
  } = retry ?? {};
  const waits = Array.from({ length: times }, (_, n) => Math.min(cap, first * rate ** n));
  expect(waits[0]).toBe(10);
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(closingAskedSeconds);
});

test('the definition says nothing that the local run would ignore', () => {
  expect(definition.QueryLanguage).toBe('JSONPath');
  expect(text).not.toMatch(/JSONata|"Assign"|Heartbeat|\{%/);
});

test('the workflow is traced and logs errors without what was in them', () => {
  const [[, machine] = []] = ofType(whole, 'AWS::StepFunctions::StateMachine');
  expect(machine?.Properties).toMatchObject({
    StateMachineType: 'STANDARD',
    TracingConfiguration: { Enabled: true },
    LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: false },
  });
});
