import { explainAwsError } from '../../../cli/explain-aws-error.ts';

const thrown = (name: string, message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { name, ...more });
const refused = (name: string, message: string) => thrown(name, message, { $fault: 'client' });

const denial =
  'User: arn:aws:iam::1:user/zhang is not authorized to perform: dynamodb:Query on resource: ' +
  'arn:aws:dynamodb:eu-central-1:1:table/T because no identity-based policy allows the dynamodb:Query action';

test.each([
  ['no region', thrown('Error', 'Region is missing'), /^no AWS region: set AWS_REGION/],
  ['an empty region', thrown('Error', 'Region not accepted: region="" is not …'), /^no AWS region/],
  [
    'no credentials',
    thrown('CredentialsProviderError', 'Could not load credentials from any providers'),
    /^no AWS credentials: sign in \(aws sso login\)/,
  ],
  [
    'an SSO session that is over',
    thrown('CredentialsProviderError', 'The SSO session associated with this profile has expired.'),
    /^your AWS session has expired: sign in/,
  ],
  [
    'an expired token',
    refused('ExpiredToken', 'The security token included in the request is expired'),
    /expired/,
  ],
  ['an expired token of DynamoDB', refused('ExpiredTokenException', 'The security token …'), /has expired/],
  [
    'a wrong clock',
    refused('SignatureDoesNotMatch', 'Signature expired: 2026… is now earlier'),
    /set its clock/,
  ],
  ['unknown keys', refused('InvalidClientTokenId', 'The security token is invalid'), /does not know these/],
  ['unknown keys of DynamoDB', refused('UnrecognizedClientException', 'The security …'), /check AWS_REGION/],
  [
    'a missing right',
    refused('AccessDeniedException', denial),
    /may not do dynamodb:Query on arn:aws:dynamodb:eu-central-1:1:table\/T: ask for that right/,
  ],
  ['a missing right of CloudFormation', refused('AccessDenied', denial), /dynamodb:Query/],
  ['a right that is not named', refused('AccessDeniedException', 'no'), /lack a right: no/],
  [
    'a region that is none',
    thrown('Error', 'getaddrinfo ENOTFOUND x.y', { code: 'ENOTFOUND', hostname: 'x.y' }),
    /cannot find x\.y: check AWS_REGION and the network/,
  ],
  ['no network', thrown('Error', 'connect ENETUNREACH 1.2.3.4', { code: 'ENETUNREACH' }), /cannot reach AWS/],
  [
    'no network by two addresses',
    new AggregateError([thrown('Error', 'connect ECONNREFUSED', { code: 'ECONNREFUSED' })]),
    /cannot reach AWS/,
  ],
  ['silence', thrown('TimeoutError', 'the service did not answer in time'), /did not answer in time/],
  ['a rush', refused('ThrottlingException', 'Rate exceeded'), /too many requests: try again/],
  ['a problem of AWS', thrown('InternalFailure', 'oh', { $fault: 'server' }), /AWS has a problem/],
  [
    'anything else',
    refused('ResourceNotFoundException', 'Requested resource\nnot found'),
    'AWS refuses this: ResourceNotFoundException: Requested resource not found',
  ],
])('%s is a line that says what to do', (_, error, line) => {
  const explained = explainAwsError(error);
  expect(explained).toEqual(typeof line === 'string' ? line : expect.stringMatching(line));
  expect(explained).not.toContain('\n');
});

test('a fault of the program is none of these', () => {
  expect(explainAwsError(new TypeError('x is not a function'))).toBeUndefined();
  expect(explainAwsError('text')).toBeUndefined();
});
