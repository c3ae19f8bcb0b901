import type { Environment } from './lambda-environment.ts';
import { makeWaitingLine, type Turns } from './waiting-line.ts';

export type EnvironmentPool = {
  /**
   * A free environment, a new one, or the next to become free. With `gone`, of whoever can be told: `busy` at once where
   * too many wait already, and `gone` when that happens first.
   */
  acquire(gone?: AbortSignal): Promise<Environment | 'busy' | 'gone'>;
  release(environment: Environment): void;
  stop(): Promise<void>;
};

export type PoolLimits = {
  max: number;
  /** So many of those who can be told may wait. */
  waitingMax: number;
  /** Shared by the pools of a machine. */
  loading: Turns;
};

const idleMillisecondsMax = 5 * 60_000;

/**
 * Keeps at most `max` environments of a function, hands each to one request at a time, and gives idle ones up. They are
 * started one after the other: a rush that started all at once would wait for the slowest of them on a small machine.
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

  /** One more for those who wait, unless one is on its way or there are enough. */
  const grow = (): void => {
    if (isStarting || isStopped || waiting.length() === 0 || all.size >= max) return;
    isStarting = true;
    void loading.take().then(async (giveBack) => {
      // Whoever waited may have gone, or been served by another, while others loaded.
      if (!isStopped && waiting.length() > 0) {
        const environment = start();
        all.add(environment);
        await environment.loaded;
        // Also one that did not load: whoever gets it hears why.
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

/** The one used last, so that the others can be given up; those that ended meanwhile are forgotten. */
const takeIdle = (idle: Map<Environment, NodeJS.Timeout>, all: Set<Environment>): Environment | undefined => {
  for (const [environment, timer] of [...idle].toReversed()) {
    clearTimeout(timer);
    idle.delete(environment);
    if (!environment.gone()) return environment;
    all.delete(environment);
  }
  return undefined;
};
