import type { Layout, Trip } from '../timetable/model.ts';
import type { ProblemList } from './problems.ts';
import type { Feed } from './read-feed.ts';
import { layoutAssigner, type LayoutsFile } from './read-layouts.ts';

type Files = {
  /** The operator's file beside the feed. */
  layouts: LayoutsFile;
  /** The file of the carrier's folder, for trips to which the operator's file gives none. */
  carrierLayouts: LayoutsFile;
};

/** The layouts of both files. If both define a layout, the operator's counts. */
export const layoutsOf = ({ layouts: own, carrierLayouts }: Files): Layout[] => {
  const taken = new Set(own.layouts.map(({ layoutId }) => layoutId));
  return [...own.layouts, ...carrierLayouts.layouts.filter(({ layoutId }) => !taken.has(layoutId))];
};

/**
 * Gives each trip its layout. No seat is invented: a trip without a layout is left out and named in a warning; a feed
 * in which no trip has a layout is refused.
 */
export const assignLayouts = ({
  feed,
  layoutsName,
  problems,
  ...files
}: Files & { feed: Feed; layoutsName: string; problems: ProblemList }): {
  trips: Trip[];
  withoutLayout: number;
} => {
  const routeNames = new Map([...feed.routes.values()].map(({ routeId, name }) => [routeId, name]));
  const own = layoutAssigner(files.layouts, routeNames);
  const ofCarrier = layoutAssigner(files.carrierLayouts, routeNames);
  const trips = feed.trips.flatMap((trip): Trip[] => {
    const layoutId = own.layoutIdOf(trip) ?? ofCarrier.layoutIdOf(trip);
    if (layoutId === undefined) {
      const reason = `trip ${trip.name} has no layout, so it is not on sale`;
      problems.warn({ kind: 'no-layout', file: 'trips.txt', reason });
      return [];
    }
    const { feedStops: _feedStops, hasGaps: _hasGaps, ...kept } = trip;
    return [{ ...kept, layoutId }];
  });
  for (const at of own.unused()) {
    problems.warn({
      kind: 'unused-layout',
      file: layoutsName,
      reason: `assign[${at}] is the layout of no trip`,
    });
  }
  if (trips.length === 0 && feed.trips.length > 0) {
    const cure = 'use --layouts, or give the carrier a layouts.json with a default';
    problems.refuse({ kind: 'no-layouts', file: 'trips.txt', reason: `no trip has a layout: ${cure}` });
  }
  return { trips, withoutLayout: feed.trips.length - trips.length };
};
