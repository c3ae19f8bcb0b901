import { setImmediate } from 'node:timers/promises';
import { startAwsJsonServer, type AwsJsonServer } from '../../../infra/local/http/aws-json-server.ts';
import { freePort } from '../../../infra/local/run/ports.ts';
import { hangUp, manners, moments } from '../../support/hang-up.ts';

let server: AwsJsonServer;
const held: (() => void)[] = [];
beforeAll(async () => {
  server = await startAwsJsonServer(await freePort(), {
    'a.Quick': () => ({ quick: true }),
    'a.Held': () => new Promise((resolve) => held.push(() => resolve({}))),
    'a.Unspeakable': () => ({ amount: 1n }),
  });
});
afterAll(() => server.stop());

const call = (target: string) =>
  fetch(server.endpoint, { method: 'POST', headers: { 'x-amz-target': target }, body: '{}' });

it('an answer that JSON cannot carry is an error, and ends nothing', async () => {
  expect((await call('a.Unspeakable')).status).toBe(500);
  expect((await call('a.Quick')).status).toBe(200);
});

it.each(manners)('a client that %s before its answer ends nothing', async (manner) => {
  const request = (target: string) => ({
    endpoint: server.endpoint,
    headers: { 'X-Amz-Target': target },
    body: '{}',
  });
  for (const moment of moments.filter((each) => each !== 'in the answer'))
    await hangUp(request('a.Held'), moment, manner);
  await setImmediate();
  for (const answer of held.splice(0)) answer();
  for (const moment of moments) await hangUp(request('a.Quick'), moment, manner);
  expect((await call('a.Quick')).status).toBe(200);
});
