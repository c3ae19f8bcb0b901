import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { makeFunction, type LocalFunction } from '../../../infra/local/lambda/lambda.ts';
import { silent } from './fake-function.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const made: LocalFunction[] = [];
let files = 0;

/** A function of its own bundle, as esbuild would write it. */
const functionOf = (
  source: string,
  options: { timeoutSeconds?: number; environmentsMax?: number; waitMilliseconds?: number } = {},
) => {
  const file = join(folder, `${(files += 1)}.mjs`);
  writeFileSync(file, source);
  const one = makeFunction(
    {
      name: 'tested',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:tested',
      title: 'tested',
      file,
      exportName: 'handler',
      environment: { OWN: 'mine' },
      timeoutSeconds: options.timeoutSeconds ?? 3,
      memoryMegabytes: 128,
    },
    silent,
    options.environmentsMax,
    options.waitMilliseconds,
  );
  made.push(one);
  return one;
};

afterAll(async () => void (await Promise.all(made.map((one) => one.stop()))));

it('has an environment of its own, and a context', async () => {
  process.env['NOT_MINE'] = 'secret';
  const one = functionOf(`export const handler = async (event, context) => ({
    own: process.env.OWN, other: process.env.NOT_MINE ?? 'unseen', event,
    name: context.functionName, remaining: context.getRemainingTimeInMillis() });`);
  const { payload } = (await one.invoke({ a: 1 })) as { payload: Record<string, unknown> };
  expect(payload).toMatchObject({ own: 'mine', other: 'unseen', event: { a: 1 }, name: 'tested' });
  expect(payload['remaining']).toBeGreaterThan(1000);
  expect(payload['remaining']).toBeLessThanOrEqual(3000);
});

it('keeps an environment warm, and gives each only one request at a time', async () => {
  const one = functionOf(
    `let requests = 0, at = 0;
     export const handler = async () => {
       at += 1; const seen = at; await new Promise((done) => setTimeout(done, 30)); at -= 1;
       return { seen, request: ++requests };
     };`,
    { environmentsMax: 2 },
  );
  const answers = await Promise.all(Array.from({ length: 6 }, () => one.invoke({})));
  const payloads = answers.map(
    (answer) => (answer as { payload: { seen: number; request: number } }).payload,
  );
  expect(payloads.every(({ seen }) => seen === 1)).toBe(true);
  // How they are shared out depends on how soon the second environment is there.
  expect(payloads.filter(({ request }) => request === 1).length).toBeLessThanOrEqual(2);
  expect(Math.max(...payloads.map(({ request }) => request))).toBeGreaterThanOrEqual(3);
});

it('all functions together do no more at once than this machine feeds, whoever waits and whoever does not', async () => {
  const log = join(folder, 'overlap');
  const source = `import { appendFileSync } from 'node:fs';
    export const handler = async () => {
      appendFileSync('${log}', '+'); await new Promise((done) => setTimeout(done, 150)); appendFileSync('${log}', '-'); };`;
  const functions = Array.from({ length: 5 }, () => functionOf(source, { environmentsMax: 3 }));
  const most = async (invoke: (one: LocalFunction) => Promise<unknown>): Promise<number> => {
    writeFileSync(log, '');
    await Promise.all(functions.flatMap((one) => [invoke(one), invoke(one), invoke(one)]));
    let at = 0;
    const counts = [...readFileSync(log, 'utf8')].map((sign) => (at += sign === '+' ? 1 : -1));
    return Math.max(...counts);
  };
  const fed = 2 * Math.max(2, availableParallelism());
  // All environments are there the second time.
  await most((one) => one.invoke({}));
  expect(await most((one) => one.invoke({}))).toBeLessThanOrEqual(fed);
  const { signal: gone } = new AbortController();
  expect(await most((one) => one.invoke({}, { gone }))).toBeLessThanOrEqual(fed);
});

it('a caller whose turn does not come in time hears that it is busy, and nothing is begun for it', async () => {
  const one = functionOf(
    `let requests = 0;
     export const handler = async () => { requests += 1; await new Promise((done) => setTimeout(done, 500)); return requests; };`,
    { environmentsMax: 1, waitMilliseconds: 200 },
  );
  await one.invoke({});
  const { signal: gone } = new AbortController();
  const [served, late] = await Promise.all([one.invoke({}, { gone }), one.invoke({}, { gone })]);
  expect(served).toEqual({ outcome: 'returned', payload: 2 });
  expect(late).toMatchObject({ refusal: 'busy', error: { errorType: 'TooManyRequestsException' } });
  expect(await one.invoke({}, { gone })).toEqual({ outcome: 'returned', payload: 3 });
});

it('reports a thrown error by its name', async () => {
  const one = functionOf(`export const handler = async () => {
    throw Object.assign(new Error('no seat'), { name: 'OrderEnded' }); };`);
  expect(await one.invoke({})).toMatchObject({
    outcome: 'failed',
    error: { errorType: 'OrderEnded', errorMessage: 'no seat' },
  });
});

it('ends work that takes too long for good, and goes on with a new environment', async () => {
  const one = functionOf(`export const handler = async ({ hang }) => { while (hang) {} return 'quick'; };`, {
    timeoutSeconds: 0.2,
  });
  expect(await one.invoke({ hang: true })).toMatchObject({ error: { errorType: 'Sandbox.Timedout' } });
  expect(await one.invoke({})).toEqual({ outcome: 'returned', payload: 'quick' });
});

it('is stopped at a pause, never in the middle of what it computes', async () => {
  const done = join(folder, 'done');
  const one = functionOf(`import { writeFileSync } from 'node:fs';
    export const handler = async () => {
      writeFileSync('${done}', 'half');
      const until = Date.now() + 300; while (Date.now() < until) {}
      writeFileSync('${done}', 'whole');
      await new Promise(() => setInterval(() => undefined, 1000));
    };`);
  const invocation = one.invoke({});
  while (!existsSync(done)) await new Promise((resolve) => setTimeout(resolve, 10));
  await one.stop();
  expect(await invocation).toMatchObject({ outcome: 'failed' });
  expect(readFileSync(done, 'utf8')).toBe('whole');
});

it.each([
  ['that exits', `export const handler = () => process.exit(3);`, 'Runtime.ExitError'],
  ['that does not load', `throw new TypeError('broken'); export const handler = 1;`, 'TypeError'],
  ['without a handler', `export const other = 1;`, 'TypeError'],
  [
    'that throws where nobody awaits',
    `export const handler = () => new Promise(() => setTimeout(() => { throw new RangeError('lost'); }));`,
    'RangeError',
  ],
])('a function %s fails its request and no other', async (_, source, errorType) => {
  const one = functionOf(source);
  expect(await one.invoke({})).toMatchObject({ outcome: 'failed', error: { errorType } });
  expect(await one.invoke({})).toMatchObject({ outcome: 'failed', error: { errorType } });
});
