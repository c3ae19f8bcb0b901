import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  GetExecutionHistoryCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startAwsJsonServer } from '../../../infra/local/http/aws-json-server.ts';
import { makeDeployment } from '../../../infra/local/template/deployment.ts';
import type { Execution } from '../../../infra/local/workflows/executions.ts';
import type { LocalFunction } from '../../../infra/local/lambda/lambda.ts';
import { startClock } from '../../../infra/local/run/local-clock.ts';
import { freePort } from '../../../infra/local/run/ports.ts';
import { openStepFunctions } from '../../../infra/local/workflows/step-functions.ts';
import { makeTaskTokens } from '../../../infra/local/workflows/task-tokens.ts';
import { fakeFunction, named } from './fake-function.ts';
import { temporaryFolder } from './temporary.ts';

const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Machine';

/** Reserve, then wait for an answer as long as Reserve says, then end; the shape of the purchase. */
const definition = {
  StartAt: 'Reserve',
  States: {
    Reserve: {
      Type: 'Task',
      Resource: arnOf('reserve'),
      TimeoutSeconds: 30,
      Retry: [{ ErrorEquals: ['Transient'], IntervalSeconds: 1, MaxAttempts: 3 }],
      Catch: [{ ErrorEquals: ['OrderEnded'], ResultPath: null, Next: 'Ended' }],
      Next: 'Wait',
    },
    Wait: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: {
        FunctionName: arnOf('await'),
        Payload: { 'orderId.$': '$.orderId', 'taskToken.$': '$$.Task.Token' },
      },
      TimeoutSecondsPath: '$.secondsLeft',
      ResultPath: null,
      Catch: [{ ErrorEquals: ['States.Timeout', 'Cancelled'], ResultPath: null, Next: 'Close' }],
      End: true,
    },
    Close: { Type: 'Task', Resource: arnOf('close'), ResultPath: null, End: true },
    Ended: { Type: 'Succeed' },
  },
};

const deploymentOf = (machine: object, callable = '*') =>
  makeDeployment(
    [
      {
        stackName: 'Test',
        Resources: {
          Machine: {
            Type: 'AWS::StepFunctions::StateMachine',
            Properties: {
              DefinitionString: JSON.stringify(machine),
              RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
            },
          },
          Role: {
            Type: 'AWS::IAM::Role',
            Properties: {
              Policies: [
                {
                  PolicyDocument: {
                    Version: '2012-10-17',
                    Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: callable }],
                  },
                },
              ],
            },
          },
        },
      },
    ],
    { api: '', issuer: '', sqs: '' },
  );

const folder = temporaryFolder();
const stops: (() => Promise<void>)[] = [];
const tokens = new Map<string, string>();
let closed: string[] = [];
let attempts = 0;

const functions: Record<string, LocalFunction> = {
  [arnOf('reserve')]: fakeFunction('reserve', ({ orderId }: { orderId: string }) => {
    if (orderId === 'ended') throw named('OrderEnded');
    if (orderId === 'broken') throw named('Bug');
    if (orderId === 'shaky' && (attempts += 1) < 3) throw named('Transient');
    return { orderId, secondsLeft: orderId === 'short' ? 1 : 60 };
  }),
  [arnOf('await')]: fakeFunction('await', (task: { orderId: string; taskToken: string }) => {
    tokens.set(task.orderId, task.taskToken);
  }),
  [arnOf('close')]: fakeFunction('close', ({ orderId }: { orderId: string }) => void closed.push(orderId)),
};

const open = async (timeScale = 20, callable = '*') => {
  const clock = startClock(join(folder, 'clock.json'), { scale: timeScale, hasData: false });
  const reported: Execution[] = [];
  const workflows = openStepFunctions(deploymentOf(definition, callable), {
    clock,
    tokens: makeTaskTokens(),
    functionOf: (arn) => functions[arn] ?? fakeFunction('none', () => undefined),
    file: join(folder, 'executions.sqlite'),
    onStatus: (execution) => reported.push(execution),
  });
  const server = await startAwsJsonServer(await freePort(), workflows.operations);
  const client = new SFNClient({
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const stop = async () => {
    workflows.stop();
    clock.stop();
    client.destroy();
    await server.stop();
  };
  stops.push(stop);

  const start = (orderId: string, name = `${orderId}-1`) =>
    client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify({ orderId }) }));
  const describe = (name: string) => {
    const executionArn = `${stateMachineArn.replace('stateMachine', 'execution')}:${name}`;
    return client.send(new DescribeExecutionCommand({ executionArn }));
  };
  const ended = async (name: string) => {
    for (;;) {
      const execution = await describe(name);
      if (execution.status !== 'RUNNING') return execution;
      await sleep(10);
    }
  };
  const token = async (orderId: string) => {
    while (!tokens.has(orderId)) await sleep(5);
    return tokens.get(orderId);
  };
  return { client, workflows, reported, start, describe, ended, token, stop };
};

let local: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  tokens.clear();
  closed = [];
  local = await open();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

it('the good way takes four transitions', async () => {
  const { executionArn } = await local.start('good');
  const taskToken = await local.token('good');
  await local.client.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
  expect((await local.ended('good-1')).status).toBe('SUCCEEDED');
  const { events = [] } = await local.client.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'TaskStateExited',
    'TaskStateEntered',
    'TaskStateExited',
    'ExecutionSucceeded',
  ]);
});

it('a name starts one execution: again while it runs is the same, afterwards it is refused', async () => {
  const first = await local.start('names');
  expect((await local.start('names')).executionArn).toBe(first.executionArn);
  await expect(local.start('other input', 'names-1')).rejects.toThrow(ExecutionAlreadyExists);
  await local.client.send(
    new SendTaskSuccessCommand({ taskToken: await local.token('names'), output: '{}' }),
  );
  await local.ended('names-1');
  await expect(local.start('names')).rejects.toThrow(ExecutionAlreadyExists);
});

it('a task that nobody answers times out after what the state before has said, in scaled time', async () => {
  await local.start('short');
  const startedAt = Date.now();
  expect((await local.ended('short-1')).status).toBe('SUCCEEDED');
  expect(closed).toEqual(['short']);
  expect(Date.now() - startedAt).toBeLessThan(900);
  const taskToken = await local.token('short');
  const late = new SendTaskSuccessCommand({ taskToken, output: '{}' });
  await expect(local.client.send(late)).rejects.toThrow(TaskTimedOut);
});

it('errors are caught by their names, from outside and from a function', async () => {
  await local.start('cancelled');
  const taskToken = await local.token('cancelled');
  await local.client.send(new SendTaskFailureCommand({ taskToken, error: 'Cancelled' }));
  await local.ended('cancelled-1');
  expect(closed).toEqual(['cancelled']);
  await local.start('ended');
  expect((await local.ended('ended-1')).status).toBe('SUCCEEDED');
});

it('what nobody catches fails the execution, and is reported', async () => {
  await local.start('broken');
  expect(await local.ended('broken-1')).toMatchObject({ status: 'FAILED', error: 'Bug' });
  expect(local.reported.map(({ status }) => status)).toEqual(['RUNNING', 'FAILED']);
});

it('what may pass is tried again', async () => {
  await local.start('shaky');
  await local.token('shaky');
  expect(attempts).toBe(3);
});

it('an execution that a restart interrupts has failed, is reported once, and its name stays taken', async () => {
  await local.start('interrupted');
  await local.token('interrupted');
  await local.stop();
  const again = await open();
  expect((await again.describe('interrupted-1')).status).toBe('RUNNING');
  again.workflows.reportInterrupted();
  expect((await again.describe('interrupted-1')).status).toBe('FAILED');
  expect(again.reported.filter(({ name }) => name === 'interrupted-1')).toHaveLength(1);
  await expect(again.start('interrupted')).rejects.toThrow(ExecutionAlreadyExists);
  await again.stop();
  const third = await open();
  third.workflows.reportInterrupted();
  expect(third.reported).toEqual([]);
});

it.each<[string, object]>([
  ['JSONata', { ...definition, QueryLanguage: 'JSONata' }],
  ['variables', withState({ Assign: { a: 1 } })],
  ['a heartbeat', withState({ HeartbeatSeconds: 5 })],
  ['a service that is not here', withState({ Resource: 'arn:aws:states:::sns:publish' })],
])('a definition with %s is refused', (_, machine) => {
  const world = {
    clock: startClock(join(folder, 'other-clock.json'), { scale: 1, hasData: false }),
    tokens: makeTaskTokens(),
    functionOf: () => fakeFunction('none', () => undefined),
    file: join(folder, 'other.sqlite'),
    onStatus: () => undefined,
  };
  expect(() => openStepFunctions(deploymentOf(machine), world)).toThrow(/local run does not support/);
});

it('a task whose function the role may not call fails as on AWS', async () => {
  await local.stop();
  local = await open(20, arnOf('reserve'));
  await local.start('forbidden');
  expect(await local.ended('forbidden-1')).toMatchObject({
    status: 'FAILED',
    error: 'Lambda.AWSLambdaException',
    cause: expect.stringContaining(`lacks lambda:InvokeFunction on ${arnOf('await')}`) as string,
  });
});

function withState(change: object) {
  return {
    StartAt: 'One',
    States: { One: { Type: 'Task', Resource: arnOf('close'), End: true, ...change } },
  };
}
