import { eachInTime } from '../../../shared/platform/each-in-time.ts';
import { inLanes } from '../../../shared/platform/in-lanes.ts';
import { within } from '../../../shared/platform/time-limit.ts';

describe('work with a time limit', () => {
  test('answers what it answers', async () => {
    await expect(within(10_000, () => Promise.resolve(7))).resolves.toBe(7);
    await expect(within(10_000, () => Promise.reject(new RangeError('no')))).rejects.toThrow(RangeError);
  });

  test('is given up when it never ends, and told so', async () => {
    let told: AbortSignal | undefined;
    const hanging = within(20, (signal) => {
      told = signal;
      return new Promise<never>(() => undefined);
    });
    await expect(hanging).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(told?.aborted).toBe(true);
  });

  test('is not begun when no time is left', async () => {
    const work = jest.fn(() => Promise.resolve());
    await expect(within(0, work)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(work).not.toHaveBeenCalled();
  });

  test('that fails after it was given up disturbs nobody', async () => {
    let fail: (error: Error) => void = () => undefined;
    const work = new Promise<never>((_, reject) => {
      fail = reject;
    });
    await expect(within(5, () => work)).rejects.toMatchObject({ name: 'TimeoutError' });
    fail(new Error('too late'));
  });
});

describe('the items of a batch', () => {
  const never = (): Promise<never> => new Promise(() => undefined);

  test('are worked on beside one that hangs and one that fails, which are told in their order', async () => {
    const done: number[] = [];
    const failed = await eachInTime(
      [0, 1, 2, 3, 4],
      { timeLeft: () => 10_000, itemMilliseconds: 40, lanes: 2 },
      async (thing) => {
        if (thing === 3) throw new RangeError('no');
        if (thing === 1) await never();
        done.push(thing);
      },
    );
    expect(done).toEqual([0, 2, 4]);
    expect(failed).toMatchObject([
      { thing: 1, why: { name: 'TimeoutError' } },
      { thing: 3, why: { name: 'RangeError' } },
    ]);
  });

  test('end with the time of the whole, and what was not begun by then counts as failed', async () => {
    const began: number[] = [];
    const timeLeft = () => (began.length < 2 ? 40 : 0);
    const whole = { timeLeft, itemMilliseconds: 60_000, lanes: 2 };
    const failed = await eachInTime([0, 1, 2, 3], whole, async (thing) => {
      began.push(thing);
      await never();
    });
    expect(began).toEqual([0, 1]);
    expect(failed.map(({ thing }) => thing)).toEqual([0, 1, 2, 3]);
  });
});

describe('lanes', () => {
  test('go on beside one that hangs', async () => {
    const done: number[] = [];
    let free: () => void = () => undefined;
    const all = inLanes([0, 1, 2, 3, 4, 5], { lanes: 2 }, async (thing) => {
      if (thing === 0)
        await new Promise<void>((resolve) => {
          free = resolve;
        });
      done.push(thing);
      if (done.length === 5) free();
    });
    await all;
    expect(done).toEqual([1, 2, 3, 4, 5, 0]);
  });

  test('begin nothing when there is no time', async () => {
    let left = 3;
    const done: number[] = [];
    await inLanes([1, 2, 3, 4, 5], { lanes: 1, hasTime: () => (left -= 1) >= 0 }, async (thing) => {
      done.push(thing);
    });
    expect(done).toEqual([1, 2, 3]);
  });
});
