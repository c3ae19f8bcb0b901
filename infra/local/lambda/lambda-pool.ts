import type { Environment } from './lambda-environment.ts';
import { makeWaitingLine, type Turns } from './waiting-line.ts';

export type EnvironmentPool = {
  /**
   * Returns a free environment, a new one, or the next one that becomes free. With `gone`, the caller can get a
   * refusal: `busy` at once if too many already wait, and `gone` if that signal comes first.
   */
  acquire(gone?: AbortSignal): Promise<Environment | 'busy' | 'gone'>;
  release(environment: Environment): void;
  stop(): Promise<void>;
};

export type PoolLimits = {
  max: number;
  /** The number of callers with `gone` that may wait. */
  waitingMax: number;
  /** All pools of a machine share it. */
  loading: Turns;
};

const idleMillisecondsMax = 5 * 60_000;

/**
 * Keeps at most `max` environments of a function, gives each one request at a time, and ends idle ones. It starts them
 * one after the other: on a small machine, a rush that started all at once would wait for the slowest of them.
 */
export const makePool = (
  start: () => Environment,
  { max, waitingMax, loading }: PoolLimits,
): EnvironmentPool => {
  const idle = new Map<Environment, NodeJS.Timeout>();
  const all = new Set<Environment>();
  const waiting = makeWaitingLine<Environment>();
  let isStarting = false;
  let isStopped = false;

  /** Starts one more for those who wait, unless one already starts or there are enough. */
  const grow = (): void => {
    if (isStarting || isStopped || waiting.length() === 0 || all.size >= max) return;
    isStarting = true;
    void loading.take().then(async (giveBack) => {
      // While others loaded, this caller may have left or received another environment.
      if (!isStopped && waiting.length() > 0) {
        const environment = start();
        all.add(environment);
        await environment.loaded;
        // Hands out an environment that failed to load too: its caller learns why.
        if (!waiting.serve(environment)) release(environment);
      }
      giveBack();
      isStarting = false;
      grow();
    });
  };

  const giveUp = (environment: Environment) => {
    idle.delete(environment);
    all.delete(environment);
    void environment.stop();
  };

  const release = (environment: Environment): void => {
    if (environment.gone()) {
      all.delete(environment);
      grow();
      return;
    }
    if (waiting.serve(environment)) return;
    idle.set(environment, setTimeout(() => giveUp(environment), idleMillisecondsMax).unref());
  };

  return {
    acquire: async (gone) => {
      if (gone?.aborted) return 'gone';
      const environment = takeIdle(idle, all);
      if (environment) return environment;
      if (gone && waiting.length() >= waitingMax) return 'busy';
      const turn = waiting.wait(gone);
      grow();
      return turn;
    },
    release,
    stop: async () => {
      isStopped = true;
      for (const timer of idle.values()) clearTimeout(timer);
      await Promise.all([...all].map((environment) => environment.stop()));
      waiting.dismiss();
    },
  };
};

/** The most recently used one, so that the others can end; this drops those that ended meanwhile. */
const takeIdle = (idle: Map<Environment, NodeJS.Timeout>, all: Set<Environment>): Environment | undefined => {
  for (const [environment, timer] of [...idle].toReversed()) {
    clearTimeout(timer);
    idle.delete(environment);
    if (!environment.gone()) return environment;
    all.delete(environment);
  }
  return undefined;
};
