import { timetableTable } from '../../../shared/platform/clients.ts';
import { nameIn } from '../../../shared/platform/languages.ts';
import { findStops } from '../../../shared/timetable/find-stops.ts';
import { readState } from '../../../shared/timetable/store.ts';
import { readStops } from '../../../shared/timetable/version-store.ts';
import { answered, apiHandler } from '../../middleware/api-handler.ts';
import { timetableRoutes } from '../../routes/timetable.ts';

const stopsMax = 20;

/** Before the first import there are no stops, which is not an error. */
export const handler = apiHandler(timetableRoutes.findStops, async ({ query: { query }, languages }) => {
  const { version } = await readState(timetableTable());
  if (!version) return answered({ stops: [] });
  const stops = findStops(await readStops(timetableTable(), version), query, stopsMax);
  return answered({
    stops: stops.map(({ stopId, name, names, code, timeZone }) => ({
      stopId,
      name: nameIn(languages, name, names),
      code,
      timeZone,
    })),
  });
});
