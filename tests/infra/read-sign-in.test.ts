import { readDeployment } from '../../infra/read-deployment.ts';

describe('who signs users in', () => {
  const carrier = 'eu-coach';
  const signInDomain = 'sign-in.coach.example';
  const signInCertificate = 'arn:aws:acm:us-east-1:111122223333:certificate/0000-1111';
  const issuer = 'https://id.coach.example';

  test('is Cognito, with its plan and a domain of the carrier’s own', () => {
    expect(readDeployment({ carrier, signInPlan: 'lite', signInDomain, signInCertificate })).toHaveProperty(
      'deployment.signIn',
      {
        by: 'cognito',
        plan: 'lite',
        domain: { name: signInDomain, certificateArn: signInCertificate },
      },
    );
  });

  test('is another issuer, with the audiences of its access tokens', () => {
    expect(readDeployment({ carrier, issuer, audience: ' keyun, ,desk ' })).toHaveProperty(
      'deployment.signIn',
      { by: 'issuer', issuer, audiences: ['keyun', 'desk'] },
    );
  });

  test.each<[Record<string, string>, string]>([
    [{ signInPlan: 'plus' }, '--context signInPlan: must be one of essentials, lite'],
    [
      { signInDomain: 'https://x' },
      '--context signInDomain: must be a domain such as sign-in.carrier.example',
    ],
    [{ signInDomain }, '--context signInCertificate: is missing; the domain needs it'],
    [{ signInCertificate }, '--context signInDomain: is missing; the certificate is for it'],
    [
      { signInDomain, signInCertificate: signInCertificate.replace('us-east-1', 'eu-west-1') },
      '--context signInCertificate: must be the ARN of a certificate in us-east-1',
    ],
    [{ issuer }, '--context audience: is missing; name the `aud` of the issuer’s access tokens'],
    [
      { issuer, audience: ' , ' },
      '--context audience: is missing; name the `aud` of the issuer’s access tokens',
    ],
    [{ audience: 'keyun' }, '--context issuer: is missing; it issues tokens for the audience'],
    [
      { issuer: 'http://x.example', audience: 'a' },
      '--context issuer: must be a web address that begins with https',
    ],
    [
      { issuer, audience: 'a', signInPlan: 'lite' },
      '--context signInPlan: is for Cognito, but the issuer signs users in',
    ],
  ])('is refused in a line: %j', (said, line) => {
    expect(readDeployment({ carrier, ...said })).toEqual({ refusals: [line] });
  });
});
