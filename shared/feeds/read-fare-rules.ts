import type { FareRule, GtfsFare } from './choose-fare.ts';
import { strangeFault } from './fare-faults.ts';
import type { FeedFiles } from './feed-files.ts';
import type { ProblemList } from './problems.ts';
import type { GtfsFares } from './read-fare-attributes.ts';
import type { Feed } from './read-feed.ts';
import { readTable, type Row } from './read-table.ts';
import { strangeColumnOf } from './strange-column.ts';

const file = 'fare_rules.txt';
const known = new Set(['fare_id', 'route_id', 'origin_id', 'destination_id', 'contains_id']);

type Input = {
  files: FeedFiles;
  feed: Pick<Feed, 'routes' | 'stops' | 'agencies'>;
  gtfsFares: GtfsFares;
  problems: ProblemList;
};

/** Rows of one fare that differ only in `contains_id`: all those zones together are one condition. */
type Group = Omit<FareRule, 'fare' | 'contains'> & {
  fareId: string;
  line: number;
  contains: Set<string>;
  /** One of its rows names no zone to pass. */
  hasPlainRow: boolean;
  /** One of its rows has a condition that we do not know. */
  isStrange: boolean;
  /** It names something that the feed lacks, so it never matches. */
  isVoid: boolean;
};

/**
 * Reads where the fares apply. A fare without any rule applies everywhere; a fare whose rules are left out does not. If
 * a row is unreadable, no fare applies anywhere: the row may have narrowed another.
 */
export const readFareRules = async (input: Input): Promise<FareRule[]> => {
  const { files, problems } = input;
  const groups = new Map<string, Group>();
  let [seen, rows] = [0, 0];
  if (files.has(file)) {
    const addRow = rowAdder(groups, input);
    const onRow = (row: Row): void => {
      seen += 1;
      addRow(row);
    };
    const table = { file, required: ['fare_id'], mayBeEmpty: true };
    rows = await readTable(table, await files.open(file), problems, onRow);
  }
  if (seen < rows) {
    const reason = 'a row that cannot be read may narrow where any fare holds: no fare of the feed is sold';
    problems.warn({ kind: 'fare-rule', file, reason });
    return [];
  }
  return rulesOf([...groups.values()], input);
};

const rowAdder = (groups: Map<string, Group>, { feed, gtfsFares, problems }: Input) => {
  const zones = new Set(feed.stops.zoneOf.values());
  return (row: Row): void => {
    const { line, text } = row;
    const group = groupOf(groups, row);
    const leaveOut = (kind: string, reason: string): void =>
      problems.leaveOut('row', undefined, { kind, file, line, reason });
    if (!gtfsFares.fares.has(group.fareId)) {
      leaveOut(
        'fare-rule',
        `fare_id ${group.fareId} is not in fare_attributes.txt: no ride is sold where it applies`,
      );
    }
    const strange = strangeColumnOf(row, known);
    if (strange !== undefined) {
      group.isStrange = true;
      const { kind, reason } = strangeFault(strange, text(strange));
      leaveOut(kind, reason);
    }
    const contained = text('contains_id');
    if (contained === '') group.hasPlainRow = true;
    else group.contains.add(contained);
    const zone = [group.origin, group.destination, contained].find((id) => id !== '' && !zones.has(id));
    if (group.routeId !== '' && !feed.routes.has(group.routeId)) {
      group.isVoid = true;
      leaveOut('fare-rule', `route_id ${group.routeId} is no route of this import`);
    } else if (zone !== undefined) {
      group.isVoid = true;
      leaveOut('fare-rule', `no stop is in the zone ${zone}`);
    }
  };
};

const groupOf = (groups: Map<string, Group>, { line, text }: Row): Group => {
  const [fareId, routeId, origin, destination] = [
    text('fare_id'),
    text('route_id'),
    text('origin_id'),
    text('destination_id'),
  ];
  const key = JSON.stringify([fareId, routeId, origin, destination]);
  const known = groups.get(key);
  if (known) return known;
  const flags = { hasPlainRow: false, isStrange: false, isVoid: false };
  const group = { fareId, line, routeId, origin, destination, contains: new Set<string>(), ...flags };
  groups.set(key, group);
  return group;
};

const everywhere = { routeId: '', origin: '', destination: '', contains: new Set<string>() };
const unknownFare = (fareId: string): GtfsFare => ({
  fareId,
  amount: 'not-understood',
  agencyId: '',
  payment: undefined,
  transfers: Infinity,
  seconds: undefined,
});

const rulesOf = (groups: readonly Group[], input: Input): FareRule[] => {
  const { gtfsFares, feed, problems } = input;
  const byFare = Map.groupBy(groups, ({ fareId }) => fareId);
  const mixed = new Set([...byFare].flatMap(([fareId, own]) => (isMixed(own) ? [fareId] : [])));
  for (const fareId of mixed) {
    const reason = 'has rules with contains_id and rules without, which can be read in two ways';
    const line = byFare.get(fareId)?.[0]?.line;
    if (gtfsFares.fares.has(fareId))
      problems.leaveOut('fare', fareId, { kind: 'fare-rule', file, line, reason });
  }
  const fromGroups = groups.flatMap((group): FareRule[] => {
    const { fareId, routeId, origin, destination, contains } = group;
    if (group.isVoid) return [];
    const fare = gtfsFares.fares.get(fareId) ?? unknownFare(fareId);
    const isClear = !mixed.has(fareId) && !group.isStrange;
    return [{ routeId, origin, destination, contains, fare: isClear ? fare : unsold(fare) }];
  });
  const without = [...gtfsFares.fares.values()].filter(({ fareId }) => !byFare.has(fareId));
  const fromNone = without.map((fare): FareRule => ({ ...everywhere, fare }));
  const unknown = gtfsFares.hasUnknown ? [{ ...everywhere, fare: unknownFare('') }] : [];
  return withCertainAgencies([...fromGroups, ...fromNone, ...unknown], feed.agencies, problems);
};

const isMixed = (groups: readonly Group[]): boolean =>
  groups.some(({ contains }) => contains.size > 0) && groups.some(({ hasPlainRow }) => hasPlainRow);

const unsold = (fare: GtfsFare): GtfsFare => ({ ...fare, amount: 'not-understood' });

/** With several agencies, a fare must name its agency, or each of its rules must name a route. */
const withCertainAgencies = (
  rules: readonly FareRule[],
  agencies: ReadonlySet<string>,
  problems: ProblemList,
): FareRule[] => {
  const reported = new Set<string>();
  return rules.map((rule) => {
    const { fare, routeId } = rule;
    if (agencies.size < 2 || fare.agencyId !== '' || routeId !== '') return rule;
    if (typeof fare.amount === 'number' && !reported.has(fare.fareId)) {
      reported.add(fare.fareId);
      const reason = `the feed has ${agencies.size} agencies, and neither agency_id nor a route says for which it holds`;
      const found = { kind: 'fare-agency', file: 'fare_attributes.txt', reason };
      problems.leaveOut('fare', fare.fareId, found);
    }
    return { ...rule, fare: unsold(fare) };
  });
};
