import { failuresOf } from '../../../shared/payments/failures.ts';
import { sendRequest } from '../../../shared/payments/send-request.ts';
import { watchMetrics } from '../../support/alarms/watch-metrics.ts';

const { transientFailure, providerRefusal } = failuresOf('Alipay');

let metrics: ReturnType<typeof watchMetrics>;
beforeEach(() => (metrics = watchMetrics()));
afterEach(() => jest.restoreAllMocks());

const send = (
  answer: typeof fetch,
  {
    read = ({ body }: { body: string }): string => body,
    signal,
    limit,
  }: {
    limit?: number;
    read?: (answer: { status: number; body: string }) => string;
    signal?: AbortSignal;
  } = {},
) =>
  sendRequest(
    'https://provider.example/',
    { what: 'a query', signal, limit, method: 'GET' },
    { provider: 'alipay', transientFailure, fetch: answer },
    read,
  );

const says = async () => new Response('yes');
const counted = () => ({
  silence: metrics.valuesOf('ProviderSilence'),
  times: metrics.valuesOf('ProviderTime').length,
});

test('an answer counts with its time, by provider', async () => {
  const slow = () => new Promise<Response>((resolve) => setTimeout(() => resolve(new Response('yes')), 50));
  expect(await send(slow)).toBe('yes');
  expect(metrics.points).toMatchObject([
    { namespace: 'Keyun', name: 'ProviderSilence', dimensions: { provider: 'alipay' }, value: 0 },
    { namespace: 'Keyun', name: 'ProviderTime', dimensions: { provider: 'alipay' } },
  ]);
  const [milliseconds = 0] = metrics.valuesOf('ProviderTime');
  expect(milliseconds).toBeGreaterThanOrEqual(45);
  expect(milliseconds).toBeLessThan(3000);
});

test('no answer counts as silence, and its time says nothing about answers', async () => {
  await expect(send(() => Promise.reject(new Error('reset')))).rejects.toThrow('no answer to a query');
  expect(counted()).toEqual({ silence: [1], times: 0 });
});

test('an answer without a meaning, such as the provider’s own fault, counts as silence too', async () => {
  const read = () => {
    throw transientFailure('status 502');
  };
  await expect(send(says, { read })).rejects.toThrow('502');
  expect(counted()).toEqual({ silence: [1], times: 0 });
});

test('a refusal is an answer', async () => {
  const read = () => {
    throw providerRefusal('SIGN_ERROR');
  };
  await expect(send(says, { read })).rejects.toThrow('SIGN_ERROR');
  expect(counted()).toEqual({ silence: [0], times: 1 });
});

test('what its caller gave up says nothing about the provider', async () => {
  const controller = new AbortController();
  const never: typeof fetch = (_url, options) =>
    new Promise((_resolve, reject) =>
      options?.signal?.addEventListener('abort', () => reject(new Error('over'))),
    );
  const sent = send(never, { signal: controller.signal });
  controller.abort();
  await expect(sent).rejects.toThrow('no answer to a query');
  expect(metrics.points).toEqual([]);
});

test('a request that nobody waits for counts for no alarm', async () => {
  expect(await send(says, { limit: 30_000 })).toBe('yes');
  await expect(send(() => Promise.reject(new Error('reset')), { limit: 30_000 })).rejects.toThrow('a query');
  expect(metrics.points).toEqual([]);
});
