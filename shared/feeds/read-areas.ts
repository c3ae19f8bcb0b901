import type { FeedFiles } from './feed-files.ts';
import type { ProblemList } from './problems.ts';
import type { Feed } from './read-feed.ts';
import { readTable, type Row } from './read-table.ts';

type Input = {
  files: FeedFiles;
  feed: Pick<Feed, 'routes' | 'stops'>;
  problems: ProblemList;
};

/** The areas of stops and the networks of routes, by the feed's own ids. */
export type Areas = {
  areasOf: (feedStopId: string) => ReadonlySet<string>;
  networksOf: (routeId: string) => ReadonlySet<string>;
  /** Every area that has stops, and every network that has routes. */
  areas: ReadonlySet<string>;
  networks: ReadonlySet<string>;
};

const none: ReadonlySet<string> = new Set();

/** Reads stop_areas.txt and route_networks.txt. Undefined if a row cannot be read. */
export const readAreas = async (input: Input): Promise<Areas | undefined> => {
  const { feed } = input;
  const areas = await readPairs(input, 'stop_areas.txt', 'stop_id', 'area_id');
  const networks = await readPairs(input, 'route_networks.txt', 'route_id', 'network_id');
  if (!areas || !networks) return undefined;
  for (const { routeId, networkId } of feed.routes.values()) {
    if (networkId !== '') networks.set(routeId, new Set([...(networks.get(routeId) ?? []), networkId]));
  }
  // A platform is in the areas of its station, unless it is in areas of its own.
  const stationOf = new Map(
    [...feed.stops.platforms].flatMap(([station, platforms]) =>
      platforms.map((platform) => [String(platform), String(station)] as const),
    ),
  );
  return {
    areasOf: (stop) => areas.get(stop) ?? areas.get(stationOf.get(stop) ?? '') ?? none,
    networksOf: (routeId) => networks.get(routeId) ?? none,
    areas: new Set([...areas.values()].flatMap((own) => [...own])),
    networks: new Set([...networks.values()].flatMap((own) => [...own])),
  };
};

const readPairs = async (
  { files, problems }: Input,
  file: string,
  key: string,
  value: string,
): Promise<Map<string, ReadonlySet<string>> | undefined> => {
  const pairs = new Map<string, Set<string>>();
  if (!files.has(file)) return pairs;
  let seen = 0;
  const onRow = ({ text }: Row): void => {
    seen += 1;
    const [from, to] = [text(key), text(value)];
    if (from === '' || to === '') return;
    const own = pairs.get(from);
    if (own) own.add(to);
    else pairs.set(from, new Set([to]));
  };
  const table = { file, required: [key, value], mayBeEmpty: true };
  const rows = await readTable(table, await files.open(file), problems, onRow);
  return seen < rows ? undefined : pairs;
};
