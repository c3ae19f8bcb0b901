import { answered, refused, sent } from '../../../functions/middleware/api-handler.ts';
import type { ApiRequest } from '../../../functions/middleware/api-request.ts';
import { problems, type ProblemReason } from '../../../functions/middleware/problems.ts';
import { bodyBytesMax, bodyDepthMax } from '../../../functions/middleware/read-body.ts';
import { logger } from '../../../shared/platform/log.ts';
import { json, passenger, send, type Sent } from './api-request.ts';
import { exampleHandler } from './example-route.ts';

const good: Sent = {
  path: { parcelId: 'p1' },
  headers: { ...json, 'idempotency-key': 'key-1' },
  claims: passenger,
  body: '{"weight":3}',
};

const withBody = (body: string): Sent => ({ ...good, body });
const typeOf = (reason: ProblemReason): string => `urn:keyun:problem:${reason}`;

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a good request', () => {
  test('is answered with the status of its route, as JSON that nobody keeps', async () => {
    const { status, headers, body } = await send(exampleHandler(), { ...good, query: 'copies=2' });
    expect(status).toBe(201);
    expect(body).toEqual({ weight: 3, copies: 2 });
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-request-id': 'request-1',
    });
  });

  test('reaches the handler parsed, with its caller and its key', async () => {
    let seen: Partial<ApiRequest<unknown, unknown, unknown>> = {};
    const handler = exampleHandler(async (request) => {
      seen = request;
      return answered({ weight: 1, copies: 1 });
    });
    await send(handler, { ...good, claims: { ...passenger, 'cognito:groups': '[gates operators]' } });
    expect(seen).toMatchObject({
      path: { parcelId: 'p1' },
      query: { copies: 1 },
      body: { weight: 3, passengers: [] },
      caller: { userId: 'user-1', groups: ['gates', 'operators'] },
      idempotency: { key: 'key-1' },
      requestId: 'request-1',
    });
  });

  test('may come in base64 and with a charset', async () => {
    const { status } = await send(exampleHandler(), {
      ...good,
      headers: { ...good.headers, 'content-type': 'Application/JSON; charset=UTF-8' },
      body: Buffer.from('{"weight":3}').toString('base64'),
      isBase64Encoded: true,
    });
    expect(status).toBe(201);
  });

  test('has one hash however its JSON is written, and another for another body', async () => {
    const hashes: string[] = [];
    const handler = exampleHandler(async ({ idempotency }) => {
      hashes.push(idempotency?.bodyHash ?? '');
      return answered({ weight: 1, copies: 1 });
    });
    const bodies = [
      '{"weight":3,"passengers":[]}',
      ' { "passengers" : [], "weight" : 3.0 }',
      '{"weight":4,"passengers":[]}',
      // The same once defaults are filled in, but not what was sent.
      '{"weight":3}',
    ];
    for (const body of bodies) await send(handler, withBody(body));
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes[1]).toBe(hashes[0]);
    expect(new Set(hashes).size).toBe(3);
  });
});

describe('an answer', () => {
  test('loses what its schema does not know', async () => {
    const leaky = { weight: 1, copies: 1, documentSealed: 'secret' };
    const { body } = await send(
      exampleHandler(async () => answered(leaky)),
      good,
    );
    expect(body).toEqual({ weight: 1, copies: 1 });
  });

  test('may have another status and headers of its own', async () => {
    const work = async () => answered({ weight: 1, copies: 1 }, 200, { Location: '/v1/parcels/p1' });
    const { status, headers } = await send(exampleHandler(work), good);
    expect(status).toBe(200);
    expect(headers.location).toBe('/v1/parcels/p1');
  });

  test('may be bytes with a type of their own, and its route alone says whether caches keep them', async () => {
    const { raw, headers } = await send(
      exampleHandler(async () => sent('image/png', new Uint8Array([1, 2]), { 'cache-control': 'private' })),
      good,
    );
    expect(headers).toMatchObject({ 'content-type': 'image/png', 'cache-control': 'no-store' });
    expect(raw).toMatchObject({ isBase64Encoded: true, body: 'AQI=' });
  });
});

describe('the frame refuses', () => {
  const cases: [string, Sent, ProblemReason][] = [
    ['no verified claims', { ...good, claims: undefined }, 'unauthorized'],
    ['claims without a subject', { ...good, claims: { token_use: 'access' } }, 'unauthorized'],
    ['a path that cannot be the name of anything', { ...good, path: { parcelId: '../1' } }, 'not-found'],
    ['no key', { ...good, headers: json }, 'idempotency-key-missing'],
    ['an empty key', { ...good, headers: { ...json, 'idempotency-key': ' ' } }, 'idempotency-key-missing'],
    ['a key too long', { ...good, headers: { ...json, 'idempotency-key': 'k'.repeat(256) } }, 'bad-request'],
    [
      'a key that is not printable',
      { ...good, headers: { ...json, 'idempotency-key': 'k\u0007' } },
      'bad-request',
    ],
    [
      'a form',
      { ...good, headers: { ...good.headers, 'content-type': 'text/plain' } },
      'unsupported-media-type',
    ],
    [
      'another charset',
      { ...good, headers: { ...good.headers, 'content-type': 'application/json; charset=gbk' } },
      'unsupported-media-type',
    ],
    ['no type', { ...good, headers: { 'idempotency-key': 'k' } }, 'unsupported-media-type'],
    ['an empty body', withBody(''), 'bad-request'],
    ['broken JSON', withBody('{"weight":'), 'bad-request'],
    ['bytes that are not UTF-8', { ...withBody('/w=='), isBase64Encoded: true }, 'bad-request'],
    ['half a character', withBody('{"weight":1,"passengers":[{"name":"\\ud800"}]}'), 'bad-request'],
    ['a body too large', withBody(`"${'x'.repeat(bodyBytesMax)}"`), 'request-too-large'],
    ['a body too deep', withBody('['.repeat(bodyDepthMax + 1) + ']'.repeat(bodyDepthMax + 1)), 'bad-request'],
    [
      'a body deep enough to break a stack',
      withBody('['.repeat(100_000) + ']'.repeat(100_000)),
      'bad-request',
    ],
    ['a broken body as deep', withBody('['.repeat(200_000)), 'bad-request'],
    ['JSON that is no object', withBody('null'), 'invalid-input'],
    ['a wrong field', withBody('{"weight":-1}'), 'invalid-input'],
    ['a wrong parameter', { ...good, query: 'copies=many' }, 'invalid-input'],
    ['a parameter twice', { ...good, query: 'copies=1&copies=2' }, 'invalid-input'],
    ['an unknown parameter', { ...good, query: 'copy=2' }, 'invalid-input'],
  ];

  test.each(cases)('%s', async (_, request, reason) => {
    const work = jest.fn(async () => answered({ weight: 1, copies: 1 }));
    const { status, headers, body } = await send(exampleHandler(work), request);
    expect(work).not.toHaveBeenCalled();
    expect(status).toBe(problems[reason].status);
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json',
      'x-request-id': 'request-1',
    });
    expect(body).toMatchObject({
      type: typeOf(reason),
      title: problems[reason].title,
      status,
      instance: 'request-1',
    });
  });

  test('says where the JSON breaks, without quoting it', async () => {
    const { body } = await send(exampleHandler(), withBody('{"weight": 3,\n "name": 张三}'));
    expect(body.detail).toBe('The body is not valid JSON: see line 2, column 10.');
  });

  test('names every wrong field at once, by its path', async () => {
    const { body } = await send(exampleHandler(), {
      ...withBody('{"weight":"3","passengers":[{"name":"a","document":{"number":1}}]}'),
      query: 'copies=0',
    });
    expect((body.errors as { field: string }[]).map(({ field }) => field)).toEqual([
      'copies',
      'weight',
      'passengers[0].document.number',
    ]);
  });

  test('says of what is not there that it is missing', async () => {
    const { body } = await send(exampleHandler(), withBody('{"passengers":[{}],"wish":{}}'));
    expect(body.errors).toEqual([
      { field: 'weight', message: 'is missing' },
      { field: 'passengers[0].name', message: 'is missing' },
      { field: 'wish.kind', message: 'is missing' },
    ]);
  });

  test('fields it does not know, wherever they are, and guesses what was meant', async () => {
    const { body } = await send(
      exampleHandler(),
      withBody(
        '{"weight":3,"passenger":[],"passengers":[{"name":"a","age":3}],"wish":{"kind":"window","seat":1}}',
      ),
    );
    expect(body.errors).toEqual([
      { field: 'passenger', message: 'is not part of this request; did you mean passengers?' },
      { field: 'passengers[0].age', message: 'is not part of this request' },
      { field: 'wish.seat', message: 'is not part of this request' },
    ]);
  });

  test('names that would reach a prototype, which stays as it is', async () => {
    const { body } = await send(
      exampleHandler(),
      withBody('{"weight":3,"__proto__":{"groups":["operators"]},"constructor":{"x":1},"toString":1}'),
    );
    expect((body.errors as { field: string }[]).map(({ field }) => field)).toEqual([
      '__proto__',
      'constructor',
      'toString',
    ]);
    expect(({} as Record<string, unknown>).groups).toBeUndefined();
  });
});

describe('a refusal of the handler', () => {
  test('is the problem of its reason, with what the handler adds', async () => {
    const work = async () => refused('sold-out', { detail: 'No second class seat is left.' });
    const { status, body } = await send(exampleHandler(work), good);
    expect(status).toBe(409);
    expect(body).toMatchObject({ type: typeOf('sold-out'), detail: 'No second class seat is left.' });
  });

  test('says when to come again where the registry does', async () => {
    const { status, headers } = await send(
      exampleHandler(async () => refused('busy')),
      good,
    );
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('1');
  });
});

describe('a thrown error', () => {
  const throwing = (error: unknown) =>
    exampleHandler(async () => {
      throw error;
    });

  test('has a fixed text, and its cause is in the log alone', async () => {
    const log = jest.spyOn(logger, 'error').mockImplementation(() => undefined);
    const { status, body } = await send(throwing(new Error('table Bookings of zhang@example.com')), good);
    expect(status).toBe(500);
    expect(body).toEqual({
      type: typeOf('internal-error'),
      title: problems['internal-error'].title,
      status: 500,
      instance: 'request-1',
    });
    const logged = JSON.stringify(log.mock.calls);
    expect(logged).toContain('table Bookings');
    expect(logged).toContain('api-handler.test');
    expect(logged).not.toContain('zhang@example.com');
  });

  test('that passes by itself asks to come again', async () => {
    const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    const { status, headers } = await send(throwing(throttled), good);
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('1');
  });

  test('need not be an error', async () => {
    expect((await send(throwing('text'), good)).status).toBe(500);
    expect((await send(throwing(undefined), good)).status).toBe(500);
  });

  test('is what an answer that breaks its own schema becomes', async () => {
    const { status, raw } = await send(
      exampleHandler(async () =>
        answered({ weight: 'heavy' } as unknown as { weight: number; copies: number }),
      ),
      good,
    );
    expect(status).toBe(500);
    expect(raw.body).not.toContain('heavy');
  });
});
