// The environment is read once in a process, so this file has one of its own.
process.env['FRONT_KEY'] = 'secret';
import { handler as health } from '../../../functions/api/about/health.ts';
import { notificationHandler } from '../../../functions/middleware/notification-handler.ts';
import { instantOf } from '../../../shared/platform/time.ts';
import { eventOf, send } from './api-request.ts';

const through = { headers: { 'x-keyun-front': 'secret' } };

test('a request around the front is refused as a problem, one through it is answered', async () => {
  const { status, body } = await send(health);
  expect([status, body['type']]).toEqual([403, 'urn:keyun:problem:internal-address']);
  expect((await send(health, through)).status).toBe(200);
});

test('a notification around the front is not even looked at', async () => {
  const looked: unknown[] = [];
  const callback = notificationHandler({
    provider: 'alipay',
    find: async (keys) => void looked.push(keys),
    record: async () => {
      throw new Error('never');
    },
    clock: () => instantOf(0),
  });
  expect(await callback(eventOf({}))).toMatchObject({ statusCode: 403, body: 'fail' });
  expect(looked).toEqual([]);
  expect(await callback(eventOf(through))).toMatchObject({ statusCode: 404 });
  // The secret may have changed, so what nobody understands is read by younger keys once more.
  expect(looked).toEqual([{ doubted: false }, { doubted: true }]);
});
