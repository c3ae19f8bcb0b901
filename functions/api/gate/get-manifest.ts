import { placeSchema, readManifest, type Place } from '../../../shared/check-ins/read-manifest.ts';
import { carrier } from '../../../shared/platform/carrier-of-deployment.ts';
import { bookingsTable, inventoryTable, timetableTable } from '../../../shared/platform/clients.ts';
import { systemClock } from '../../../shared/platform/clock.ts';
import { nameIn } from '../../../shared/platform/languages.ts';
import { readToken, writeToken } from '../../compose/page-token.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { gateRoutes } from '../../routes/gate.ts';

const clock = systemClock();

const placeOf = (cursor: string | undefined): Place | 'wrong' | undefined =>
  cursor === undefined ? undefined : (readToken(placeSchema, cursor) ?? 'wrong');

export const handler = apiHandler(gateRoutes.getGateRun, async ({ path, query, languages }) => {
  const place = placeOf(query.cursor);
  if (place === 'wrong')
    return refused('invalid-input', {
      fields: [{ field: 'cursor', message: 'must be the cursor of an earlier page' }],
    });
  const outcome = await readManifest({
    bookings: bookingsTable(),
    inventory: inventoryTable(),
    timetable: timetableTable(),
    clock,
    carrier: carrier(),
  })(path.runId, place);
  if (outcome.outcome === 'rejected') return refused(outcome.reason);
  const { asOf, run, delayMinutes, rules, ended, tickets, next } = outcome;
  return answered({
    asOf,
    run: {
      runId: run.runId,
      trip: nameIn(languages, run.trip, run.tripNames),
      state: run.state,
      delayMinutes,
      stops: run.stops.map(({ stopId, name, names, timeZone, departs, boarding }) => ({
        stopId,
        name: nameIn(languages, name, names),
        timeZone,
        departs,
        boarding,
      })),
    },
    rules: rules ?? null,
    ended,
    tickets: tickets.map((ticket) => ({ ...ticket, seat: ticket.seat || null })),
    ...(next && { cursor: writeToken(next) }),
  });
});
