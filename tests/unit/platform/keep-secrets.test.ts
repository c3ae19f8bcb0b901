import { keepSecrets } from '../../../shared/platform/keep-secrets.ts';

const limits = { patience: 40, pause: 30_000, firstPause: 1000 };
const age = 240_000;

/** A keeper of one secret that counts its reads, fails, or keeps silent. */
const world = () => {
  let now = 1_000_000;
  let answer: () => Promise<string> = async () => 'one';
  let reads = 0;
  const failures: unknown[] = [];
  const get = keepSecrets(
    {
      read: () => {
        reads += 1;
        return answer();
      },
      now: () => now,
      failed: (_, error) => void failures.push(error),
    },
    limits,
  );
  return {
    get: async (ageMax = age) => (await get('id', ageMax)).text,
    whole: () => get('id', age),
    pass: (milliseconds: number) => (now += milliseconds),
    says: (text: string) => (answer = async () => text),
    fails: () => (answer = () => Promise.reject(new Error('down'))),
    silent: () => (answer = () => new Promise(() => undefined)),
    answers: (work: () => Promise<string>) => (answer = work),
    reads: () => reads,
    failures,
  };
};

test('a secret is read once while it is young, and again by the first caller after that', async () => {
  const { get, pass, says, reads } = world();
  expect(await get()).toBe('one');
  says('two');
  pass(age - 1);
  expect(await get()).toBe('one');
  expect(reads()).toBe(1);
  pass(1);
  expect(await get()).toBe('two');
  expect(await get()).toBe('two');
  expect(reads()).toBe(2);
});

test('many callers at once make one read, the first and every later time', async () => {
  const { get, pass, says, reads } = world();
  expect(await Promise.all([get(), get(), get()])).toEqual(['one', 'one', 'one']);
  expect(reads()).toBe(1);
  says('two');
  pass(age);
  const texts = await Promise.all([get(), get(), get()]);
  expect(texts[0]).toBe('two');
  expect(reads()).toBe(2);
});

test('the old one serves while the keeper fails, is asked again after a pause, and the new one comes back', async () => {
  const { get, pass, says, fails, reads, failures } = world();
  await get();
  fails();
  pass(age);
  for (let n = 0; n < 100; n += 1) expect(await get()).toBe('one');
  expect([reads(), failures.length]).toEqual([2, 1]);
  pass(limits.pause);
  expect(await get()).toBe('one');
  expect(reads()).toBe(3);
  says('two');
  pass(limits.pause);
  expect(await get()).toBe('two');
});

test('a silent keeper costs one caller a moment and the others nothing; a late answer is used', async () => {
  const { get, pass, answers, reads, failures } = world();
  await get();
  let late: (text: string) => void = () => undefined;
  answers(() => new Promise((resolve) => (late = resolve)));
  pass(age);
  const began = performance.now();
  expect(await get()).toBe('one');
  expect(performance.now() - began).toBeLessThan(1000);
  for (let n = 0; n < 100; n += 1) expect(await get()).toBe('one');
  // The read is still under way: it is no reason for another one, even after the pause.
  pass(limits.pause);
  expect(await get()).toBe('one');
  expect(reads()).toBe(2);
  expect(failures.length).toBeGreaterThan(0);
  late('two');
  await new Promise(setImmediate);
  expect(await get()).toBe('two');
});

test('a doubt may ask for a younger one, but a flood of doubts makes one read a minute', async () => {
  const { get, pass, says, reads } = world();
  await get();
  says('two');
  for (let second = 0; second < 600; second += 1) {
    for (let n = 0; n < 20; n += 1) await get(60_000);
    pass(1000);
  }
  expect(await get()).toBe('two');
  expect(reads()).toBeLessThanOrEqual(1 + 600 / 60);
});

test('a flood of doubts while the keeper fails makes two reads a minute', async () => {
  const { get, pass, fails, reads } = world();
  await get();
  fails();
  for (let second = 0; second < 600; second += 1) {
    for (let n = 0; n < 20; n += 1) await get(60_000);
    pass(1000);
  }
  expect(reads()).toBeLessThanOrEqual(1 + 600 / 30);
});

test('without any text the failure is told, to many callers once a second', async () => {
  const { get, pass, says, fails, reads, failures } = world();
  fails();
  for (let n = 0; n < 100; n += 1) await expect(get()).rejects.toThrow('down');
  expect(reads()).toBe(1);
  expect(failures).toHaveLength(1);
  pass(limits.firstPause);
  says('one');
  expect(await get()).toBe('one');
});

test('a clock that was set back does not make a secret young for ever', async () => {
  const { get, pass, says } = world();
  await get();
  says('two');
  pass(-3_600_000);
  expect(await get()).toBe('two');
});

test('each read makes another text, so that whoever understood the last one looks at this one too', async () => {
  const { whole, pass } = world();
  const before = await whole();
  expect(await whole()).toBe(before);
  pass(age);
  expect(await whole()).not.toBe(before);
});
