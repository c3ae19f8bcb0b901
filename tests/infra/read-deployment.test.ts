import { readDeployment } from '../../infra/read-deployment.ts';

test('a carrier must be chosen; everything else has a default, or stays absent', () => {
  expect(readDeployment({ stage: undefined })).toEqual({
    refusals: ['choose a carrier with --context carrier=<name>, or in cdk.json'],
  });
  expect(readDeployment({ carrier: 'eu-coach', publicUrl: undefined })).toEqual({
    deployment: { carrier: 'eu-coach', stage: 'dev', mailFrom: 'tickets@keyun.example' },
  });
});

test('each value that cannot be used is told in a line of its own', () => {
  expect(readDeployment({ carrier: 7, publicUrl: 'here' })).toEqual({
    refusals: ['--context carrier: must be a string', '--context publicUrl: must be a web address'],
  });
});
