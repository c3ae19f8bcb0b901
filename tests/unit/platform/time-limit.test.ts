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
