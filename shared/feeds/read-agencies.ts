import { timeZoneOf } from '../platform/time.ts';
import type { Found, ProblemList } from './problems.ts';
import type { Row } from './read-table.ts';
import { feedLanguageOf } from './read-translations.ts';

const file = 'agency.txt';
export const agencyTable = { file, required: ['agency_timezone'] };

/**
 * The agencies of a feed. All its times are in one zone, as GTFS requires. If agencies differ anyway, each has its own
 * zone here, and a caller that knows the agency picks one. An agency without a usable zone has none.
 */
export type FeedAgencies = {
  /** Agency id → zone. */
  zoneOf: ReadonlyMap<string, string | undefined>;
  /** Every zone that occurs. */
  zones: readonly string[];
  /** The language of the feed, if its agencies name just one. */
  language: string | undefined;
};

type AgencyRow = {
  line: number;
  agencyId: string;
  text: string;
  zone: string | undefined;
  language: string | undefined;
};

export const agencyReader = (problems: ProblemList) => {
  const rows: AgencyRow[] = [];
  const onRow = ({ line, text }: Row): void => {
    const zone = text('agency_timezone');
    const language = feedLanguageOf(text('agency_lang'));
    rows.push({ line, agencyId: text('agency_id'), text: zone, zone: timeZoneOf(zone), language });
  };
  return { onRow, finish: () => joinAgencies(rows, problems) };
};

const joinAgencies = (rows: readonly AgencyRow[], problems: ProblemList): FeedAgencies | undefined => {
  const zones = [...new Set(rows.flatMap(({ zone }) => zone ?? []))];
  const only = zones.length === 1 ? zones[0] : undefined;
  const zoneOf = new Map<string, string | undefined>();
  for (const row of rows) {
    const zone = row.zone ?? (row.text === '' ? only : undefined);
    if (!zone) tellUnzoned(row, zones.length > 0, problems);
    const differs = zoneOf.has(row.agencyId) && zoneOf.get(row.agencyId) !== zone;
    zoneOf.set(row.agencyId, differs ? undefined : zone);
  }
  const [language, ...others] = new Set(rows.flatMap((row) => row.language ?? []));
  if (zones.length > 0) {
    return { zoneOf, zones, language: others.length === 0 ? language : undefined };
  }
  if (rows.length === 0) {
    problems.refuse({ kind: 'no-agency', file, reason: 'has no row, and so the feed has no time zone' });
  }
  return undefined;
};

/** If no agency has a zone, none of the feed's times has a meaning. */
const tellUnzoned = (
  { line, agencyId, text }: AgencyRow,
  othersHave: boolean,
  problems: ProblemList,
): void => {
  const reason =
    text === ''
      ? 'agency_timezone is empty'
      : `agency_timezone ${text} is not the name of one time zone, such as America/Los_Angeles`;
  const found: Found = { kind: 'unknown-time-zone', file, line, reason };
  if (othersHave) problems.leaveOut('agency', agencyId, found);
  else problems.refuse(found);
};
