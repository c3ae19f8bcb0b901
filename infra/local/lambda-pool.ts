import type { Environment } from './lambda-environment.ts';

export type EnvironmentPool = {
  /** A free environment, a new one, or the next to become free. */
  acquire(): Promise<Environment>;
  release(environment: Environment): void;
  stop(): Promise<void>;
};

const idleMillisecondsMax = 5 * 60_000;

/**
 * Keeps at most `max` environments of a function, hands each to one request at a time, and gives idle ones up. They are
 * started one after the other: a rush that started all at once would wait for the slowest of them on a small machine.
 */
export const makePool = (start: () => Environment, max: number): EnvironmentPool => {
  const idle = new Map<Environment, NodeJS.Timeout>();
  const all = new Set<Environment>();
  const waiting: ((environment: Environment) => void)[] = [];
  let isStarting = false;
  let isStopped = false;

  /** One more for those who wait, unless one is on its way or there are enough. */
  const grow = (): void => {
    if (isStarting || isStopped || waiting.length === 0 || all.size >= max) return;
    isStarting = true;
    const environment = start();
    all.add(environment);
    void environment.loaded.then(() => {
      isStarting = false;
      // Also one that did not load: whoever gets it hears why.
      const handOver = waiting.shift();
      if (handOver) handOver(environment);
      else release(environment);
      grow();
    });
  };

  const takeIdle = (): Environment | undefined => {
    for (const [environment, timer] of [...idle].toReversed()) {
      clearTimeout(timer);
      idle.delete(environment);
      if (!environment.gone()) return environment;
      all.delete(environment);
    }
    return undefined;
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
    const handOver = waiting.shift();
    if (handOver) return handOver(environment);
    idle.set(environment, setTimeout(() => giveUp(environment), idleMillisecondsMax).unref());
  };

  return {
    acquire: async () => {
      const environment = takeIdle();
      if (environment) return environment;
      return new Promise((resolve) => {
        waiting.push(resolve);
        grow();
      });
    },
    release,
    stop: async () => {
      isStopped = true;
      for (const timer of idle.values()) clearTimeout(timer);
      const environments = [...all];
      await Promise.all(environments.map((environment) => environment.stop()));
      const [gone] = environments;
      if (gone) for (const handOver of waiting.splice(0)) handOver(gone);
    },
  };
};
