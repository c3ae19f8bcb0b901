import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { cameThroughFront, clientAddress } from '../../../functions/middleware/through-front.ts';

const request = (headers: Record<string, string>, sourceIp = '130.176.0.1') =>
  ({ headers, requestContext: { http: { sourceIp } } }) as unknown as APIGatewayProxyEventV2;

describe('with a distribution in front', () => {
  const key = 'secret';

  test.each([
    [{ 'x-keyun-front': 'secret' }, true],
    [{ 'x-keyun-front': 'Secret' }, false],
    [{ 'x-keyun-front': 'secret,secret' }, false],
    [{ 'x-keyun-front': '' }, false],
    [{}, false],
  ])('a request with %o came through it: %s', (headers, expected) => {
    expect(cameThroughFront(request(headers as Record<string, string>), key)).toBe(expected);
  });

  test('the client’s address is the one that the distribution added, whatever the client wrote', () => {
    const address = (forwarded: string) => clientAddress(request({ 'x-forwarded-for': forwarded }), key);
    expect(address('203.0.113.9, 130.176.0.1')).toBe('203.0.113.9');
    expect(address('10.0.0.1, 198.51.100.7, 203.0.113.9, 130.176.0.1')).toBe('203.0.113.9');
    expect(address('2001:db8::1,130.176.0.1')).toBe('2001:db8::1');
    expect(address('130.176.0.1')).toBeUndefined();
    expect(clientAddress(request({}), key)).toBeUndefined();
  });
});

test('without one every request comes the right way, and its address is that of the connection', () => {
  const forged = request({ 'x-forwarded-for': '10.0.0.1, 203.0.113.9' }, '203.0.113.9');
  expect(cameThroughFront(forged, undefined)).toBe(true);
  expect(clientAddress(forged, undefined)).toBe('203.0.113.9');
});
