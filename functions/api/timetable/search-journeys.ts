import { carrier } from '../../../shared/platform/carrier-of-deployment.ts';
import { availabilityTable, timetableTable } from '../../../shared/platform/clients.ts';
import { systemClock } from '../../../shared/platform/clock.ts';
import {
  decideTypes,
  priceParty,
  seatsFor,
  type PartyTypesRefusal,
} from '../../../shared/journeys/price-party.ts';
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

const messageOf: Record<PartyTypesRefusal, string> = {
  'unknown-passenger-type': 'must be passenger types of this carrier: GET /v1/carrier lists them',
  unaccompanied: 'has a passenger who may not travel alone: GET /v1/carrier says with whom',
  'too-few-companions': 'has too many passengers for those who travel along: GET /v1/carrier says how many',
};

const clock = systemClock();

export const handler = apiHandler(timetableRoutes.searchJourneys, async ({ query, languages }) => {
  const party = query.types?.split(',');
  const allowed = party && decideTypes(party, carrier());
  if (allowed?.outcome === 'rejected')
    return refused('invalid-input', { fields: [{ field: 'types', message: messageOf[allowed.reason] }] });
  const search = searchJourneys({
    timetable: timetableTable(),
    availability: availabilityTable(),
    clock,
    carrier: carrier(),
  });
  const result = await search({
    ...query,
    passengers: party ? seatsFor(party, carrier()) : query.passengers,
    languages,
  });
  if (result.outcome === 'rejected') {
    return refused('invalid-input', { fields: [fieldErrorOf[result.reason]] });
  }
  const { outcome: _outcome, journeys, ...found } = result;
  return answered({ ...found, journeys: party ? priceParty(journeys, party, carrier()) : journeys });
});
