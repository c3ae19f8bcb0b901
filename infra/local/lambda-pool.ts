import type { Environment } from './lambda-environment.ts';

export type EnvironmentPool = {
  /** A free environment, a new one, or the next to become free. */
  acquire(): Promise<Environment>;
  release(environment: Environment): void;
  stop(): Promise<void>;
};

const idleMillisecondsMax = 5 * 60_000;

/** Keeps at most `max` environments of a function, hands each to one request at a time, and gives idle ones up. */
export const makePool = (start: () => Environment, max: number): EnvironmentPool => {
  const idle = new Map<Environment, NodeJS.Timeout>();
  const all = new Set<Environment>();
  const waiting: ((environment: Environment) => void)[] = [];

  const startOne = (): Environment => {
    const environment = start();
    all.add(environment);
    return environment;
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

  return {
    acquire: async () => {
      const environment = takeIdle();
      if (environment) return environment;
      if (all.size < max) return startOne();
      return new Promise((resolve) => waiting.push(resolve));
    },
    release: (environment) => {
      const next = waiting.shift();
      if (environment.gone()) {
        all.delete(environment);
        next?.(startOne());
      } else if (next) {
        next(environment);
      } else {
        idle.set(environment, setTimeout(() => giveUp(environment), idleMillisecondsMax).unref());
      }
    },
    stop: async () => {
      for (const timer of idle.values()) clearTimeout(timer);
      await Promise.all([...all].map((environment) => environment.stop()));
    },
  };
};
