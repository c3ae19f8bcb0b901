import * as z from 'zod';
import { readJson, writeJson } from './local-files.ts';

/**
 * The time of this local run. Functions compute it from `variables` (shared/platform/clock.ts); workflow timers,
 * schedules and the sandboxes of payment providers read it here. Queues, streams and token checks use the machine's own
 * time.
 */
export type LocalClock = {
  scale: number;
  /** Milliseconds since 1970 in scaled time. */
  now(): number;
  /** The real waiting time for a scaled duration, within the limit of a timer. */
  realMilliseconds(scaledMilliseconds: number): number;
  /** The variables with which functions see the same time; empty if it is the machine's time. */
  variables: Record<string, string>;
  stop(): void;
};

const savedSchema = z.object({ scaled: z.number() });
const saveEveryMilliseconds = 1000;
const timerMillisecondsMax = 2 ** 31 - 1;

/**
 * Starts the clock at the machine's time, or at the last time of the previous run if that is later: a time that the
 * previous run stored is then never in the future, and a restart makes no hold younger.
 */
export const startClock = (file: string, scale: number): LocalClock => {
  const real = Date.now();
  const saved = savedSchema.safeParse(readJson(file));
  const start = Math.max(real, saved.success ? saved.data.scaled : 0);
  const isOwn = scale !== 1 || start > real;
  const now = () => Math.floor(start + (Date.now() - real) * scale);
  // The stored time is ahead of the clock until the next store, so that even a kill loses no time.
  const save = () => writeJson(file, { scaled: now() + 2 * saveEveryMilliseconds * scale });
  if (isOwn) save();
  const timer = isOwn ? setInterval(save, saveEveryMilliseconds).unref() : undefined;
  return {
    scale,
    now,
    realMilliseconds: (scaled) => Math.min(Math.max(0, scaled / scale), timerMillisecondsMax),
    variables: isOwn
      ? { KEYUN_TIME_SCALE: String(scale), KEYUN_TIME_ORIGIN: `${real}/${start}` }
      : ({} as Record<string, string>),
    stop: () => {
      clearInterval(timer);
      if (isOwn) writeJson(file, { scaled: now() });
    },
  };
};
