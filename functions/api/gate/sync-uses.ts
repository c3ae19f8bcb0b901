import { readKnownCode, type ReadKnownCode } from '../../../shared/check-ins/known-keys.ts';
import { syncUses } from '../../../shared/check-ins/sync-uses.ts';
import { carrier } from '../../../shared/platform/carrier-of-deployment.ts';
import { bookingsTable, timetableTable } from '../../../shared/platform/clients.ts';
import { machineMilliseconds, systemClock } from '../../../shared/platform/clock.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { gateRoutes } from '../../routes/gate.ts';

const clock = systemClock();
let readCode: ReadKnownCode | undefined;

export const handler = apiHandler(gateRoutes.syncUses, async ({ body }) => {
  const bookings = bookingsTable();
  readCode ??= readKnownCode(bookings, carrier(), { milliseconds: machineMilliseconds });
  const outcome = await syncUses({
    bookings,
    timetable: timetableTable(),
    clock,
    carrier: carrier(),
    readCode,
  })(body);
  if (outcome.outcome === 'rejected') return refused(outcome.reason);
  const { now, uses } = outcome;
  return answered({ now, uses });
});
