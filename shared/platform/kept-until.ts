import type { RunId, ServiceDate } from './ids.ts';
import type { Instant } from './time.ts';

/*
 * Until when things are kept that no later step can need, in seconds of the epoch: what DynamoDB's time to live wants.
 * It deletes some days later. What law and refunds need is kept longer: docs/how-to/what-is-kept.md.
 */
const daySeconds = 86_400;

/**
 * Seats of a run: a hold lands before departure or, from a function that stood still, within its time limit; late money
 * takes seats again before departure alone. Two months more leave every watcher, and a person, time to look.
 */
const seatsKeptDays = 60;

/** The frozen run outlasts its seats, whichever of them is deleted first. */
const runKeptDays = 90;

const secondsAfter = (date: string, days: number): number =>
  Math.floor(Date.parse(`${date}T00:00:00Z`) / 1000) + days * daySeconds;

/** The service date stands in every run's id. */
const dateOf = (runId: RunId): string => /~(\d{4}-\d{2}-\d{2})/.exec(runId)?.[1] ?? '';

export const seatsKeptUntil = (runId: RunId): number => secondsAfter(dateOf(runId), seatsKeptDays);

export const runKeptUntil = (runId: RunId): number => secondsAfter(dateOf(runId), runKeptDays);

/** The rows of a version of the timetable: as long as a run of its last day, whose fares may be asked for. */
export const versionKeptUntil = (lastDate: ServiceDate): number => secondsAfter(lastDate, runKeptDays);

/** Whether something has outlived its time, and is deleted any moment: to a watcher it is gone. */
export const isOver = (keptUntil: unknown, now: Instant): boolean =>
  typeof keptUntil === 'number' && keptUntil * 1000 <= Date.parse(now);
