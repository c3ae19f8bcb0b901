import { loggable } from '../../../shared/platform/log.ts';

test('a thrown error keeps its name, its place and its cause', () => {
  const error = new TypeError('cannot read seats', { cause: new Error('because') });
  expect(loggable(error)).toMatchObject({
    name: 'TypeError',
    message: 'cannot read seats',
    cause: { name: 'Error', message: 'because' },
  });
  expect(loggable(error).frames[0]).toMatch(/^at .*log\.test/);
});

test.each([
  ['mail', 'sent to zhang.san@example.com today', 'sent to … today'],
  ['a resident id', 'claim 11010519491231002X stands', 'claim … stands'],
  ['a phone number', 'called +8613800138000', 'called +…'],
  ['a name', 'passenger 张三丰 is unknown', 'passenger … is unknown'],
])('%s never reaches the log', (_, message, logged) => {
  const error = new Error(message);
  expect(loggable(error).message).toBe(logged);
  expect(JSON.stringify(loggable(error))).not.toContain(message);
});

test('what a parser quotes never reaches the log', () => {
  expect(loggable(new SyntaxError('"{"name":Li}" is not valid JSON'))).toMatchObject({
    name: 'SyntaxError',
    message: '…',
  });
});

test('a circle of causes ends', () => {
  const error = new Error('round');
  error.cause = error;
  expect(JSON.stringify(loggable(error)).match(/round/g)).toHaveLength(4);
});

test('anything may be thrown', () => {
  expect(loggable('a secret text')).toEqual({
    name: 'string',
    message: 'thrown, but not an error',
    frames: [],
  });
});
