import { functionNamed, synthesize, templates } from './synthesis.ts';

describe('stages', () => {
  test('another stage, carrier and address are a matter of context', () => {
    const production = templates(
      synthesize({
        stage: 'prod',
        carrier: 'eu-coach',
        mailFrom: 'tickets@coach.example',
        operatorEmail: 'desk@coach.example',
        publicUrl: 'https://coach.example',
      }),
    );
    const [, sendEmail] = functionNamed(production.whole, 'events/send-email');
    expect(sendEmail.Properties['Environment']).toMatchObject({
      Variables: {
        KEYUN_STAGE: 'prod',
        KEYUN_CARRIER: 'eu-coach',
        MAIL_FROM: 'tickets@coach.example',
      },
    });
    expect(production.carriers).toEqual({
      'api/orders/place-order': expect.objectContaining({ carrierId: 'eu-coach', currency: 'EUR' }),
      'api/about/health': undefined,
    });
    const [, createPayment] = functionNamed(production.whole, 'api/payments/create-payment');
    expect(createPayment.Properties).toHaveProperty(
      'Environment.Variables.PUBLIC_URL',
      'https://coach.example',
    );
  }, 60_000);

  test('no carrier at all is refused in one line, and so is a stage that nobody has heard of', () => {
    const { status, stderr, stacks } = synthesize({ carrier: '', stage: 'production', mailFrom: 'nobody' });
    expect(stderr.split('\n')).toEqual([
      '--context stage: must be one of dev, prod',
      'choose a carrier with --context carrier=<name>, or in cdk.json',
      '--context mailFrom: must be an e-mail address',
      '',
    ]);
    expect([status, stacks]).toEqual([2, []]);
  });

  test('a carrier that is not in carriers/ is refused in one line', () => {
    const { status, stderr, stacks } = synthesize({ carrier: 'eu-couch' });
    expect(stderr).toBe('there is no carrier "eu-couch": choose one of air, cn-rail, eu-coach, us-rail\n');
    expect([status, stacks]).toEqual([2, []]);
  });
});
