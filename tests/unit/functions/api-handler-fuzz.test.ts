import * as fc from 'fast-check';
import { problems } from '../../../functions/middleware/problems.ts';
import { json, passenger, send, type Sent } from './api-request.ts';
import { exampleHandler } from './example-route.ts';

/** Values that have made parsers and mergers stumble, beside arbitrary ones. */
const name = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'weight',
    'passengers',
    'wish',
    'kind',
  ),
);

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    // From entries, so that `__proto__` is a name like any other.
    fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
  ),
})).value;

const body = fc.oneof(
  value.map((each) => JSON.stringify(each)),
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('{"weight":1}', '{"__proto__":{"weight":1}}', '', ' ', '\u0000', '\ufeff{"weight":1}'),
);

const headers = fc
  .record({
    'content-type': fc.oneof(fc.constant('application/json'), fc.string()),
    'idempotency-key': fc.oneof(fc.constant('key-1'), fc.string({ unit: 'binary' })),
    others: fc.dictionary(name, fc.string()),
  })
  .map(({ others, ...known }) => ({ ...others, ...known }));

const claims = fc.oneof(
  fc.constant(passenger),
  fc.anything(),
  fc.record({ sub: fc.anything(), email: fc.anything(), 'cognito:groups': fc.anything() }),
);

const request: fc.Arbitrary<Sent> = fc.record(
  {
    body,
    isBase64Encoded: fc.boolean(),
    headers,
    path: fc.oneof(fc.constant({ parcelId: 'p1' }), fc.dictionary(name, fc.string({ unit: 'binary' }))),
    query: fc.oneof(fc.constant('copies=1'), fc.string({ unit: 'binary' }), fc.webQueryParameters()),
    claims,
  },
  { requiredKeys: ['headers', 'path'] },
);

/** What the frame may say by itself. Never 500, never 503: those are for our own faults. */
const expected = [201, 400, 401, 403, 404, 413, 415, 422];

test.each(['anyone', 'passenger', 'operators'] as const)(
  'whatever is sent on a route for %s, the frame never fails by itself',
  async (caller) => {
    const handler = exampleHandler(undefined, caller);
    await fc.assert(
      fc.asyncProperty(request, async (sent) => {
        const { status, headers: answered, body: problem } = await send(handler, sent);
        expect(expected).toContain(status);
        expect(answered['x-request-id']).toBe('request-1');
        if (status === 201) return;
        expect(answered['content-type']).toBe('application/problem+json');
        expect(Object.keys(problems)).toContain(String(problem.type).replace('urn:keyun:problem:', ''));
      }),
      { numRuns: 400 },
    );
  },
);

test('a body that reaches the handler never brings a prototype of its own', async () => {
  let polluted = false;
  const handler = exampleHandler(async ({ body: received }) => {
    polluted ||= Object.getPrototypeOf(received) !== Object.prototype || 'admin' in received;
    return { outcome: 'refused', reason: 'sold-out' };
  });
  await fc.assert(
    fc.asyncProperty(value, async (hostile) => {
      const text = `{"weight":1,"__proto__":${JSON.stringify(hostile) ?? 'null'},"wish":{"__proto__":{"admin":true},"kind":"aisle"}}`;
      const { status } = await send(handler, {
        body: text,
        path: { parcelId: 'p1' },
        headers: { ...json, 'idempotency-key': 'k' },
        claims: passenger,
      });
      expect([400, 422]).toContain(status);
    }),
  );
  expect(polluted).toBe(false);
});
