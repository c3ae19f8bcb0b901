import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { readJson, writeJson } from './local-files.ts';
import { LocalRunError } from './ports.ts';

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
  /** Resolves when the clock goes: one that was set stands until everything has had the time to start. */
  goes(): Promise<void>;
  stop(): void;
};

export type ClockWish = {
  scale: number;
  /** The time at which the clock of the folder begins, or to which it moves on, in milliseconds since 1970. */
  startAt?: number | undefined;
  /** The folder has stored times already, also if it has no file of a clock. */
  hasData: boolean;
};

/** `startAt` is the time to which somebody has set the clock of this folder the last time; absent if nobody has. */
const savedSchema = z.object({ scaled: z.number(), startAt: z.number().optional() });
type Saved = z.infer<typeof savedSchema>;

const saveEveryMilliseconds = 1000;
const timerMillisecondsMax = 2 ** 31 - 1;

/** How long a clock stands that was set, so that whoever set it a second before a limit sees that second. */
const standsMilliseconds = 10_000;

/**
 * Starts the clock of a folder. It never goes back: a time that a previous run stored is then never in the future, and a
 * restart makes no hold younger. Usually that is the machine's time, or the last time of the previous run if that is later. A
 * clock that somebody has set stands still while nothing runs. Throws a one-line error if it would have to go back.
 */
export const startClock = (file: string, { scale, startAt, hasData }: ClockWish): LocalClock => {
  const real = Date.now();
  const read = savedSchema.safeParse(readJson(file));
  const saved = read.success ? read.data : undefined;
  const { start, isSet } = beginning({ saved, startAt, hasData, real });
  const since = isSet ? real + standsMilliseconds : real;
  const now = () => Math.floor(start + Math.max(0, Date.now() - since) * scale);
  const wasSetTo = startAt ?? saved?.startAt;
  const isOwn = scale !== 1 || wasSetTo !== undefined || start > real;
  const write = (scaled: number) =>
    writeJson(file, { scaled, ...(wasSetTo !== undefined && { startAt: wasSetTo }) });
  // The stored time is ahead of the clock until the next store, so that even a kill loses no time.
  const save = () => write(now() + 2 * saveEveryMilliseconds * scale);
  if (isOwn) save();
  const timer = isOwn ? setInterval(save, saveEveryMilliseconds).unref() : undefined;
  return {
    scale,
    now,
    realMilliseconds: (scaled) => Math.min(Math.max(0, scaled / scale), timerMillisecondsMax),
    variables: isOwn
      ? { KEYUN_TIME_SCALE: String(scale), KEYUN_TIME_ORIGIN: `${since}/${start}` }
      : ({} as Record<string, string>),
    goes: async () => void (await sleep(Math.max(0, since - Date.now()))),
    stop: () => {
      clearInterval(timer);
      if (isOwn) write(now());
    },
  };
};

type Known = {
  saved: Saved | undefined;
  startAt: number | undefined;
  hasData: boolean;
  real: number;
};

/** Where the clock begins, and whether this start sets it. */
const beginning = ({ saved, startAt, hasData, real }: Known): { start: number; isSet: boolean } => {
  const reached = saved?.startAt === undefined ? Math.max(real, saved?.scaled ?? 0) : saved.scaled;
  if (startAt === undefined) return { start: reached, isSet: false };
  if (!hasData) return { start: startAt, isSet: true };
  // The same command again: it continues where it stood.
  if (startAt === saved?.startAt) return { start: reached, isSet: false };
  if (startAt >= reached) return { start: startAt, isSet: true };
  throw new LocalRunError(
    `the clock of this data folder stands at ${textOf(reached)} and never goes back: ` +
      `KEYUN_START_AT may be that time or a later one, or set KEYUN_DATA_DIR to a new folder`,
  );
};

const textOf = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
