import { readDeployment } from '../../infra/read-deployment.ts';

test('a carrier must be chosen; everything else has a default, or stays absent', () => {
  expect(readDeployment({ stage: undefined })).toEqual({
    refusals: ['choose a carrier with --context carrier=<name>, or in cdk.json'],
  });
  expect(readDeployment({ carrier: 'eu-coach', publicUrl: undefined })).toEqual({
    deployment: {
      carrier: 'eu-coach',
      stage: 'dev',
      mailFrom: 'tickets@keyun.example',
      mailIdentity: 'domain',
      release: 'at-once',
      hasFirewall: false,
      mailVerified: false,
      concurrency: 10,
      gatewayRate: 2500,
      signIn: { by: 'cognito', plan: 'essentials' },
      detailedMetrics: false,
    },
  });
});

test('origins are those of pages, from a list or a line', () => {
  const [one, other] = ['https://tickets.example', 'http://localhost:5173'];
  for (const allowedOrigins of [[one, other], `${one}, ${other}`])
    expect(readDeployment({ carrier: 'eu-coach', allowedOrigins })).toMatchObject({
      deployment: { allowedOrigins: [one, other] },
    });
  for (const allowedOrigins of ['', [], undefined])
    expect(readDeployment({ carrier: 'eu-coach', allowedOrigins })).not.toHaveProperty(
      'deployment.allowedOrigins',
    );
});

test.each([
  '*',
  'null',
  'tickets.example',
  'https://tickets.example/',
  'https://tickets.example/app',
  'https://Tickets.example',
  'https://*.tickets.example',
  'https://tickets.example:443',
  'https://user@tickets.example',
  'http://tickets.example',
  'ftp://tickets.example',
])('%s is no origin, which one line says', (origin) => {
  expect(readDeployment({ carrier: 'eu-coach', allowedOrigins: `https://a.example,${origin}` })).toEqual({
    refusals: [
      `--context allowedOrigins: "${origin}" is not an origin: write the scheme and the host alone, such as https://tickets.example`,
    ],
  });
});

test('each value that cannot be used is told in a line of its own', () => {
  expect(readDeployment({ carrier: 7, publicUrl: 'here' })).toEqual({
    refusals: ['--context carrier: must be a string', '--context publicUrl: must be a web address'],
  });
});

test('stage prod needs a sender of mails and an address for alarms, and each missing one is told in a line', () => {
  const prod = { carrier: 'eu-coach', stage: 'prod' };
  expect(readDeployment(prod)).toEqual({
    refusals: [
      'choose the sender of mails to passengers with --context mailFrom=tickets@<your domain>: stage prod has no default',
      'choose who gets mails about problems with --context operatorEmail=<address>: stage prod has no default',
    ],
  });
  expect(readDeployment({ ...prod, mailFrom: 'tickets@coach.example' })).toEqual({
    refusals: [expect.stringContaining('--context operatorEmail=')],
  });
  expect(
    readDeployment({
      ...prod,
      mailFrom: 'tickets@coach.example',
      operatorEmail: 'desk@coach.example',
      mailIdentity: 'existing-domain',
      mailVerified: 'true',
      concurrency: '1000',
      gatewayRate: 10_000,
    }),
  ).toEqual({
    deployment: {
      ...prod,
      mailFrom: 'tickets@coach.example',
      operatorEmail: 'desk@coach.example',
      mailIdentity: 'existing-domain',
      mailVerified: true,
      concurrency: 1000,
      gatewayRate: 10_000,
      signIn: { by: 'cognito', plan: 'essentials' },
      detailedMetrics: false,
      release: 'gradual',
      hasFirewall: false,
    },
  });
});

test.each([undefined, 'false', false])(
  'mailVerified=%p means that the identity is not verified yet',
  (mailVerified) => {
    expect(readDeployment({ carrier: 'eu-coach', mailVerified })).toMatchObject({
      deployment: { mailVerified: false },
    });
  },
);

test('a kind of identity and a yes or no that nobody knows are refused', () => {
  expect(readDeployment({ carrier: 'eu-coach', mailIdentity: 'both', mailVerified: 'perhaps' })).toEqual({
    refusals: [
      '--context mailIdentity: must be one of domain, address, existing-domain, existing-address',
      '--context mailVerified: must be one of true, false',
    ],
  });
});

test('quotas are whole numbers that AWS gives', () => {
  expect(readDeployment({ carrier: 'eu-coach', concurrency: '9', gatewayRate: 'many' })).toEqual({
    refusals: [
      expect.stringMatching(/^--context concurrency: .*10/),
      expect.stringMatching(/^--context gatewayRate: must be a number/),
    ],
  });
});

describe('what stands before the API', () => {
  const values = {
    domain: 'booking.coach.example',
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/c',
    webAclArn: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/WebAcl/w',
  };
  const read = (more: object) => readDeployment({ carrier: 'eu-coach', ...more });

  test('is nothing, or a firewall alone, or a distribution whose domain begins every link', () => {
    expect(read({})).toMatchObject({ deployment: { hasFirewall: false } });
    expect(read({ front: 'firewall' })).toMatchObject({ deployment: { hasFirewall: true } });
    expect(read({ front: 'firewall' })).not.toHaveProperty('deployment.front');
    expect(read({ front: 'on', ...values })).toMatchObject({
      deployment: { front: values, hasFirewall: true, publicUrl: 'https://booking.coach.example' },
    });
  });

  test('needs three values, and a line names each that is missing', () => {
    expect(read({ front: 'on', domain: values.domain })).toEqual({
      refusals: [
        '--context certificateArn: front=on needs its certificate in us-east-1',
        '--context webAclArn: front=on needs the output WebAclArn of the stack Keyun-<stage>-Firewall (front=firewall makes it)',
      ],
    });
  });

  test.each([
    ['domain', 'https://booking.coach.example', 'must be a domain, such as booking.example.com'],
    [
      'certificateArn',
      'arn:aws:acm:eu-central-1:123456789012:certificate/c',
      'must be a certificate of us-east-1: CloudFront takes no other',
    ],
    [
      'webAclArn',
      'arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/WebAcl/w',
      'must be the output WebAclArn of the stack Keyun-<stage>-Firewall, which is in us-east-1',
    ],
    ['front', 'yes', 'must be one of off, firewall, on'],
  ])('%s %s is refused', (name, value, why) => {
    expect(read({ front: 'on', ...values, [name]: value })).toEqual({
      refusals: [`--context ${name}: ${why}`],
    });
  });
});
