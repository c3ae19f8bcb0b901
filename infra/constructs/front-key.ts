import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/**
 * A random text from AWS that the distribution sends and the functions compare. CloudFormation puts it into both, so no
 * function reads the secret.
 */
export const makeFrontKey = (scope: Construct): string => {
  const secret = new Secret(scope, 'FrontKey', {
    description: 'Proves to the functions that a request came through the distribution in front of the API',
    generateSecretString: { passwordLength: 48, excludePunctuation: true },
  });
  acknowledge(secret, {
    'AwsSolutions-SMG4':
      'Functions and distribution would differ for minutes: a rotation would refuse every request.',
  });
  return secret.secretValue.unsafeUnwrap();
};
