import * as z from 'zod';
import { readJson, writeJson } from './local-files.ts';

/**
 * The time of this local run. Functions compute it themselves from `variables` (shared/platform/clock.ts); workflow
 * timers, schedules and the sandboxes of payment providers take it from here. Queues, streams and token checks keep
 * the machine's own.
 */
export type LocalClock = {
  scale: number;
  /** Milliseconds since 1970 in scaled time. */
  now(): number;
  /** How long to really wait for a scaled duration, never longer than a timer can. */
  realMilliseconds(scaledMilliseconds: number): number;
  /** What functions must be given to see the same time; empty when it is the machine's. */
  variables: Record<string, string>;
  stop(): void;
};

const savedSchema = z.object({ scaled: z.number() });
const saveEveryMilliseconds = 1000;
const timerMillisecondsMax = 2 ** 31 - 1;

/**
 * Starts the clock at the machine's time, or where it last stood if that is later: what was stored with a time of the
 * past run never lies in the future, and no hold becomes younger by a restart.
 */
export const startClock = (file: string, scale: number): LocalClock => {
  const real = Date.now();
  const saved = savedSchema.safeParse(readJson(file));
  const start = Math.max(real, saved.success ? saved.data.scaled : 0);
  const isOwn = scale !== 1 || start > real;
  const now = () => Math.floor(start + (Date.now() - real) * scale);
  // Saved ahead of what is reached until the next time, so that even a kill loses nothing.
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
