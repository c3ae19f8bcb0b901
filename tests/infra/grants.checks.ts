import { grants } from '../../infra/constructs/grants.ts';
import { actionsOf, exported, list, policies, statementsOf } from './policies.ts';
import { providerSecrets } from './provider-secrets.ts';
import {
  functionNamed,
  joined,
  ofType,
  target,
  assembly,
  type Template,
  type Value,
  functionBehind,
} from './synthesis.ts';

let whole: Template;
beforeAll(() => {
  ({ whole } = assembly());
}, 120_000);

/** What has no permissions below the account, by the lists of each service’s actions. */
const onEverything = new Set([
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'dynamodb:ListStreams',
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
]);

test('no policy names an action by a wildcard, or everything as its resource without a reason', () => {
  for (const { role, statements } of policies()) {
    for (const { Action: action, Resource: resource } of statements) {
      expect({ role, wild: list(action).filter((name) => name.includes('*')) }).toEqual({ role, wild: [] });
      if (!list(resource).includes('*')) continue;
      expect({ role, unreasoned: list(action).filter((name) => !onEverything.has(name)) }).toEqual({
        role,
        unreasoned: [],
      });
    }
  }
});

test('nobody uses AWS’s own policies, which grant more than one function needs', () => {
  for (const [, role] of ofType(whole, 'AWS::IAM::Role')) {
    expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
  }
});

test.each([
  'api/timetable/find-stops',
  'api/timetable/search-journeys',
  'api/timetable/get-run',
  'api/orders/list-orders',
  'api/orders/get-order',
  'api/tickets/get-ticket',
  'api/tickets/get-ticket-code',
  'workflow/reserve',
])('%s can read and nothing else', (entry) => {
  const reads = [
    'dynamodb:GetItem',
    'dynamodb:BatchGetItem',
    'dynamodb:Query',
    'kms:Decrypt',
    'kms:DescribeKey',
  ];
  const own = [
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
  ];
  expect(actionsOf(entry).filter((action) => ![...reads, ...own].includes(action))).toEqual([]);
});

test('a function that needs nothing is granted nothing but its log', () => {
  expect(actionsOf('api/about/health').sort()).toEqual([
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'xray:PutTelemetryRecords',
    'xray:PutTraceSegments',
  ]);
});

describe('whoever may', () => {
  const whoMay = (action: string) =>
    Object.keys(grants)
      .filter((entry) => actionsOf(entry).includes(action))
      .sort();

  test('start, wake or cancel a purchase', () => {
    expect(whoMay('states:StartExecution')).toEqual(['events/restart-purchase', 'events/start-purchase']);
    expect(whoMay('states:SendTaskSuccess')).toEqual([
      'api/exchanges/accept-offer',
      'api/orders/cancel-order',
      'events/apply-payment',
      'schedule/clean-up',
      'workflow/await-payment',
      'workflow/close-payment',
    ]);
    expect(whoMay('states:SendTaskFailure')).toEqual(['api/orders/cancel-order', 'workflow/await-payment']);
  });

  test('does it with the one workflow of its stage', () => {
    for (const { statements } of policies()) {
      for (const { Action: action, Resource: resource } of statements) {
        if (!list(action).some((name) => name.startsWith('states:'))) continue;
        expect(joined(resource)).toBe(
          'arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:Keyun-dev-purchase',
        );
      }
    }
    const [[, machine] = []] = ofType(whole, 'AWS::StepFunctions::StateMachine');
    expect(machine?.Properties['StateMachineName']).toBe('Keyun-dev-purchase');
  });

  test('publish events is the function behind the stream alone', () => {
    expect(whoMay('sns:Publish')).toEqual(['events/publish-events']);
  });

  test('send mail is one function, from our own address', () => {
    expect(whoMay('ses:SendEmail')).toEqual(['events/send-email']);
    const mail = statementsOf('events/send-email').find(({ Action: action }) =>
      list(action).includes('ses:SendEmail'),
    );
    expect(mail?.Condition).toEqual({ StringEquals: { 'ses:FromAddress': 'tickets@keyun.example' } });
  });

  const writersOf = (table: string) =>
    Object.keys(grants)
      .filter((entry) =>
        statementsOf(entry).some(
          ({ Action: action, Resource: resource }) =>
            list(action).some((name) => /:(Put|Update)Item$/.test(name)) &&
            list(resource).some((one) => exported(one) === table),
        ),
      )
      .sort();

  test('change what is left of a run takes seats, gives them back or counts them', () => {
    expect(writersOf('Inventory')).toEqual([
      'api/exchanges/accept-offer',
      'api/exchanges/make-offer',
      'api/orders/cancel-order',
      'api/orders/place-order',
      'api/refunds/accept-offer',
      'events/allocate-seats',
      'events/apply-payment',
      'schedule/clean-up',
      'schedule/free-orphans',
      'workflow/close-payment',
      'workflow/issue',
      'workflow/release',
    ]);
    expect(writersOf('Availability')).toEqual([
      'api/exchanges/make-offer',
      'api/orders/place-order',
      'events/update-availability',
      'schedule/free-orphans',
    ]);
    // An order freezes a run; the clean-up lets it follow the timetable.
    expect(writersOf('Timetable')).toEqual([
      'api/exchanges/make-offer',
      'api/orders/place-order',
      'schedule/clean-up',
    ]);
  });

  const readersOf = (secret: string) =>
    Object.keys(grants)
      .filter((entry) =>
        statementsOf(entry).some(
          ({ Action: action, Resource: resource }) =>
            list(action).some((name) => name.startsWith('secretsmanager:')) &&
            list(resource).some((one) => exported(one) === secret),
        ),
      )
      .sort();

  test('read the key that signs tickets issues them, or tells gates its public half and touches no table', () => {
    expect(readersOf('TicketSecret')).toEqual([
      'api/exchanges/accept-offer',
      'api/gate/list-keys',
      'events/allocate-seats',
      'schedule/clean-up',
      'workflow/issue',
    ]);
    expect(grants['api/gate/list-keys']).toEqual({ secrets: ['tickets'] });
  });

  test.each(providerSecrets)(
    'read the keys of $name calls it, says whether it is switched on, or is its callback',
    ({ name, id }) => {
      expect(readersOf(id)).toEqual(
        [
          'api/orders/cancel-order',
          'api/payments/create-payment',
          'api/payments/list-methods',
          'events/submit-refund',
          `payment-callbacks/${name}`,
          'schedule/clean-up',
          'schedule/reconcile',
          'workflow/close-payment',
        ].sort(),
      );
    },
  );

  test('read the keys of documents places orders, and cannot sign a ticket', () => {
    expect(readersOf('MasterSecret')).toEqual([
      'api/exchanges/make-offer',
      'api/orders/place-order',
      'api/waitlist/join-waitlist',
    ]);
  });

  test('read a secret may do nothing else with it, and no secret but those of the data stack', () => {
    const secrets = ['MasterSecret', 'TicketSecret', ...providerSecrets.map(({ id }) => id)];
    expect(new Set(whoMay('secretsmanager:GetSecretValue'))).toEqual(new Set(secrets.flatMap(readersOf)));
    const others = Object.keys(grants)
      .flatMap(actionsOf)
      .filter((action) => action.startsWith('secretsmanager:'));
    expect(new Set(others)).toEqual(new Set(['secretsmanager:GetSecretValue']));
  });

  test('delete what was booked does not exist', () => {
    expect(whoMay('dynamodb:DeleteItem')).toEqual([]);
  });
});

test('the workflow may invoke its own six functions, and only as they are', () => {
  const [[, machine] = []] = ofType(whole, 'AWS::StepFunctions::StateMachine');
  const role = target(machine?.Properties['RoleArn']);
  const invoke = policies()
    .find((policy) => policy.role === role)
    ?.statements.find(({ Action: action }) => list(action).includes('lambda:InvokeFunction'));
  expect(
    list(invoke?.Resource ?? [])
      .map((arn) => whole.Resources[functionBehind(whole, arn)]?.Properties['Description'])
      .sort(),
  ).toEqual(
    Object.keys(grants)
      .filter((entry) => entry.startsWith('workflow/'))
      .sort(),
  );
});

test('a function is told of exactly what it is granted', () => {
  const variables: Record<string, string> = {
    TIMETABLE_TABLE: 'Timetable',
    INVENTORY_TABLE: 'Inventory',
    AVAILABILITY_TABLE: 'Availability',
    BOOKINGS_TABLE: 'Bookings',
    DOCUMENT_SECRET_ID: 'MasterSecret',
    TICKET_SECRET_ID: 'TicketSecret',
    ...Object.fromEntries(providerSecrets.map(({ variable, id }) => [variable, id])),
  };
  for (const entry of Object.keys(grants)) {
    const [, { Properties: properties }] = functionNamed(whole, entry);
    const { Variables: environment } = properties['Environment'] as { Variables: Record<string, Value> };
    const told = Object.entries(environment).flatMap(([name, value]) => {
      const expected = variables[name];
      if (expected !== undefined) expect(exported(value)).toBe(expected);
      return expected ?? [];
    });
    const granted = statementsOf(entry)
      .filter(({ Action: action }) =>
        list(action).some((name) => /^dynamodb:(?!.*Stream|GetRecords|GetShard)|^secretsmanager:/.test(name)),
      )
      .flatMap(({ Resource: resource }) => list(resource).map(exported));
    expect({ entry, told: [...new Set(told)].sort() }).toEqual({ entry, told: [...new Set(granted)].sort() });
  }
});
