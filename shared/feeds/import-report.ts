import type { ServiceDate } from '../platform/ids.ts';
import type { FollowedRuns } from './follow-frozen-runs.ts';
import type { ProblemsOfKind } from './problems.ts';

export type ImportOptions = {
  moveDates?: boolean;
  /** Path of the operator's layouts.json. */
  layouts?: string;
  /** Path of the operator's fares.csv. */
  fares?: string;
  /** Takes fares of nothing for fares; such rides are listed, and not sold. */
  allowFree?: boolean;
  /** Minor units of the carrier's currency. */
  farePerKm?: number;
  /** The share of the feed's trips, in percent, that may be left out. */
  tolerate?: number;
  /** Nothing at all may be left out. */
  strict?: boolean;
};

/** What is told of a feed, whether it is imported or not. */
export type Told = { leftOut: readonly ProblemsOfKind[]; warnings: readonly ProblemsOfKind[] };

export type ImportReport = {
  source: string;
  version: string;
  timeZone: string;
  firstDate: ServiceDate;
  lastDate: ServiceDate;
  movedWeeks: number;
  stops: number;
  /** Trips that are sold; each departure of a trip that runs by headway is one. */
  trips: number;
  /** Trips of the feed, and how many of those are left out because something is wrong with them. */
  feedTrips: number;
  tripsLeftOut: number;
  /** Trips that passengers order, at no fixed stop or time. No seat of them is sold. */
  tripsOnDemand: number;
  /** Trips without a layout: they are left out, and the warnings name them. */
  tripsWithoutLayout: number;
  calls: number;
  services: number;
  layouts: number;
  farePairs: number;
  /** Pairs of stops between which passengers could travel, if they had a fare. */
  pairsWithoutFare: number;
  items: number;
} & Told &
  FollowedRuns;

/** The report of a dry run: nothing is written, and no version has an id. */
export type DryRunReport = Omit<ImportReport, 'version' | 'items'>;
