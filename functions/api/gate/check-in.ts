import { randomUUID } from 'node:crypto';
import { checkIn } from '../../../shared/check-ins/check-in.ts';
import { readKnownCode, type ReadKnownCode } from '../../../shared/check-ins/known-keys.ts';
import { carrier } from '../../../shared/platform/carrier-of-deployment.ts';
import { bookingsTable, timetableTable } from '../../../shared/platform/clients.ts';
import { machineMilliseconds, systemClock } from '../../../shared/platform/clock.ts';
import { useIdSchema } from '../../../shared/platform/ids.ts';
import { journeyIn } from '../../../shared/timetable/rules.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { refusalAnswer } from '../../compose/check-in-refusal.ts';
import { gateRoutes } from '../../routes/gate.ts';

const clock = systemClock();
let readCode: ReadKnownCode | undefined;

export const handler = apiHandler(gateRoutes.checkIn, async ({ body, languages }) => {
  const bookings = bookingsTable();
  readCode ??= readKnownCode(bookings, carrier(), { milliseconds: machineMilliseconds });
  const outcome = await checkIn({
    bookings,
    timetable: timetableTable(),
    clock,
    carrier: carrier(),
    readCode,
  })({ ...body, useId: body.useId ?? useIdSchema.parse(randomUUID()) });
  if (outcome.outcome === 'rejected') return refused(outcome.reason, refusalAnswer(outcome));
  const { content, ticket } = outcome;
  const { initials, documentTail } = content;
  return answered({
    ticketId: ticket.ticketId,
    runId: ticket.runId,
    ...journeyIn(languages, ticket),
    class: ticket.class,
    coach: ticket.coach,
    seat: ticket.seat || null,
    passenger: {
      initials,
      ...(documentTail !== undefined && { documentTail }),
      ...(ticket.passenger.onLap && { onLap: ticket.passenger.onLap.length }),
    },
    checkIn: ticket.checkIn,
  });
});
