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
      mailVerified: false,
    },
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
    }),
  ).toEqual({
    deployment: {
      ...prod,
      mailFrom: 'tickets@coach.example',
      operatorEmail: 'desk@coach.example',
      mailIdentity: 'existing-domain',
      mailVerified: true,
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
