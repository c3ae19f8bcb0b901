import { providerSecrets } from './provider-secrets.ts';
import { functionNamed, ofType, target, assembly, type Template, functionBehind } from './synthesis.ts';

let whole: Template;
beforeAll(() => {
  ({ whole } = assembly());
}, 120_000);

describe('what must never be lost', () => {
  test('the tables have the keys, indexes and streams that the modules count on', () => {
    const tables = ofType(whole, 'AWS::DynamoDB::Table').map(([id, { Properties: properties }]) => ({
      id: id.slice(0, -8),
      keys: properties['KeySchema'],
      stream: properties['StreamSpecification'],
      indexes: properties['GlobalSecondaryIndexes'],
      ttl: properties['TimeToLiveSpecification'],
    }));

    const hash = (name: string) => ({ AttributeName: name, KeyType: 'HASH' });
    const range = (name: string) => ({ AttributeName: name, KeyType: 'RANGE' });
    const ttl = { AttributeName: 'ttl', Enabled: true };
    const images = { StreamViewType: 'NEW_AND_OLD_IMAGES' };
    const index = (name: string, ...keys: unknown[]) => ({
      IndexName: name,
      KeySchema: keys,
      Projection: { ProjectionType: 'KEYS_ONLY' },
    });
    expect(tables).toEqual([
      { id: 'Timetable', keys: [hash('pk'), range('sk')], ttl },
      { id: 'Inventory', keys: [hash('pk')], stream: images, ttl },
      { id: 'Availability', keys: [hash('pk')], ttl },
      {
        id: 'Bookings',
        keys: [hash('pk'), range('sk')],
        stream: images,
        ttl: { AttributeName: 'ttl', Enabled: true },
        indexes: [
          index('due', hash('dueShard'), range('dueAt')),
          index('byUser', hash('userId'), range('createdAt')),
          {
            ...index('attention', hash('attentionShard'), range('attentionSince')),
            Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['attention'] },
          },
          {
            ...index('books', hash('booksDay'), range('at')),
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      },
    ]);
  });

  test('every table can be wound back, survives its stack and is sealed with the customer’s key', () => {
    const tables = ofType(whole, 'AWS::DynamoDB::Table');
    expect(tables).toHaveLength(4);
    for (const [, table] of tables) {
      expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      expect(table.Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      });
    }
  });

  test('the key is rotated; key and secrets survive their stack', () => {
    const [[, key] = []] = ofType(whole, 'AWS::KMS::Key');
    expect(key).toMatchObject({ DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } });
    const secrets = ofType(whole, 'AWS::SecretsManager::Secret');
    expect(secrets).toHaveLength(2 + providerSecrets.length);
    for (const [, secret] of secrets) expect(secret.DeletionPolicy).toBe('Retain');
    const generated = secrets.filter(([, secret]) => secret.Properties['GenerateSecretString']);
    expect(generated.map(([id]) => id.slice(0, 12)).sort()).toEqual(['MasterSecret', 'TicketSecret']);
  });

  test.each(providerSecrets)('$name is switched off until a person enters its keys', ({ id }) => {
    const [, secret] =
      ofType(whole, 'AWS::SecretsManager::Secret').find(([logicalId]) => logicalId.startsWith(id)) ?? [];
    expect(secret?.Properties['SecretString']).toBe('{}');
  });

  test('users survive their stack too', () => {
    const [[, pool] = []] = ofType(whole, 'AWS::Cognito::UserPool');
    expect(pool).toMatchObject({ DeletionPolicy: 'Retain', Properties: { DeletionProtection: 'ACTIVE' } });
    expect(
      ofType(whole, 'AWS::Cognito::UserPoolGroup').map(([, group]) => group.Properties['GroupName']),
    ).toEqual(['operators', 'gates']);
  });
});

describe('functions', () => {
  test('all run on Node 24 on arm64, are traced, log JSON to a log of their own that ends some day', () => {
    const logs = new Set<string>();
    for (const [, { Properties: properties }] of ofType(whole, 'AWS::Lambda::Function')) {
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON' },
      });
      const { LogGroup: log } = properties['LoggingConfig'] as { LogGroup: { Ref: string } };
      expect(whole.Resources[log.Ref]?.Properties['RetentionInDays']).toBeGreaterThan(0);
      logs.add(log.Ref);
    }
    expect(logs.size).toBe(ofType(whole, 'AWS::Lambda::Function').length);
  });

  test('the time-out of each fits what waits for it', () => {
    const seconds: Record<string, number> = {
      api: 10,
      'payment-callbacks': 10,
      workflow: 30,
      events: 30,
      schedule: 300,
      // A provider's bill of a day may have a hundred thousand rows.
      'schedule/reconcile': 900,
    };
    for (const [, { Properties: properties }] of ofType(whole, 'AWS::Lambda::Function')) {
      const name = String(properties['Description']);
      const [group = ''] = name.split('/');
      expect([name, properties['Timeout']]).toEqual([name, seconds[name] ?? seconds[group]]);
    }
  });

  test('each is reached by something', () => {
    const text = JSON.stringify(
      Object.values(whole.Resources).filter(({ Type: type }) =>
        [
          'AWS::ApiGatewayV2::Integration',
          'AWS::Lambda::EventSourceMapping',
          'AWS::StepFunctions::StateMachine',
          'AWS::Events::Rule',
        ].includes(type),
      ),
    );
    const reached = new Set([...text.matchAll(/"(\w+)"/g)].map(([, id]) => functionBehind(whole, id)));
    const unreached = ofType(whole, 'AWS::Lambda::Function')
      .filter(([id]) => !reached.has(id))
      .map(([, { Properties: properties }]) => properties['Description']);
    expect(unreached).toEqual([]);
  });
});

describe('queues', () => {
  const queues = () => ofType(whole, 'AWS::SQS::Queue');

  test('every queue has dead letters, which are kept for 14 days', () => {
    const working = queues().filter(([, { Properties: properties }]) => 'RedrivePolicy' in properties);
    expect(working).toHaveLength(6);
    for (const [, { Properties: properties }] of working) {
      const { deadLetterTargetArn: arn, maxReceiveCount } = properties['RedrivePolicy'] as Record<
        string,
        never
      >;
      expect(maxReceiveCount).toBe(5);
      expect(whole.Resources[target(arn)]?.Properties['MessageRetentionPeriod']).toBe(14 * 24 * 3600);
    }
  });

  test('a queue without dead letters is the dead letters of something, with an alarm', () => {
    const users = JSON.stringify(
      Object.values(whole.Resources).map(
        ({ Properties: { RedrivePolicy, DestinationConfig, Targets } = {} }) => [
          RedrivePolicy,
          DestinationConfig,
          Targets,
        ],
      ),
    );
    const alarms = JSON.stringify(ofType(whole, 'AWS::CloudWatch::Alarm'));
    const deadLetters = queues().filter(([, { Properties: properties }]) => !('RedrivePolicy' in properties));
    expect(deadLetters).toHaveLength(10);
    for (const [id] of deadLetters) {
      expect(users).toContain(`"${id}"`);
      expect(alarms).toContain(`"${id}"`);
    }
  });

  test('a message stays invisible for six times the time-out of its worker, and failures are reported one by one', () => {
    const mappings = ofType(whole, 'AWS::Lambda::EventSourceMapping').filter(
      ([, { Properties: properties }]) => 'ScalingConfig' in properties,
    );
    expect(mappings).toHaveLength(6);
    for (const [, { Properties: properties }] of mappings) {
      const queue = whole.Resources[target(properties['EventSourceArn'])];
      const worker = whole.Resources[functionBehind(whole, properties['FunctionName'])];
      expect(Number(queue?.Properties['VisibilityTimeout'])).toBeGreaterThanOrEqual(
        6 * Number(worker?.Properties['Timeout']),
      );
      expect(properties['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
    }
  });

  test('each worker gets its own events, as they were published', () => {
    const events = Object.fromEntries(
      ofType(whole, 'AWS::SNS::Subscription').map(([, { Properties: properties }]) => {
        expect(properties['RawMessageDelivery']).toBe(true);
        const { event } = properties['FilterPolicy'] as { event: string[] };
        return [target(properties['Endpoint']).replace(/Queue\w{8}$/, ''), event];
      }),
    );
    expect(events).toEqual({
      StartPurchase: ['order-held'],
      ApplyPayment: ['payment-captured'],
      SubmitRefund: ['refund-requested', 'refund-noticed'],
      AllocateSeats: ['seats-released', 'entry-waiting'],
      SendEmail: [
        'order-held',
        'order-issued',
        'order-disrupted',
        'tickets-refunded',
        'order-expired',
        'order-cancelled',
        'order-refunded',
        'order-refund-granted',
      ],
    });
  });
});

test('streams begin at their oldest record, cut a failing batch and put aside what never succeeds', () => {
  const mapping = (entry: string) => {
    const [id] = functionNamed(whole, entry);
    return ofType(whole, 'AWS::Lambda::EventSourceMapping').find(
      ([, { Properties: properties }]) => functionBehind(whole, properties['FunctionName']) === id,
    )?.[1].Properties;
  };
  for (const entry of ['events/publish-events', 'events/update-availability', 'events/watch-holds']) {
    const properties = mapping(entry);
    expect(properties).toMatchObject({ StartingPosition: 'TRIM_HORIZON', BisectBatchOnFunctionError: true });
    expect(properties?.['MaximumRetryAttempts']).toBeGreaterThan(0);
    expect(properties?.['DestinationConfig']).toHaveProperty('OnFailure.Destination');
  }
  expect(mapping('events/update-availability')?.['MaximumBatchingWindowInSeconds']).toBe(1);
});

test('what is due is seen to every minute, the sweep of the day every five; a purchase that died starts again', () => {
  const rules = ofType(whole, 'AWS::Events::Rule').map(([, { Properties: properties }]) => properties);
  const targets = rules.map(({ Targets: targets }) =>
    (targets as { Arn: { Ref: string } }[]).map(({ Arn }) => target(Arn)),
  );

  const scheduled = (expression: string) =>
    targets[
      rules.findIndex((rule) => rule['ScheduleExpression'] === expression && rule['State'] === 'ENABLED')
    ];
  expect(scheduled('rate(1 minute)')).toEqual([functionNamed(whole, 'schedule/clean-up')[0]]);
  expect(scheduled('rate(5 minutes)')).toEqual([functionNamed(whole, 'schedule/free-orphans')[0]]);
  expect(scheduled('rate(1 hour)')).toEqual([functionNamed(whole, 'schedule/reconcile')[0]]);

  const failed = rules.flatMap(({ EventPattern: pattern }, n) =>
    JSON.stringify(pattern)?.includes('aws.states') ? n : [],
  );
  expect(failed).toHaveLength(1);
  for (const n of failed) {
    expect(rules[n]).toMatchObject({
      EventPattern: { source: ['aws.states'], detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'] } },
    });
  }
  const [restart] = functionNamed(whole, 'events/restart-purchase');
  expect(failed.flatMap((n) => targets[n] ?? [])).toEqual([restart]);
});
