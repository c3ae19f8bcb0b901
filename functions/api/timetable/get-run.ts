import { classesOf, seatCountOf } from '../../../shared/inventory/shards.ts';
import { timetableTable } from '../../../shared/platform/clients.ts';
import { inZone } from '../../../shared/platform/time.ts';
import { nameIn } from '../../../shared/platform/languages.ts';
import { headsignIn } from '../../../shared/timetable/rules.ts';
import { readRun } from '../../../shared/timetable/store.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { timetableRoutes } from '../../routes/timetable.ts';

export const handler = apiHandler(timetableRoutes.getRun, async ({ path: { runId }, languages }) => {
  const run = await readRun(timetableTable(), runId);
  if (!run) return refused('not-found');
  const { trip, tripNames, headsign, serviceDate, stops, layout } = run;
  return answered({
    runId,
    trip: nameIn(languages, trip, tripNames),
    ...headsignIn(languages, headsign),
    serviceDate,
    stops: stops.map((stop, index) => ({
      index,
      stopId: stop.stopId,
      name: nameIn(languages, stop.name, stop.names),
      ...headsignIn(languages, stop.headsign),
      arrives: inZone(stop.arrives, stop.timeZone),
      departs: inZone(stop.departs, stop.timeZone),
      boarding: stop.boarding,
      alighting: stop.alighting,
    })),
    classes: classesOf(layout).map((each) => ({ class: each, seats: seatCountOf(layout, each) })),
  });
});
