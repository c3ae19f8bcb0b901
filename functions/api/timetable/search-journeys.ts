import { carrier } from '../../../shared/platform/carrier-of-deployment.ts';
import { availabilityTable, timetableTable } from '../../../shared/platform/clients.ts';
import { systemClock } from '../../../shared/platform/clock.ts';
import { searchJourneys, type SearchRefusal } from '../../../shared/journeys/search-journeys.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import type { FieldError } from '../../middleware/problems.ts';
import { timetableRoutes } from '../../routes/timetable.ts';

const fieldErrorOf: Record<SearchRefusal, FieldError> = {
  'unknown-from': { field: 'from', message: 'is not a stop of this timetable' },
  'unknown-to': { field: 'to', message: 'is not a stop of this timetable' },
  'same-stop': { field: 'to', message: 'must be a different stop from `from`' },
  'unknown-run': { field: 'runId', message: 'is not a run of this search that is on sale' },
  'unknown-class': { field: 'class', message: 'is not a class of this run' },
};

const clock = systemClock();

export const handler = apiHandler(timetableRoutes.searchJourneys, async ({ query, languages }) => {
  const search = searchJourneys({
    timetable: timetableTable(),
    availability: availabilityTable(),
    clock,
    carrier: carrier(),
  });
  const result = await search({ ...query, languages });
  if (result.outcome === 'rejected') {
    return refused('invalid-input', { fields: [fieldErrorOf[result.reason]] });
  }
  const { outcome: _outcome, ...found } = result;
  return answered(found);
});
