import { arnLike } from '../../../infra/local/iam/arn-like.ts';

const api = 'arn:aws:execute-api:eu-west-1:111122223333:abc123';

it.each<[string, string, boolean]>([
  [`${api}/*/*/*`, `${api}/$default/GET/v1/orders`, true],
  [`${api}/*/*/*`, `${api}/$default/GET/v1/orders/{orderId}`, true],
  // The route of unknown paths has no method, so it lacks one slash.
  [`${api}/*/*/*`, `${api}/$default/$default`, false],
  [`${api}/*/$default`, `${api}/$default/$default`, true],
  [`${api}/*/$default`, `${api}/$default/GET/v1/orders`, false],
  [`${api}/*/*`, `${api}/$default/$default`, true],
  [`${api}/*`, `${api}/$default/GET/`, true],
  [`${api}*`, `${api}4/$default/$default`, true],
  [`${api}/?default/*`, `${api}/$default/$default`, true],
  [`${api}/?default/*`, `${api}/default/$default`, false],
  [`${api}/*`, 'arn:aws:execute-api:eu-west-1:111122223333:abc124/x', false],
  // Every part by itself: a wildcard does not reach over a colon.
  ['arn:aws:sns:*:topic', 'arn:aws:sns:eu-west-1:111122223333:topic', false],
  ['arn:aws:sns:eu*:topic', 'arn:aws:sns:eu-west-1:111122223333:topic', false],
  ['arn:aws:sns:*:*:topic', 'arn:aws:sns:eu-west-1:111122223333:topic', true],
  ['arn:aws:s*:*:*:*', 'arn:aws:sns:eu-west-1:111122223333:topic', true],
  ['arn:aws:sn?:eu-????-1:*:topic', 'arn:aws:sns:eu-west-1:111122223333:topic', true],
  ['arn:aws:sns:eu-west-1:111122223333:topic', 'arn:aws-cn:sns:eu-west-1:111122223333:topic', false],
  // The last part may have colons of its own.
  ['arn:aws:states:*:*:stateMachine:*', 'arn:aws:states:eu-west-1:1:stateMachine:purchase', true],
  ['arn:aws:states:*:*:*', 'arn:aws:states:eu-west-1:1:stateMachine:purchase', true],
  ['arn:aws:states:*:*:stateMachine', 'arn:aws:states:eu-west-1:1:stateMachine:purchase', false],
  // A part may be empty, and then only an empty part or `*` matches.
  ['arn:aws:s3:::bucket', 'arn:aws:s3:::bucket', true],
  ['arn:aws:s3:::bucket', 'arn:aws:s3:eu-west-1::bucket', false],
  ['arn:aws:s3:?::bucket', 'arn:aws:s3:::bucket', false],
  ['arn:aws:s3:*:*:bucket', 'arn:aws:s3:::bucket', true],
  // Case counts, and every other character is itself.
  ['arn:aws:sns:eu-west-1:1:Topic', 'arn:aws:sns:eu-west-1:1:topic', false],
  ['arn:aws:sns:eu-west-1:1:a.b', 'arn:aws:sns:eu-west-1:1:axb', false],
  ['arn:aws:sns:eu-west-1:1:a+', 'arn:aws:sns:eu-west-1:1:aa', false],
  // No ARN matches nothing, not even itself.
  ['*', 'arn:aws:sns:eu-west-1:1:topic', false],
  ['topic', 'topic', false],
  ['arn:aws:sns:*:*:*', 'topic', false],
])('%s accepts %s: %s', (pattern, arn, expected) => {
  expect(arnLike(pattern, arn)).toBe(expected);
});
