import { nextSteps } from '../../../cli/deploy/next-steps.ts';
import { readSettings } from '../../../cli/deploy/settings.ts';

const outputs = {
  ApiUrl: 'https://api.example',
  AlipaySecretId: 'arn:alipay',
  DocumentSecretId: 'arn:documents',
  MailDnsRecord1: 'one CNAME uno',
  MailDnsRecord2: 'two CNAME due',
};
const prod = {
  stage: 'prod',
  carrier: 'cn-rail',
  mailFrom: 'tickets@rail.example',
  operatorEmail: 'night@rail.example',
};
const stepsOf = (said: Record<string, string>, its: Record<string, string> = outputs): string =>
  nextSteps(its, readSettings(said, {}), 'ap-southeast-1').join('\n');

test('the steps have the commands of this deployment, in the order of the page', () => {
  const steps = stepsOf(prod);
  const expected = [
    'export AWS_REGION=ap-southeast-1 KEYUN_STACK=Keyun-prod',
    'curl https://api.example/v1/health',
    'Confirm the subscription in the mail to night@rail.example',
    'one CNAME uno',
    'two CNAME due',
    'get-email-identity --email-identity rail.example',
    'deploy again with --mail-verified true',
    'put-account-details --production-access-enabled',
    'put-secret-value --secret-id arn:alipay --secret-string file://alipay.json',
    'keyun -- staff add <address> --group operators',
    'keyun -- timetable import <feed.zip> --dry-run',
    'keyun -- sales open --days 30',
    'keyun -- smoke',
    'deploy-check --account --stage prod --carrier cn-rail --context mailFrom=tickets@rail.example',
  ];
  const places = expected.map((text) => steps.indexOf(text));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places.filter((place) => place < 0)).toEqual([]);
  expect(steps).not.toContain('arn:documents');
});

test.each([
  ['a sender that SES has verified', { mailVerified: 'true' }, {}, /^(?!.*get-email-identity)/s],
  ['an address alone', { mailIdentity: 'address' }, {}, /Follow the link in the mail of SES to tickets@rail/],
  [
    'an identity that was there',
    { mailIdentity: 'existing-domain' },
    {},
    /See that SES has verified rail\.example/,
  ],
  [
    'another issuer',
    { issuer: 'https://id.example', audience: 'api' },
    {},
    /Make staff at https:\/\/id\.example[^]*smoke --token <access token>/,
  ],
])('the steps fit %s', (_, said, its, says) => {
  expect(stepsOf({ ...prod, ...said }, its)).toMatch(says);
});

test('the sender that nobody owns must be replaced first', () => {
  const steps = stepsOf({ carrier: 'eu-coach' }, {});
  expect(steps).toMatch(/Deploy again with --mail-from <address>/);
  expect(steps).not.toMatch(/put-account-details/);
});

test('cdk.json speaks where no option does, but never for the carrier', () => {
  const written = {
    stage: 'prod',
    carrier: 'us-rail',
    mailFrom: 'a@rail.example',
    allowedOrigins: ['https://a.example'],
  };
  const { context, deployment } = readSettings(
    { carrier: 'cn-rail', mailFrom: 'b@rail.example', operatorEmail: 'c@rail.example' },
    written,
  );
  expect(deployment).toMatchObject({
    stage: 'prod',
    carrier: 'cn-rail',
    mailFrom: 'b@rail.example',
    allowedOrigins: ['https://a.example'],
  });
  expect(context['stage']).toBe('prod');
  expect(() => readSettings({}, written)).toThrow(/say which carrier/);
});
