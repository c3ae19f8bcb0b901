import { refusedCalls } from '../../infra/local/iam/refused-calls.ts';
import { makeDeployment } from '../../infra/local/template/deployment.ts';
import type { StackTemplate } from '../../infra/local/template/template.ts';
import { assembly, ofType, type Resource, type Stack, type Value } from './synthesis.ts';

let stacks: Stack[];
beforeAll(() => {
  ({ stacks } = assembly());
}, 120_000);

const refusedIn = (all: readonly Stack[]): string[] =>
  refusedCalls(
    makeDeployment(
      all.map(({ name, ...template }): StackTemplate => ({ stackName: name, ...template })),
      { api: 'http://api', issuer: 'http://issuer', sqs: 'http://queues' },
    ),
  );

/** What would be refused after this change of one resource. */
const refusedAfter = (id: string, change: (resource: Resource) => Resource | undefined): string[] =>
  refusedIn(
    stacks.map((stack) => {
      const { [id]: resource, ...others } = stack.Resources;
      if (!resource) return stack;
      const changed = change(structuredClone(resource));
      return { ...stack, Resources: { ...others, ...(changed && { [id]: changed }) } };
    }),
  );

const idsOf = (type: string): string[] => stacks.flatMap((stack) => ofType(stack, type).map(([id]) => id));

const idOf = (type: string, wanted: (id: string) => boolean): string => idsOf(type).find(wanted) ?? '';

type Statement = { Effect: string; Action: Value; Condition?: Value };
const statementsIn = (resource: Resource, property: string) =>
  (resource.Properties[property] as unknown as { Statement: Statement[] }).Statement;

/** Takes each statement that grants out of each policy, and says what is refused then. */
const withoutEachGrant = (type: string, property: string, matters: (statement: Statement) => boolean) =>
  stacks.flatMap(({ Resources: resources }) =>
    Object.entries(resources)
      .filter(([, { Type }]) => Type === type)
      .flatMap(([id, resource]) =>
        statementsIn(resource, property).flatMap((statement, index) =>
          statement.Effect === 'Allow' && matters(statement)
            ? [
                {
                  grant: `${id} ${index}`,
                  refused: refusedAfter(id, (copy) => {
                    statementsIn(copy, property).splice(index, 1);
                    return copy;
                  }),
                },
              ]
            : [],
        ),
      ),
  );

test('every route, rule, alarm, topic, queue, stream and workflow may call what it calls', () => {
  expect(refusedIn(stacks)).toEqual([]);
});

test('every permission of a function is needed, and without it exactly its callers are refused', () => {
  const permissions = idsOf('AWS::Lambda::Permission');
  expect(permissions.length).toBeGreaterThan(15);
  const unneeded = permissions.filter((id) => refusedAfter(id, () => undefined).length === 0);
  expect(unneeded).toEqual([]);
});

test('a permission for all routes does not cover unknown paths', () => {
  const arnOf = (id: string) =>
    JSON.stringify(stacks.map(({ Resources }) => Resources[id]?.Properties['SourceArn']));
  const id = idOf('AWS::Lambda::Permission', (each) => arnOf(each).includes('/*/$default'));
  const refused = refusedAfter(id, (permission) => {
    const text = JSON.stringify(permission).replace('/*/$default', '/*/*/*');
    return JSON.parse(text) as Resource;
  });
  expect(refused).toEqual([
    expect.stringMatching(/apigateway may not call .*NotFound.*\/\$default\/\$default/),
  ]);
});

test('queue and topic policies, and the key of topics, are needed by their callers', () => {
  const grants = [
    ...withoutEachGrant('AWS::SQS::QueuePolicy', 'PolicyDocument', () => true),
    ...withoutEachGrant('AWS::SNS::TopicPolicy', 'PolicyDocument', () => true),
    ...withoutEachGrant('AWS::KMS::Key', 'KeyPolicy', ({ Condition }) =>
      JSON.stringify(Condition ?? '').includes('topicArn'),
    ),
  ];
  expect(grants.length).toBeGreaterThan(6);
  expect(grants.filter(({ refused }) => refused.length === 0)).toEqual([]);
});

test('a queue that lets another topic in, or a topic that lets another account in, is found', () => {
  const subscribed = (Condition: Value) => (resource: Resource) => {
    for (const statement of statementsIn(resource, 'PolicyDocument'))
      if (statement.Effect === 'Allow') statement.Condition = Condition;
    return resource;
  };
  const queue = idOf('AWS::SQS::QueuePolicy', (id) => id.startsWith('ApplyPaymentQueue'));
  const other = { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:us-east-1:000000000000:Other' } };
  expect(refusedAfter(queue, subscribed(other))).toEqual([
    expect.stringMatching(/sns may not call .*ApplyPayment/),
  ]);
  const topic = idOf('AWS::SNS::TopicPolicy', (id) => id.startsWith('TopicPolicy'));
  const account = { StringEquals: { 'aws:SourceAccount': '999999999999' } };
  expect(refusedAfter(topic, subscribed(account))).toEqual(
    expect.arrayContaining([expect.stringMatching(/cloudwatch may not call .*Topic/)]),
  );
});

test('a trigger whose function may not read its source, and a workflow that may not call, are found', () => {
  const actions = [
    'sqs:ReceiveMessage',
    'dynamodb:GetRecords',
    'dynamodb:ListStreams',
    'lambda:InvokeFunction',
  ];
  for (const action of actions) {
    const found = withoutEachGrant('AWS::IAM::Policy', 'PolicyDocument', (statement) =>
      [statement.Action].flat().includes(action),
    );
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(({ refused }) => refused.length === 0)).toEqual([]);
  }
});
