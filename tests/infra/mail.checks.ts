import { assembly, joined, ofType, synthesize, target, templates, type Template } from './synthesis.ts';

let whole: Template;
beforeAll(() => {
  ({ whole } = assembly());
}, 120_000);

const production = (context: Record<string, string>) =>
  templates(
    synthesize({
      stage: 'prod',
      mailFrom: 'tickets@coach.example',
      operatorEmail: 'desk@coach.example',
      ...context,
    }),
  );

describe('the sender of mails', () => {
  test('is a domain that its owner proves by records, which the stack puts out', () => {
    const { stacks, whole: stage } = production({});
    const [[id, identity] = []] = ofType(stage, 'AWS::SES::EmailIdentity');
    expect(identity?.Properties).toMatchObject({ EmailIdentity: 'coach.example' });
    const data = stacks.find(({ name }) => name === 'Keyun-prod-Data');
    const records = Object.entries(data?.Outputs ?? {}).filter(([name]) => name.startsWith('MailDnsRecord'));
    expect(records).toHaveLength(3);
    for (const [, { Value: value }] of records)
      expect(JSON.stringify(value)).toMatch(new RegExp(`${id}.*DkimDNSTokenName.*CNAME.*DkimDNSTokenValue`));
  }, 60_000);

  test('is an address where the domain belongs to somebody else', () => {
    const { stacks, whole: stage } = production({ mailIdentity: 'address' });
    const [[, identity] = []] = ofType(stage, 'AWS::SES::EmailIdentity');
    expect(identity?.Properties).toMatchObject({ EmailIdentity: 'tickets@coach.example' });
    const outputs = stacks.flatMap(({ Outputs }) => Object.keys(Outputs));
    expect(outputs.filter((name) => name.startsWith('MailDnsRecord'))).toEqual([]);
  }, 60_000);

  test('is left alone if another stage of the account has made it', () => {
    const { whole: stage } = production({ mailIdentity: 'existing-domain' });
    expect(ofType(stage, 'AWS::SES::EmailIdentity')).toEqual([]);
    expect(ofType(stage, 'AWS::SES::ConfigurationSet')).toHaveLength(1);
  }, 60_000);

  test('has a configuration set that keeps SES from mailing addresses that bounced or complained', () => {
    const [[, set] = []] = ofType(whole, 'AWS::SES::ConfigurationSet');
    expect(set?.Properties['SuppressionOptions']).toEqual({ SuppressedReasons: ['BOUNCE', 'COMPLAINT'] });
  });
});

test('the function that sends mail is granted all that SES checks, from the one sender', () => {
  const [[setId] = []] = ofType(whole, 'AWS::SES::ConfigurationSet');
  const statements = ofType(whole, 'AWS::IAM::Policy').flatMap(
    ([, { Properties }]) =>
      (
        Properties['PolicyDocument'] as unknown as {
          Statement: { Action: string | string[]; Resource: never; Condition?: unknown }[];
        }
      ).Statement,
  );
  const mail = statements.filter(({ Action }) => [Action].flat().includes('ses:SendEmail'));
  expect(mail).toHaveLength(1);
  const arn = 'arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:';
  expect(([mail[0]?.Resource].flat() as never[]).map(joined).sort()).toEqual([
    `${arn}configuration-set/\${${setId}}`,
    `${arn}identity/*`,
  ]);
  expect(mail[0]?.Condition).toEqual({ StringEquals: { 'ses:FromAddress': 'tickets@keyun.example' } });
});

test('the function that sends mail knows the configuration set', () => {
  const [, { Properties }] = ofType(whole, 'AWS::Lambda::Function').find(
    ([
      ,
      {
        Properties: { Description },
      },
    ]) => Description === 'events/send-email',
  )!;
  const { Variables } = Properties['Environment'] as { Variables: Record<string, never> };
  expect(whole.Resources[target(Variables['MAIL_CONFIGURATION_SET'])]?.Type).toBe(
    'AWS::SES::ConfigurationSet',
  );
});

describe('what SES reports', () => {
  const asked = ['bounce', 'complaint', 'reject', 'renderingFailure', 'deliveryDelay'];

  test('about the configuration set’s mails comes by EventBridge', () => {
    const [[setId] = []] = ofType(whole, 'AWS::SES::ConfigurationSet');
    const [[, destination] = []] = ofType(whole, 'AWS::SES::ConfigurationSetEventDestination');
    expect(target(destination?.Properties['ConfigurationSetName'])).toBe(setId);
    const { Enabled, MatchingEventTypes, EventBridgeDestination } = destination?.Properties[
      'EventDestination'
    ] as { Enabled: never; MatchingEventTypes: never; EventBridgeDestination: Record<string, never> };
    expect({ Enabled, MatchingEventTypes }).toEqual({ Enabled: true, MatchingEventTypes: asked });
    expect(joined(EventBridgeDestination['EventBusArn'])).toMatch(/:event-bus\/default$/);
  });

  test('reaches the function that records it, if it is about a mail of this stage to a passenger', () => {
    const [, rule] = ofType(whole, 'AWS::Events::Rule').find(([, { Properties }]) =>
      JSON.stringify(Properties['EventPattern'])?.includes('aws.ses'),
    )!;
    const { detail, 'detail-type': types } = rule.Properties['EventPattern'] as unknown as {
      detail: { mail: { tags: never } };
      'detail-type': string[];
    };
    expect(types).toHaveLength(asked.length);
    const [[setId] = []] = ofType(whole, 'AWS::SES::ConfigurationSet');
    expect(detail.mail.tags).toEqual({
      'ses:configuration-set': [{ Ref: setId }],
      'keyun-event': [{ exists: true }],
    });
    const [{ Arn: queueArn }] = rule.Properties['Targets'] as [{ Arn: never }];
    const [, mapping] = ofType(whole, 'AWS::Lambda::EventSourceMapping').find(
      ([, { Properties }]) => target(Properties['EventSourceArn']) === target(queueArn),
    )!;
    expect(whole.Resources[target(mapping.Properties['FunctionName'])]?.Properties['Description']).toBe(
      'events/record-mail-report',
    );
    // EventBridge may put events there.
    const [, policy] = ofType(whole, 'AWS::SQS::QueuePolicy').find(
      ([, { Properties }]) => target((Properties['Queues'] as never[])[0]) === target(queueArn),
    )!;
    expect(JSON.stringify(policy.Properties)).toContain('events.amazonaws.com');
  });
});
