import type { ServiceDate } from '../platform/ids.ts';
import type { FollowedRuns } from './follow-frozen-runs.ts';
import type { ProblemsOfKind } from './problems.ts';

export type ImportOptions = {
  moveDates?: boolean;
  /** Path of the operator's layouts.json. */
  layouts?: string;
  /** Path of the operator's fares.csv. */
  fares?: string;
  /** Accepts fares of nothing; the report lists such rides, and we do not sell them. */
  allowFree?: boolean;
  /** Minor units of the carrier's currency. */
  farePerKm?: number;
  /** The share of the feed's trips, in percent, that may be left out. */
  tolerate?: number;
  /** The import leaves nothing out; otherwise it refuses the feed. */
  strict?: boolean;
};

/** The problems of a feed in a report, whether or not we import it. */
export type Findings = { leftOut: readonly ProblemsOfKind[]; warnings: readonly ProblemsOfKind[] };

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
  /** The number of trips in the feed, and how many of them are left out because something is wrong with them. */
  feedTrips: number;
  tripsLeftOut: number;
  /** Trips that passengers order, without a fixed stop or time. We sell no seats on them. */
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
} & Findings &
  FollowedRuns;

/** The report of a dry run: nothing is written, and no version has an id. */
export type DryRunReport = Omit<ImportReport, 'version' | 'items'>;
